"""A feed of moments, one JSON line each, put on disk one by one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from facilitator.exchange.building import kept_original
from facilitator.exchange.columns import LANE_WORDS
from facilitator.exchange.imported import ImportProblem
from facilitator.exchange.stamps import StampReader
from facilitator.exchange.timesketch import parsed, stamp_of, text_of
from facilitator.model.change import Refused
from facilitator.model.clean import clean_line, clean_text
from facilitator.model.edits import moments, new_id
from facilitator.model.records import LANES, Moment
from facilitator.session import Session

SOURCE: Final = "feed"
_ID: Final = re.compile(r"[!-~\u00a1-\U0010ffff]{1,200}$")
_LONGEST_LINE: Final = 1_000_000


class Feed:
    """Takes lines in; each is on disk when `take` returns its id."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reader = StampReader(session.document.incident.zone)

    def take(self, number: int, line: bytes) -> str:
        """Add the moment in this line; its id, or "" for an empty line. Raises ImportProblem."""
        if not line.strip():
            return ""
        made = self._moment(number, line)
        known = self._session.document.find(Moment, made.id)
        if known is None:
            try:
                values = {"id": made.id, "provenance": "recorded", "source": SOURCE}
                values |= {"original": made.original, "precision": made.precision}
                edit = moments.add_moment(
                    self._session.document, made.text, made.at, made.lane, **values
                )
            except Refused as error:
                raise ImportProblem(str(error)) from error
            self._session.do(edit)
        elif _content(known) != _content(_as_stored(made)):
            raise ImportProblem(f"the id “{made.id}” is there with other content. Use a new id.")
        self._session.wait()
        return made.id

    def warnings(self) -> list[str]:
        """What had to be assumed about times."""
        return self._reader.warnings()

    def _moment(self, number: int, line: bytes) -> Moment:
        row, original = _row(line)
        words = text_of(row.get("message"))
        stamp = stamp_of(row)
        if not words.strip() or not stamp.strip():
            missing = "message" if not words.strip() else "datetime"
            raise ImportProblem(f"“{missing}” is missing. Each line needs datetime and message.")
        at, precision = self._reader.read(stamp, number)
        if at is None:
            raise ImportProblem(
                f"“{stamp[:40]}” is no time. Write datetime as 2026-06-18T18:14:00+12:00."
            )
        lane = row.get("lane") or "signal"
        if not isinstance(lane, str) or lane.lower() not in LANE_WORDS:
            raise ImportProblem(f"“{lane}” is no lane. Known are: {', '.join(LANES)}.")
        return Moment(
            _id_of(row),
            words,
            LANE_WORDS[lane.lower()],
            at,
            precision=precision,
            original=kept_original(original),
        )


def _row(line: bytes) -> tuple[dict[str, Any], str]:
    if len(line) > _LONGEST_LINE:
        raise ImportProblem(f"it is longer than {_LONGEST_LINE:,} bytes. Cut its message.")
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ImportProblem("it is not UTF-8. Send it as UTF-8.") from error
    row = parsed(text)
    if not isinstance(row, dict):
        raise ImportProblem("it is no JSON object. Send one object a line.")
    return row, text


def _id_of(row: dict[str, Any]) -> str:
    given = row.get("id")
    if given is None or given == "":
        return new_id()
    text = str(given) if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    if not _ID.match(text) or clean_line(text) != text:
        raise ImportProblem("“id” must be 1 to 200 characters that can be seen, without spaces.")
    return text


def _as_stored(moment: Moment) -> Moment:
    return replace(moment, text=clean_text(moment.text))


def _content(moment: Moment) -> tuple[object, ...]:
    return moment.text, moment.at, moment.lane, moment.precision
