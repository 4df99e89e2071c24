"""Writes the tree of marks into a PDF, so that every mark is found from its page and back.

A large report has ten thousand nodes, so they are spelled here rather than built as objects.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from facilitator.report.tags import Element

if TYPE_CHECKING:
    from pyhanko.pdf_utils.writer import PdfFileWriter

Ref = generic.IndirectObject
Dict = generic.DictionaryObject


class Spelled(generic.PdfObject):
    """An object as the very bytes that stand for it."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def write_to_stream(
        self, stream: io.BytesIO, _handler: object = None, _container: object = None
    ) -> None:
        """Put it there."""
        stream.write(self._text)


def write_tree(
    writer: PdfFileWriter, tree: Element, pages: list[Ref], widgets: Mapping[str, Ref]
) -> None:
    """Give the document this tree; `widgets` are the fields to sign in, by role."""
    root = Dict({pdf_name("/Type"): pdf_name("/StructTreeRoot")})
    root_ref = writer.add_object(root)
    nodes = list(_all(tree))
    numbers = {id(each): writer.allocate_placeholder().idnum for each in nodes}
    here = [page.idnum for page in pages]
    marks: list[dict[int, int]] = [{} for _ in pages]
    forms: list[tuple[Ref, int]] = []
    for each in nodes:
        number = numbers[id(each)]
        above = root_ref.idnum if each.parent is None else numbers[id(each.parent)]
        if each.role in widgets:
            # In an array, a later signature in this field would count as a change to the tree.
            widget = widgets[each.role]
            kids = f"/K<</Type/OBJR/Obj {widget.idnum} 0 R/Pg {here[each.page]} 0 R>>"
            forms.append((widget, number))
        else:
            kids = _kids(each, numbers, here, marks)
        text = f"<</S/{each.kind}/P {above} 0 R{kids}{_attributes(each)}".encode()
        writer.add_object(Spelled(b"%b%b>>" % (text, _alternative(each))), idnum=number)
    root[pdf_name("/K")] = Ref(numbers[id(tree)], 0, writer)
    root[pdf_name("/ParentTree")] = writer.add_object(_parents(writer, pages, marks, forms))
    root[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(len(pages) + len(forms))
    writer.root[pdf_name("/StructTreeRoot")] = root_ref
    writer.root[pdf_name("/MarkInfo")] = Dict(
        {pdf_name("/Marked"): generic.BooleanObject(value=True)}
    )


def _all(tree: Element) -> Iterator[Element]:
    """Every node, those above first; a tree may be deeper than Python calls."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [kid for kid in reversed(each.kids) if isinstance(kid, Element)]


def _kids(
    element: Element, numbers: Mapping[int, int], pages: list[int], marks: list[dict[int, int]]
) -> str:
    """What belongs to a node, marks on another page than its first with that page's name."""
    first: int | None = None
    said: list[str] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            said.append(f"{numbers[id(kid)]} 0 R")
            continue
        marks[kid.page][kid.number] = numbers[id(element)]
        first = kid.page if first is None else first
        if kid.page == first:
            said.append(str(kid.number))
        else:
            said.append(f"<</Type/MCR/Pg {pages[kid.page]} 0 R/MCID {kid.number}>>")
    page = "" if first is None else f"/Pg {pages[first]} 0 R"
    if len(said) == 1:
        return f"{page}/K {said[0]}"
    return f"{page}/K[{' '.join(said)}]" if said else page


def _attributes(element: Element) -> str:
    if element.box is not None:
        edges = " ".join(f"{edge:.2f}" for edge in element.box)
        return f"/A<</O/Layout/BBox[{edges}]/Placement/Block>>"
    scope = f"/Scope/{element.scope}" if element.scope else ""
    columns = f"/ColSpan {element.columns}" if element.columns > 1 else ""
    return f"/A<</O/Table{scope}{columns}>>" if scope or columns else ""


def _alternative(element: Element) -> bytes:
    if not element.alt:
        return b""
    out = io.BytesIO(b"/Alt ")
    out.seek(0, io.SEEK_END)
    pdf_string(element.alt).write_to_stream(out)
    return out.getvalue()


def _parents(
    writer: PdfFileWriter,
    pages: list[Ref],
    marks: list[dict[int, int]],
    forms: list[tuple[Ref, int]],
) -> Spelled:
    """The way back: from the key of a page or a field to the nodes of what it shows."""
    said: list[str] = []
    for key, (page_ref, here) in enumerate(zip(pages, marks, strict=True)):
        page = page_ref.get_object()
        page[pdf_name("/StructParents")] = generic.NumberObject(key)
        page[pdf_name("/Tabs")] = pdf_name("/S")
        nodes = " ".join(f"{here[n]} 0 R" for n in sorted(here))
        # On its own: who looks for a field need not read what is on every page.
        said.append(f"{key} {writer.add_object(Spelled(f'[{nodes}]'.encode())).idnum} 0 R")
    for key, (widget, number) in enumerate(forms, start=len(pages)):
        widget.get_object()[pdf_name("/StructParent")] = generic.NumberObject(key)
        said.append(f"{key} {number} 0 R")
    return Spelled(f"<</Nums[{' '.join(said)}]>>".encode())
