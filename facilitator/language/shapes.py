"""Whether a rule file has the shape of one, before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TEXTS = ("text", "macros", "verbs", "words", "counting")
_ROWS = ("rule", "silence", "mask", "mend", "veto", "suffix")
_LISTS = ("patterns", "rewrite", "hits", "misses", "families", "fields", "tags")
_OTHERS = ("person", "with_subject", "quotes", "shortest")


def shape_problem(table: Mapping[str, Any]) -> str:
    """What is wrong with the shape of a rule file, in a sentence; "" when nothing is."""
    texts = (_of_texts(name, table.get(name, {})) for name in _TEXTS)
    rows = (_of_rows(name, table.get(name, [])) for name in _ROWS)
    found = next((problem for problem in (*texts, *rows) if problem), "")
    return found or _families(table) or _forms(table) or _language(table)


def _of_texts(name: str, part: object) -> str:
    if not isinstance(part, dict):
        return f"[{name}] must be a table"
    wrong = [key for key, value in part.items() if not isinstance(value, str)]
    if wrong:
        return f"[{name}] {wrong[0]} must be text"
    missing = name == "counting" and part and not {"plural", "singular"} <= part.keys()
    return "[counting] needs plural and singular" if missing else ""


def _of_rows(name: str, rows: object) -> str:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return f"[[{name}]] must be a list of tables"
    for row in rows if name != "rule" else ():  # a broken rule is left out by itself
        wrong = row_problem(row)
        if wrong:
            return f"[[{name}]] {wrong}"
        if name == "suffix" and not {"ending", "tags"} <= row.keys():
            return "[[suffix]] needs ending and tags"
    return ""


def row_problem(row: Mapping[str, Any]) -> str:
    """What is wrong with the types in one rule, family or other row; "" when nothing is."""
    for key, value in row.items():
        if key in _LISTS:
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                return f"{key} must be a list of texts"
        elif key in _OTHERS:
            if not isinstance(value, int):
                return f"{key} must be true, false or a number"
        elif not isinstance(value, str):
            return f"{key} must be text"
    return ""


def _families(table: Mapping[str, Any]) -> str:
    families = table.get("family", {})
    if not isinstance(families, dict):
        return "[family] must hold tables"
    for name, row in families.items():
        wrong = row_problem(row) if isinstance(row, dict) else "must be a table"
        if wrong:
            return f"[family.{name}] {wrong}"
    return ""


def _forms(table: Mapping[str, Any]) -> str:
    forms = table.get("forms", {})
    if not isinstance(forms, dict):
        return "[forms] must be a table"
    try:
        for pairs in forms.get("endings", {}).values():
            for ending, _new in pairs:
                re.compile(ending)
        for row in forms.get("irregular", []):
            row.split()[0]
    except (re.error, AttributeError, TypeError, ValueError, IndexError) as error:
        return f"[forms] cannot be read: {error}"
    return ""


def _language(table: Mapping[str, Any]) -> str:
    if not isinstance(table.get("language", ""), str):
        return "language must be text"
    try:
        token = table.get("text", {}).get("token", "")
        for pattern in (token, *table.get("counting", {}).values()):
            re.compile(pattern)
    except re.error as error:
        return f"an expression cannot be read: {error}"
    return ""
