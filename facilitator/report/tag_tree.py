"""Writes the tree of marks into a PDF, so that every mark is found from its page and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

if TYPE_CHECKING:
    from pyhanko.pdf_utils.writer import PdfFileWriter

    from facilitator.report.tags import Element

Ref = generic.IndirectObject
Dict = generic.DictionaryObject


def write_tree(
    writer: PdfFileWriter, tree: Element, pages: list[Ref], widgets: Mapping[str, Ref]
) -> None:
    """Give the document this tree; `widgets` are the fields to sign in, by role."""
    root = Dict({pdf_name("/Type"): pdf_name("/StructTreeRoot")})
    root_ref = writer.add_object(root)
    refs = {id(each): writer.allocate_placeholder() for each in _all(tree)}
    marks: dict[int, dict[int, Ref]] = {}
    forms: list[tuple[Ref, Ref]] = []
    for each in _all(tree):
        above = refs[id(each.parent)] if each.parent is not None else root_ref
        made = _element(each, above, refs, pages, marks)
        if each.role in widgets:
            # In an array, a later signature in this field would count as a change to the tree.
            made[pdf_name("/K")] = _object_reference(widgets[each.role], pages[each.page])
            forms.append((widgets[each.role], refs[id(each)]))
        writer.add_object(made, idnum=refs[id(each)].idnum)
    root[pdf_name("/K")] = refs[id(tree)]
    root[pdf_name("/ParentTree")] = writer.add_object(_parents(pages, marks, forms))
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
        waiting += [kid for kid in reversed(each.kids) if _is_element(kid)]  # type: ignore[misc]


def _is_element(kid: object) -> bool:
    return hasattr(kid, "kids")


def _element(
    element: Element,
    above: Ref,
    refs: Mapping[int, Ref],
    pages: list[Ref],
    marks: dict[int, dict[int, Ref]],
) -> Dict:
    made = Dict({pdf_name("/S"): pdf_name(f"/{element.kind}"), pdf_name("/P"): above})
    first: int | None = None
    kids: list[Any] = []
    for kid in element.kids:
        if id(kid) in refs:
            kids.append(refs[id(kid)])
            continue
        page, number = kid.page, kid.number  # type: ignore[union-attr]
        marks.setdefault(page, {})[number] = refs[id(element)]
        first = page if first is None else first
        kids.append(generic.NumberObject(number) if page == first else _mark(number, pages[page]))
    if first is not None:
        made[pdf_name("/Pg")] = pages[first]
    if kids:
        made[pdf_name("/K")] = kids[0] if len(kids) == 1 else generic.ArrayObject(kids)
    if element.alt:
        made[pdf_name("/Alt")] = pdf_string(element.alt)
    attributes = _attributes(element)
    if attributes:
        made[pdf_name("/A")] = attributes
    return made


def _attributes(element: Element) -> Dict | None:
    if element.box is not None:
        box = generic.ArrayObject([generic.FloatObject(round(edge, 2)) for edge in element.box])
        return _owned("/Layout", {"/BBox": box, "/Placement": pdf_name("/Block")})
    said: dict[str, Any] = {}
    if element.scope:
        said["/Scope"] = pdf_name(f"/{element.scope}")
    if element.columns > 1:
        said["/ColSpan"] = generic.NumberObject(element.columns)
    return _owned("/Table", said) if said else None


def _owned(owner: str, said: Mapping[str, Any]) -> Dict:
    values = {pdf_name(key): value for key, value in said.items()}
    return Dict({pdf_name("/O"): pdf_name(owner), **values})


def _mark(number: int, page: Ref) -> Dict:
    return Dict(
        {
            pdf_name("/Type"): pdf_name("/MCR"),
            pdf_name("/Pg"): page,
            pdf_name("/MCID"): generic.NumberObject(number),
        }
    )


def _object_reference(widget: Ref, page: Ref) -> Dict:
    return Dict(
        {pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Obj"): widget, pdf_name("/Pg"): page}
    )


def _parents(
    pages: list[Ref], marks: Mapping[int, Mapping[int, Ref]], forms: list[tuple[Ref, Ref]]
) -> Dict:
    """The way back: from the key of a page or a field to the nodes of what it shows."""
    numbers = generic.ArrayObject()
    for key, page_ref in enumerate(pages):
        here = marks.get(key, {})
        page = page_ref.get_object()
        page[pdf_name("/StructParents")] = generic.NumberObject(key)
        page[pdf_name("/Tabs")] = pdf_name("/S")
        numbers += [generic.NumberObject(key), generic.ArrayObject(here[n] for n in sorted(here))]
    for key, (widget, element) in enumerate(forms, start=len(pages)):
        widget.get_object()[pdf_name("/StructParent")] = generic.NumberObject(key)
        numbers += [generic.NumberObject(key), element]
    return Dict({pdf_name("/Nums"): numbers})
