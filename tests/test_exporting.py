"""Every form is written from one table; what is not final, or not whole, says DRAFT."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from facilitator.exporting import FORMS, for_outside, form_of, source_of
from facilitator.model.change import Change, Edit
from facilitator.model.edits.report import freeze_report
from facilitator.session import Session
from facilitator.store.library import Library
from facilitator.ui.exports import wish_for
from tests.report.report_kit import rich

AT = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def session(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    made = Edit("New incident", tuple(Change(None, record) for record in rich().records()))
    session = Session(library, library.create(made))
    yield session
    session.close()
    library.close()


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_a_file_is_written_in_the_form_that_its_ending_names(form):
    assert {wish_for(Path(f"x{each}")).kind for each in form.suffixes} == {form.id}
    assert wish_for(Path(f"X{form.suffixes[0].upper()}")).kind == form.id


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_what_is_read_says_draft_until_it_is_frozen(session, kind):
    write = form_of(kind).text
    assert "DRAFT of 1 July 2026" in write(source_of(session, AT))
    session.record(freeze_report(session.document, AT, session.head, ("tech-lead",)))
    source = source_of(session, AT)
    assert "DRAFT" not in write(source)
    assert "DRAFT of 1 July 2026" in write(for_outside(source, {}))


def test_each_form_holds_the_incident_in_its_own_way(session):
    source = source_of(session, AT)
    signs = {
        "json": '"schema"',
        "markdown": "# First-time patients",
        "html": "<h1>First-time patients",
        "timesketch": '"timestamp_desc"',
        "ics": "BEGIN:VCALENDAR",
    }
    assert [form.id for form in FORMS if signs[form.id] not in form.text(source)] == []
