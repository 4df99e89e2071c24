"""Edits of the 5-Whys tree: ask, answer, move, mark, rest it on evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.clean import clean_text
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.records import CHAIN_LEVELS, Evidence, Moment, Why
from facilitator.model.tree_layout import reading_order, tree_of


def children(document: Document, parent: str) -> tuple[Why, ...]:
    """The answers under this one, in order; "" gives the effects that trees start from."""
    return tuple(
        sorted((w for w in document.all(Why) if w.parent == parent), key=lambda w: (w.rank, w.id))
    )


def branch(document: Document, why_id: str) -> tuple[Why, ...]:
    """From the effect down to this answer: the ladder that the room reads."""
    line = [document.get(Why, why_id)]
    while line[-1].parent:
        line.append(document.get(Why, line[-1].parent))
    return tuple(reversed(line))


def leaves(document: Document) -> tuple[Why, ...]:
    """The answers at which a branch ends, in the order of the tree from top to bottom."""
    tree = tree_of(document.all(Why))
    return tuple(
        document.get(Why, node) for node, _parent, _depth in reading_order(tree) if node not in tree
    )


def add_why(
    document: Document,
    text: str,
    parent: str = "",
    *,
    after: str = "",
    before: str = "",
    why_id: str = "",
) -> Edit:
    """An answer under `parent`, last or beside a sibling."""
    if parent:
        document.get(Why, parent)
    rank, made_room = _room(document, parent, after, before)
    why = Why(why_id or new_id(), _text(text), parent, rank)
    return Edit("Add why", (*made_room, Change(None, why)))


def change_why(document: Document, why_id: str, text: str) -> Edit:
    """Word an answer anew."""
    was = document.get(Why, why_id)
    now = replace(was, text=_text(text))
    return Edit("Edit why", () if was == now else (Change(was, now),))


def set_level(document: Document, why_id: str, level: str) -> Edit:
    """Say at which chain level an answer lies; empty takes it back."""
    if level and level not in CHAIN_LEVELS:
        raise Refused(f"“{level}” is no chain level.")
    was = document.get(Why, why_id)
    now = replace(was, level=level)
    return Edit("Set chain level", () if was == now else (Change(was, now),))


def mark_root_cause(document: Document, why_id: str, is_root: bool = True) -> Edit:
    """Mark an answer as the root cause, or take the mark back; several branches may have one."""
    was = document.get(Why, why_id)
    if is_root and not was.parent:
        raise Refused("The effect cannot be its own root cause. Ask why first.")
    now = replace(was, root_cause=is_root)
    label = "Mark root cause" if is_root else "Unmark root cause"
    return Edit(label, () if was == now else (Change(was, now),))


def move_why(
    document: Document, why_id: str, parent: str, *, after: str = "", before: str = ""
) -> Edit:
    """Move an answer with its branch under another one. Raises Refused into its own branch."""
    was = document.get(Why, why_id)
    if parent and any(w.id == why_id for w in branch(document, parent)):
        raise Refused("An answer cannot move into its own branch.")
    rank, made_room = _room(document, parent, after, before, moving=why_id)
    now = replace(was, parent=parent, rank=rank, root_cause=was.root_cause and bool(parent))
    return Edit("Move why", () if was == now else (*made_room, Change(was, now)))


def remove_branch(document: Document, why_id: str) -> Edit:
    """Remove an answer with all that hangs from it, and the evidence they rest on."""
    tree = tree_of(document.all(Why))
    ids = [node for node, _parent, _depth in reading_order({**tree, "": [why_id]})]
    below = set(ids)
    gone = [document.get(Why, node) for node in ids]
    resting = [Change(e, None) for e in document.all(Evidence) if e.why in below]
    return Edit("Delete branch", (*(Change(w, None) for w in gone), *resting))


def attach_evidence(document: Document, why_id: str, moment_ids: Iterable[str]) -> Edit:
    """Let an answer rest on moments of the timeline; what it rests on already stays once."""
    document.get(Why, why_id)
    known = {e.moment for e in document.all(Evidence) if e.why == why_id}
    fresh = [m for m in dict.fromkeys(moment_ids) if m not in known and document.get(Moment, m)]
    return Edit(
        "Attach evidence", tuple(Change(None, Evidence(new_id(), why_id, m)) for m in fresh)
    )


def detach_evidence(document: Document, why_id: str, moment_id: str) -> Edit:
    """Let an answer no longer rest on this moment."""
    gone = [e for e in document.all(Evidence) if e.why == why_id and e.moment == moment_id]
    return Edit("Detach evidence", tuple(Change(e, None) for e in gone))


def evidence_of(document: Document, why_id: str) -> tuple[Moment, ...]:
    """The moments that an answer rests on."""
    return tuple(
        moment
        for e in document.all(Evidence)
        if e.why == why_id and (moment := document.find(Moment, e.moment)) is not None
    )


def _text(text: str) -> str:
    cleaned = clean_text(text)
    if not cleaned:
        raise Refused("An answer needs words. Escape leaves the field without one.")
    return cleaned


def _room(
    document: Document, parent: str, after: str, before: str, moving: str = ""
) -> tuple[float, tuple[Change, ...]]:
    """A rank for the new place; where no room is left between two, siblings are ranked anew."""
    siblings = [w for w in children(document, parent) if w.id != moving]
    index = len(siblings)
    for i, sibling in enumerate(siblings):
        if sibling.id == before:
            index = i
        elif sibling.id == after:
            index = i + 1
    low = siblings[index - 1].rank if index else None
    high = siblings[index].rank if index < len(siblings) else None
    if low is None:
        return (1.0 if high is None else high - 1), ()
    if high is None:
        return low + 1, ()
    middle = (low + high) / 2
    if low < middle < high:
        return middle, ()
    spread = [replace(w, rank=float(i if i < index else i + 1)) for i, w in enumerate(siblings)]
    changes = (Change(w, s) for w, s in zip(siblings, spread, strict=True) if w != s)
    return float(index), tuple(changes)
