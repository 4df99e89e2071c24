"""What a report is made of, whatever it is written to: plain text in blocks, nothing of a format.

Every text here is plain: a writer (PDF, Markdown) escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from facilitator.model.records import Series
from facilitator.model.timeline_layout import Chart


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a section, 2 a part of one."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. Tones: body, lead (larger), second (quieter), small, quote, warning."""

    text: str
    tone: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with their values, one to a line."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: its value, what it counts, and where it comes from."""

    value: str
    label: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class StripMark:
    """A point of the impact strip; `tone` is the colour's name in the theme."""

    at: datetime
    label: str
    time: str
    tone: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The outage on one line with its key moments; `ends` is None while it goes on."""

    marks: tuple[StripMark, ...]
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Callout:
    """A box that stands out. Tones: fix, plain, warning."""

    title: str
    lines: tuple[str, ...] = ()
    note: str = ""
    tone: str = "fix"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell of a table says. Tones: body, strong, second, mono; `mark` stands before it."""

    text: str
    tone: str = "body"
    mark: str = ""
    mark_tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; a band is one text across all columns."""

    cells: tuple[Cell, ...]
    is_band: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on each page; `shares` are the widths of its columns."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    shares: tuple[float, ...]
    right: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class LaneChart:
    """The timeline by lanes; `numbers` gives each moment (by id) its number in the table."""

    chart: Chart
    numbers: dict[str, int]
    caption: str


@dataclass(frozen=True, slots=True)
class MetricNote:
    """What is written at a time (seconds since the epoch) of a metric.

    `point` is the time and value that were measured nearest to it, None when nothing was.
    """

    at: float
    words: str
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class MetricChart:
    """One metric over the time of the outage, with notes in order of time."""

    series: Series
    chart: Chart
    notes: tuple[MetricNote, ...]
    caption: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the 5 Whys; numbers run down the page, `parent` is 0 for an effect."""

    number: int
    parent: int
    depth: int
    text: str
    level: str = ""
    root_cause: bool = False
    evidence: tuple[str, ...] = ()
    siblings_follow: bool = False
    fixed: bool = False
    """Whether the structural fix is the answer to it."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The 5 Whys in reading order, parents before their answers."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class SignField:
    """Where one person signs: role for the machine, title and name for people."""

    role: str
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class SignFields:
    """The people who sign; `are_fields` says whether there is a place to sign in (a final)."""

    fields: tuple[SignField, ...]
    are_fields: bool


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles that sign, without names: the foot of page one."""

    titles: tuple[str, ...]
    note: str


Block = (
    Heading
    | Text
    | Bullets
    | Pairs
    | Tiles
    | Strip
    | Callout
    | Table
    | LaneChart
    | MetricChart
    | Tree
    | SignFields
    | Roles
)


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report with a heading of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """Page one, for people who read nothing else."""

    meta: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    foot: Roles


@dataclass(frozen=True, slots=True)
class Edition:
    """Which report this is: everything printed that the document itself does not say."""

    number: str
    revision: int
    sha256: str
    head: tuple[int, str]
    at: datetime
    is_final: bool
    roles: tuple[str, ...] = ()
    zone: str = "UTC"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report: page one, sections, appendices."""

    edition: Edition
    title: str
    language: str
    front: Front
    sections: tuple[Section, ...]
