"""The fields that a final report leaves for its signers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from facilitator.report.assembly import Assembly, references, text

# ISO 32000-1, tables 165 and 219: printed and fixed in place; it has signatures, only append.
_ANNOTATION: Final = 0b1000_0100
_FORM: Final = 0b11
Place = tuple[int, int, int, int, int]


def add_empty_fields(into: Assembly, fields: Iterable[tuple[str, str, Place]]) -> list[int]:
    """Leave these fields: name, words for who listens, and (page, left, bottom, right, top).

    The numbers of the fields, after which comes that of their form.
    """
    shown: dict[int, list[int]] = {}
    made = []
    for name, words, (page, left, bottom, right, top) in fields:
        box = f"/BBox[0 0 {right - left} {top - bottom}]"
        nothing = into.add_stream(f"/Type/XObject/Subtype/Form{box}/Resources<<>>", b"")
        made.append(
            into.add(
                f"<</Type/Annot/Subtype/Widget/FT/Sig/T{text(name)}/TU{text(words)}/F {_ANNOTATION}"
                f"/Rect[{left} {bottom} {right} {top}]/P {into.pages[page]} 0 R"
                f"/AP<</N {nothing} 0 R>>>>"
            )
        )
        shown.setdefault(page, []).append(made[-1])
    for page, numbers in shown.items():
        into.extend(into.pages[page], f"/Annots{references(numbers)}")
    form = into.add(f"<</Fields{references(made)}/SigFlags {_FORM}>>")
    into.extend(into.root, f"/AcroForm {form} 0 R")
    return [*made, form]
