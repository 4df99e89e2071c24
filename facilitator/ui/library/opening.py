"""A file as a new incident: a bundle or an export as it was, or moments on a fresh agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from facilitator.exchange.imported import ImportProblem, import_edit
from facilitator.exchange.json_document import SCHEMA, checked, creating, import_json, is_altered
from facilitator.exchange.reading import read_source
from facilitator.exchange.registry import read_file
from facilitator.model.change import Edit, Refused, join
from facilitator.model.document import Document
from facilitator.store import bundle
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem
from facilitator.ui.library.new_incident import system_zone

_HEAD = 2_000


@dataclass(frozen=True, slots=True)
class Begun:
    """The edit that a new incident begins with, and a sentence about what was found."""

    edit: Edit
    sentence: str


def begin_from_file(
    path: Path, zone: str, begin: Callable[..., Edit], taken: Iterable[str]
) -> Begun:
    """What a file makes of a new incident. Raises ImportProblem or Refused, with nothing made.

    `zone` is for times without one, `begin` makes an incident of a title, `taken` are the ids
    that the library has.
    """
    source = read_source(path)
    if SCHEMA in source.text[:_HEAD]:
        document = import_json(source)
        altered = " It was changed after it was exported." if is_altered(source, document) else ""
        return Begun(creating(document, taken), f"{path.name} is open.{altered}")
    found = read_file(path, zone)
    base = begin(title=path.stem, zone=zone)
    added = import_edit(Document().with_changes(base.changes), [found])
    more = f" {found.warnings[0]}" if found.warnings else ""
    sentence = f"{path.name}: {len(found.moments)} moments, {len(found.series)} curves.{more}"
    return Begun(join(base.label, (base, added)), sentence)


def is_sealed(path: Path) -> bool:
    """Whether this is a bundle that opens with a passphrase only. Raises LibraryProblem."""
    return bundle.is_bundle_name(path) and bundle.is_sealed(path)


def open_file(
    library: Library, path: Path, begin: Callable[..., Edit], unsealed: Document | None = None
) -> tuple[str, str]:
    """The id of the incident made of a file, and a sentence; without an id it could not be.

    `unsealed` is what a sealed bundle holds. Raises NotSaved, or LibraryProblem.
    """
    taken = [summary.id for summary in library.incidents()]
    try:
        if bundle.is_bundle_name(path):
            found = unsealed or bundle.read_bundle(path)
            begun = begin_from_bundle(found, path.name, taken)
        else:
            begun = begin_from_file(path, system_zone(), begin, taken)
    except (ImportProblem, LibraryProblem, Refused) as problem:
        return "", str(problem)
    return library.create(begun.edit), begun.sentence


def begin_from_bundle(document: Document, name: str, taken: Iterable[str]) -> Begun:
    """What a bundle makes of a new incident: itself. Raises ImportProblem on odd values."""
    return Begun(creating(checked(document, name), taken), f"{name} is open.")
