"""Makes the stored sample of this version's library: python -m tests.store.make_sample

Once per released version, before its first release; never again afterwards. The sample has a
record of every kind, with every field filled, and a history with undo, redo and a draft.
"""

import dataclasses
import typing
from datetime import UTC, date, datetime
from pathlib import Path

from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant
from facilitator.model.codec import document_digest
from facilitator.model.records import KINDS, NOT_UNDOABLE, Incident
from facilitator.session import Session
from facilitator.store import schema
from facilitator.store.library import Library

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 6, 18, 6, 14, tzinfo=UTC)
VALUES = {
    int: 7,
    float: 1.5,
    bool: True,
    datetime: AT,
    date: date(2026, 6, 26),
}


def filled_record(kind, ident):
    """A record in which every field has a value."""
    hints = typing.get_type_hints(kind)
    values = {f.name: _value(hints[f.name], f.name) for f in dataclasses.fields(kind)}
    return kind(**(values | {"id": ident}))


def make(path):
    """A library at this path; the digest of its document."""
    library = Library(path, now=lambda: Instant(AT, 10.0, "boot"), spool=path.parent / "spool")
    incident = library.create(
        Edit("New incident", (Change(None, filled_record(Incident, "sample")),))
    )
    session = Session(library, incident)
    for name, kind in KINDS.items():
        if kind is Incident:
            continue
        edit = Edit(f"Add {name}", (Change(None, filled_record(kind, f"{name}-1")),))
        (session.record if kind in NOT_UNDOABLE else session.do)(edit)
        if name == "why":
            session.undo()
            session.redo()
    session.keep_draft("summary", "What we kn")
    digest = document_digest(session.document)
    session.close()
    library.close()
    return digest


def _value(hint, name):
    arguments = [a for a in typing.get_args(hint) if a is not type(None)]
    origin = typing.get_origin(hint)
    if origin is tuple:
        inner = [a for a in arguments if a is not Ellipsis]
        return tuple(_value(a, name) for a in inner)
    kind = arguments[0] if arguments else hint
    return VALUES.get(kind, f"{name}: Ōtautahi <b>&")


if __name__ == "__main__":
    SAMPLES.mkdir(exist_ok=True)
    target = SAMPLES / f"library-{schema.VERSION}.sqlite"
    target.unlink(missing_ok=True)
    target.with_suffix(".digest").write_text(make(target) + "\n")
    for backup in (SAMPLES / "backups").glob("*"):
        backup.unlink()
    (SAMPLES / "backups").rmdir()
