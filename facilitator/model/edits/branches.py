"""Whole branches of the 5-Whys tree as one edit: as indented text, doubled, moved a step."""

from __future__ import annotations

from dataclasses import replace

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import clean_text
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.edits.whys import add_why, move_why
from facilitator.model.records import Why
from facilitator.model.tree_layout import reading_order, tree_of

_INDENT = "    "
_MOST = 2_000


def branch_text(document: Document, why_id: str) -> str:
    """A branch as text: one line for each answer, four spaces deeper for each why."""
    tree = tree_of(document.all(Why))
    lines = []
    for node, _parent, depth in reading_order({**tree, "": [why_id]}):
        # A line break inside an answer would read as an answer of its own.
        text = " ".join(document.get(Why, node).text.split())
        lines.append(f"{_INDENT * depth}{text}")
    return "\n".join(lines) + "\n"


def paste_branch(document: Document, parent: str, text: str) -> Edit:
    """Add indented text under an answer, or as effects under "", in one edit.

    Raises Refused when the text has no words, or more than 2,000 lines.
    """
    lines = [line for line in clean_text(text.expandtabs(4)).split("\n") if line.strip()]
    lines = _with_first_indent(text, lines)
    if not lines:
        raise Refused("There is no text to paste.")
    if len(lines) > _MOST:
        raise Refused(f"That is {len(lines):,} lines; paste at most {_MOST:,} at a time.")
    last = add_why(document, lines[0].strip(), parent).changes
    made_room, rank = last[:-1], _rank_of(last[-1])
    changes: list[Change] = list(made_room)
    open_branch: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        while open_branch and open_branch[-1][0] >= indent:
            open_branch.pop()
        above = open_branch[-1][1] if open_branch else parent
        why = Why(new_id(), clean_text(_without_bullet(line.strip())), above, rank + number)
        changes.append(Change(None, why))
        open_branch.append((indent, why.id))
    return Edit("Paste answers", tuple(changes))


def duplicate_branch(document: Document, why_id: str) -> Edit:
    """The branch once more, right below itself; evidence and the root cause mark stay behind."""
    original = document.get(Why, why_id)
    first = add_why(document, original.text, original.parent, after=why_id)
    copies = {why_id: first.changes[-1].record.id}
    head = replace(document.get(Why, why_id), id=copies[why_id], root_cause=False)
    changes = [*first.changes[:-1], Change(None, replace(head, rank=_rank_of(first.changes[-1])))]
    tree = tree_of(document.all(Why))
    for node, parent, depth in reading_order({**tree, "": [why_id]}):
        if depth:
            copies[node] = new_id()
            was = document.get(Why, node)
            now = replace(was, id=copies[node], parent=copies[parent], root_cause=False)
            changes.append(Change(None, now))
    return Edit("Duplicate branch", tuple(changes))


def raise_or_lower(document: Document, why_id: str, step: int) -> Edit:
    """Move an answer one place up (-1) or down (1) among its siblings; nothing at the end."""
    siblings = _siblings(document, why_id)
    index = siblings.index(why_id) + step
    if not 0 <= index < len(siblings):
        return Edit("Move why", ())
    parent = document.get(Why, why_id).parent
    beside = siblings[index]
    if step < 0:
        return move_why(document, why_id, parent, before=beside)
    return move_why(document, why_id, parent, after=beside)


def indent_or_outdent(document: Document, why_id: str, step: int) -> Edit:
    """Make an answer a why of the one above it (1), or a sibling of the one it hangs from (-1)."""
    why = document.get(Why, why_id)
    above = document.find(Why, why.parent)
    if step < 0 and (above is None or not above.parent):
        return Edit("Move why", ())  # the effect stays the only one
    if step < 0 and above is not None:
        return move_why(document, why_id, above.parent, after=above.id)
    siblings = _siblings(document, why_id)
    index = siblings.index(why_id)
    return move_why(document, why_id, siblings[index - 1]) if index else Edit("Move why", ())


def _siblings(document: Document, why_id: str) -> list[str]:
    tree = tree_of(document.all(Why))
    return next(answers for answers in tree.values() if why_id in answers)


def _rank_of(change: Change) -> float:
    return change.record.rank if isinstance(change.record, Why) else 0.0


def _with_first_indent(text: str, lines: list[str]) -> list[str]:
    """Cleaning takes the outer white space; the first line's indent says how deep the rest is."""
    raw = next((line for line in text.expandtabs(4).splitlines() if line.strip()), "")
    indent = len(raw) - len(raw.lstrip())
    return [" " * indent + lines[0], *lines[1:]] if lines else lines


def _without_bullet(line: str) -> str:
    """List marks of other programs are no part of the words."""
    for mark in ("- ", "* ", "• ", "– "):
        if line.startswith(mark) and len(line) > len(mark):
            return line[len(mark) :].strip()
    return line
