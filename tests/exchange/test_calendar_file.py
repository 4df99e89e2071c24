"""The meeting and the due dates, for any calendar."""

from datetime import UTC, datetime

from facilitator.demo.incident import demo_edit
from facilitator.exchange.calendar_file import calendar_text
from facilitator.model.document import Document

AT = datetime(2026, 6, 18, 21, tzinfo=UTC)


def calendar():
    return calendar_text(Document().with_changes(demo_edit(AT, "demo").changes), AT)


def test_the_meeting_stands_at_its_time_and_length():
    assert "DTSTART:20260618T210000Z\r\nDTEND:20260618T220000Z\r\n" in calendar()


def test_what_is_due_stands_as_a_whole_day_with_its_owner():
    unfolded = calendar().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20260626\r\nDTEND;VALUE=DATE:20260627" in unfolded
    assert "moves to In Progress (Product owner)" in unfolded
    assert "“Edge cases” section\\, filled in" in unfolded


def test_no_line_is_longer_than_the_format_allows():
    lines = calendar().encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
