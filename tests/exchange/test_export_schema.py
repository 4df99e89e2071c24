"""The published schema is that of the records, takes what is exported and nothing else."""

import json
import re
from pathlib import Path

import pytest

from facilitator.exchange.export_schema import export_schema
from facilitator.exchange.json_document import export_json
from facilitator.model.document import Document
from facilitator.model.records import KINDS, ClockMark, Revision, Series, Signature
from tests.report.report_kit import AT, empty, hostile, rich

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "export-schema.json"
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def problems(value, schema, root, where="$"):
    """What does not hold: the part of JSON Schema that the export's schema uses."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return [] if any(not problems(value, s, root) for s in schema["anyOf"]) else [where]
    if "const" in schema or "enum" in schema:
        return [] if value in schema.get("enum", [schema.get("const")]) else [where]
    kind = TYPES[schema["type"]]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [where]
    found = {dict: _of_object, list: _of_list, str: _of_text}.get(type(value))
    return found(value, schema, root, where) if found else []


def _of_object(value, schema, root, where):
    known = schema["properties"]
    found = [f"{where}.{name}" for name in value if name not in known]
    found += [f"{where}.{name}" for name in schema["required"] if name not in value]
    for name in value.keys() & known.keys():
        found += problems(value[name], known[name], root, f"{where}.{name}")
    return found


def _of_list(value, schema, root, where):
    fits = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
    parts = schema.get("prefixItems") or [schema["items"]] * len(value)
    found = [] if fits else [where]
    for n, (each, part) in enumerate(zip(value, parts, strict=False)):
        found += problems(each, part, root, f"{where}[{n}]")
    return found


def _of_text(value, schema, _root, where):
    fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    return [] if fits and re.search(schema.get("pattern", ""), value) else [where]


def everything():
    """A document with a record of each kind."""
    return Document(
        [
            *(r for r in rich().records()),
            Series("s", "Errors", "%", ((0.0, 1.5), (60.0, 2.0))),
            ClockMark("c", "start", AT, 1.0, "boot"),
            Revision("r", 1, AT, "00" * 32, "3:ab", ("facilitator",)),
            Signature("g", "r", "facilitator", "Marama", "ab", AT),
        ]
    )


def test_the_published_schema_is_that_of_the_records():
    # Mended with: python -m facilitator.exchange.export_schema > docs/export-schema.json
    assert PUBLISHED.read_text(encoding="utf-8") == export_schema()


@pytest.mark.parametrize(
    "document", [everything(), empty(), hostile(500)], ids=["all", "one", "bad"]
)
def test_what_is_exported_fits_the_schema(document):
    root = json.loads(export_schema())
    assert problems(json.loads(export_json(document)), root, root) == []


def test_every_kind_of_record_is_described():
    root = json.loads(export_schema())
    assert list(root["$defs"]) == list(KINDS)
    assert [name for name, kind in root["$defs"].items() if not kind["description"]] == []


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("schema",), "facilitator/export/2", "$.schema"),
        (("digest",), "abc", "$.digest"),
        (("records", "incident", 0, "severity"), "P9", "$.records.incident[0].severity"),
        (("records", "incident", 0, "users_total"), "many", "$.records.incident[0].users_total"),
        (("records", "incident", 0, "mood"), "", "$.records.incident[0].mood"),
        (("records", "incident", 0, "id"), "", "$.records.incident[0].id"),
        (("records", "joke"), [], "$.records.joke"),
        (("records", "incident"), [], "$.records.incident"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(place, value, told):
    root = json.loads(export_schema())
    export = inside = json.loads(export_json(rich()))
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    assert problems(export, root, root) == [told]
