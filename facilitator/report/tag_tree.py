"""Writes the tree of marks into a PDF, so that every mark is found from its page and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from facilitator.report.assembly import references, text
from facilitator.report.tags import Element

if TYPE_CHECKING:
    from facilitator.report.assembly import Assembly


def write_tree(file: Assembly, tree: Element, widgets: Mapping[str, int]) -> None:
    """Give the document this tree; `widgets` are the fields to sign in, by role."""
    root = file.reserve()
    nodes = list(_all(tree))
    numbers = {id(each): file.reserve() for each in nodes}
    marks: list[dict[int, int]] = [{} for _ in file.pages]
    forms: list[tuple[int, int]] = []
    for each in nodes:
        number = numbers[id(each)]
        above = root if each.parent is None else numbers[id(each.parent)]
        if each.role in widgets:
            # In an array, a later signature in this field would count as a change to the tree.
            widget, page = widgets[each.role], file.pages[each.page]
            kids = f"/K<</Type/OBJR/Obj {widget} 0 R/Pg {page} 0 R>>"
            forms.append((widget, number))
        else:
            kids = _kids(each, numbers, file.pages, marks)
        said = f"/S/{each.kind}/P {above} 0 R{kids}{_words(each)}{_attributes(each)}"
        file.add(f"<<{said}>>", number)
    parents = file.add(_parents(file, marks, forms))
    following = len(file.pages) + len(forms)
    file.add(
        f"<</Type/StructTreeRoot/K {numbers[id(tree)]} 0 R/ParentTree {parents} 0 R"
        f"/ParentTreeNextKey {following}>>",
        root,
    )
    file.extend(file.root, f"/StructTreeRoot {root} 0 R/MarkInfo<</Marked true>>")


def _all(tree: Element) -> Iterator[Element]:
    """Every node, those above first; a tree may be deeper than Python calls."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [kid for kid in reversed(each.kids) if isinstance(kid, Element)]


def _kids(
    element: Element, numbers: Mapping[int, int], pages: Sequence[int], marks: list[dict[int, int]]
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


def _words(element: Element) -> str:
    alternative = f"/Alt{text(element.alt)}" if element.alt else ""
    instead = f"/ActualText{text(element.text)}" if element.text else ""
    return alternative + instead + (f"/Lang({element.language})" if element.language else "")


def _attributes(element: Element) -> str:
    if element.box is not None:
        edges = " ".join(f"{edge:.2f}" for edge in element.box)
        return f"/A<</O/Layout/BBox[{edges}]/Placement/Block>>"
    scope = f"/Scope/{element.scope}" if element.scope else ""
    columns = f"/ColSpan {element.columns}" if element.columns > 1 else ""
    return f"/A<</O/Table{scope}{columns}>>" if scope or columns else ""


def _parents(file: Assembly, marks: list[dict[int, int]], forms: list[tuple[int, int]]) -> str:
    """The way back: from the key of a page or a field to the nodes of what it shows."""
    said: list[str] = []
    for key, (page, here) in enumerate(zip(file.pages, marks, strict=True)):
        file.extend(page, f"/StructParents {key}/Tabs/S")
        # On its own: who looks for a field need not read what is on every page.
        said.append(f"{key} {file.add(references(here[n] for n in sorted(here)))} 0 R")
    for key, (widget, number) in enumerate(forms, start=len(file.pages)):
        file.extend(widget, f"/StructParent {key}")
        said.append(f"{key} {number} 0 R")
    return f"<</Nums[{' '.join(said)}]>>"
