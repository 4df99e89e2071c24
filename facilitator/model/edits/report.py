"""What is recorded about the report: frozen, opened again, signed. Undo leaves all of it alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from facilitator.model.change import Change, Edit, Refused
from facilitator.model.document import Document
from facilitator.model.edits import new_id
from facilitator.model.freeze import (
    content_digest,
    frozen_revision,
    newest_revision,
    signatures_of,
)
from facilitator.model.records import Revision, Signature


def freeze_report(
    document: Document, at: datetime, head: tuple[int, str], roles: Sequence[str]
) -> Edit:
    """Freeze the content as the next revision; `head` is the journal's, as number and hash.

    `roles` have to sign. Raises Refused when it is frozen already. Who has to sign and whether
    the gates are passed is for `checks` to say, before this is asked for.
    """
    newest = newest_revision(document)
    if newest is not None and newest.digest:
        raise Refused(
            f"Revision {newest.number} is final already. Open a new revision to change it."
        )
    frozen = Revision(
        newest.id if newest else new_id(),
        newest.number if newest else 1,
        at,
        content_digest(document),
        f"{head[0]}:{head[1]}",
        tuple(roles),
    )
    return Edit("Make report final", (Change(newest, frozen),))


def open_revision(document: Document, at: datetime) -> Edit:
    """Let the incident be edited again, towards the next revision; what was signed stays signed.

    Raises Refused when nothing is frozen.
    """
    frozen = frozen_revision(document)
    if frozen is None:
        raise Refused("Nothing is final: the incident can be edited as it is.")
    opened = Revision(new_id(), frozen.number + 1, at, digest="", head="")
    return Edit("Open new revision", (Change(None, opened),))


def record_signature(
    document: Document, role: str, name: str, fingerprint: str, at: datetime
) -> Edit:
    """Remember who signed what is frozen; `fingerprint` is of the certificate, hex.

    Raises Refused when nothing is frozen, or this role is not asked for or has signed.
    """
    frozen = frozen_revision(document)
    if frozen is None:
        raise Refused("Make the report final first; a draft is not signed.")
    if role not in frozen.roles:
        raise Refused(f"This report does not ask for a signature as {role}.")
    if role in signatures_of(document, frozen):
        raise Refused(f"Somebody has signed as {role} already.")
    signature = Signature(new_id(), frozen.id, role, name, fingerprint, at)
    return Edit("Sign report", (Change(None, signature),))
