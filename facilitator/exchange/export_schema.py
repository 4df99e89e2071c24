"""The JSON Schema of facilitator/export/1, made from the records themselves.

`python -m facilitator.exchange.export_schema` prints what docs/export-schema.json holds.
"""

from __future__ import annotations

import json
import sys
import types
import typing
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any, Final

from facilitator.exchange.json_document import CHOICES, SCHEMA
from facilitator.model.clean import LONGEST_TEXT
from facilitator.model.records import KINDS, Record

Schema = dict[str, Any]
_LARGEST: Final = 2**53
_SCALARS: Final[dict[Any, Schema]] = {
    str: {"type": "string", "maxLength": LONGEST_TEXT},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def export_schema() -> str:
    """The schema as JSON text (draft 2020-12), the same on every machine."""
    kinds = {name: _list_of(name) for name in KINDS}
    value = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "One incident of Facilitator, whole: what “export --format json” writes.",
        "type": "object",
        "properties": {
            "schema": {"const": SCHEMA},
            "digest": {
                "type": "string",
                "pattern": "^[0-9a-f]{64}$",
                "description": "SHA-256 of the canonical JSON of the records.",
            },
            "records": {
                "type": "object",
                "properties": kinds,
                "required": ["incident"],
                "additionalProperties": False,
            },
        },
        "required": ["schema", "records"],
        "additionalProperties": False,
        "$defs": {name: _record(name, kind) for name, kind in KINDS.items()},
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _list_of(name: str) -> Schema:
    many: Schema = {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}
    return many | {"minItems": 1, "maxItems": 1} if name == "incident" else many


def _record(name: str, kind: type[Record]) -> Schema:
    told = typing.get_type_hints(kind)
    return {
        "type": "object",
        "description": (kind.__doc__ or "").split("\n\n", maxsplit=1)[0].strip(),
        "properties": {f.name: _field(name, f.name, told[f.name]) for f in fields(kind)},
        "required": [f.name for f in fields(kind) if f.default is MISSING],
        "additionalProperties": False,
    }


def _field(name: str, field: str, told: Any) -> Schema:  # noqa: ANN401  (any type)
    choices = CHOICES.get((name, field))
    if choices is not None:
        return {"enum": list(choices)}
    schema = _of_type(told)
    return schema | {"minLength": 1} if field == "id" else schema


def _of_type(told: Any) -> Schema:  # noqa: ANN401  (any type)
    origin, parts = typing.get_origin(told), typing.get_args(told)
    if origin is types.UnionType:
        return {"anyOf": [_of_type(part) for part in parts if part is not types.NoneType]
                + [{"type": "null"}]}  # fmt: skip
    if origin is not tuple:
        return dict(_SCALARS[told])
    if parts[1] is Ellipsis:
        return {"type": "array", "items": _of_type(parts[0])}
    return {
        "type": "array",
        "prefixItems": [_of_type(part) for part in parts],
        "minItems": len(parts),
        "maxItems": len(parts),
    }


if __name__ == "__main__":
    sys.stdout.write(export_schema())
