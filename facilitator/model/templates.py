"""Agenda templates: TOML in, topics out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facilitator.model.change import Refused
from facilitator.model.clean import clean_line
from facilitator.model.records import PHASES, Topic

DEFAULT_TEMPLATE: Final = "structural-fix"


@dataclass(frozen=True, slots=True)
class Template:
    """An agenda to begin with; `sections` names the part of the report that a phase fills."""

    id: str
    title: str
    topics: tuple[Topic, ...]
    sections: Mapping[str, str]

    @property
    def minutes(self) -> int:
        """How long the meeting is planned to last."""
        return sum(topic.minutes for topic in self.topics)


def template_file(folder: Path, template_id: str = DEFAULT_TEMPLATE) -> Path:
    """Where a template lies below the folder of all resources."""
    return folder / "templates" / f"{template_id}.toml"


def read_template(path: Path) -> Template:
    """The template in this file. Raises Refused with a sentence when it is none."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"The agenda {path.name} cannot be read: {error}.") from error
    try:
        rows = table["topic"]
        topics = tuple(_topic(row, n) for n, row in enumerate(rows, 1))
        sections = {row["phase"]: str(row.get("section", "")) for row in rows}
        return Template(str(table["id"]), clean_line(str(table["title"])), topics, sections)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"The agenda {path.name} is not complete: {error} is missing.") from error


def _topic(row: Mapping[str, Any], n: int) -> Topic:
    topic = Topic(
        id=row["phase"],
        phase=row["phase"],
        title=clean_line(row["title"]),
        question=clean_line(row["question"]),
        minutes=int(row["minutes"]),
        floor=int(row.get("floor", 0)),
        rank=float(n),
    )
    if topic.phase not in PHASES:
        raise Refused(f"“{topic.phase}” is no phase. Known are: {', '.join(PHASES)}.")
    if not 0 <= topic.floor <= topic.minutes or topic.minutes < 1:
        raise Refused(f"“{topic.title}” needs at least a minute, and no less than its floor.")
    return topic
