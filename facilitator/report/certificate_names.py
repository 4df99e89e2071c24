"""Names in certificates, of people of any script, compared without refusing any of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from asn1crypto.x509 import NameTypeAndValue

_prepared: Callable[[Any, str], str] = NameTypeAndValue._ldap_string_prep  # noqa: SLF001 (it has no other way in)


def put_right() -> None:
    """Let asn1crypto compare names that it refuses: it knows Unicode 3.2, and no mixed directions.

    RFC 4518 wants such a name to match nothing. It still matches itself here, letter by letter,
    for what counts is whose key it is; a name proves nothing.
    """
    setattr(NameTypeAndValue, "_ldap_string_prep", _forgiving)  # noqa: B010


def is_of_two_directions(text: str) -> bool:
    """Whether a text mixes letters written to the left with others, which RFC 4518 forbids."""
    kinds = {unicodedata.bidirectional(char) for char in text}
    return bool(kinds & {"R", "AL"}) and "L" in kinds


def _forgiving(value: Any, text: str) -> str:  # noqa: ANN401 (a class without types)
    try:
        return _prepared(value, text)
    except ValueError:
        return text
