"""What a user can do: pure functions from a document to an edit, one module per board."""

from __future__ import annotations

from uuid import uuid4


def new_id() -> str:
    """A fresh id for a record."""
    return uuid4().hex
