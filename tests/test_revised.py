"""A second revision names the first and what changed since, and quotes nothing of either."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from facilitator.model.change import Change, Edit
from facilitator.model.edits.report import freeze_report, open_revision
from facilitator.model.forgetting import words_of
from facilitator.model.freeze import content_digest
from facilitator.model.records import Fix, FollowUp, Incident, Moment, Waiver
from facilitator.model.revising import what_changed
from facilitator.report.html import render_html
from facilitator.report.markdown import render_markdown
from facilitator.session import Session
from facilitator.store.library import Library
from tests.report.report_kit import rich

AT = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def change(kind, **values):
    """An edit that changes the first record of a kind."""

    def make(document):
        record = document.all(kind)[0]
        return Edit("Change", (Change(record, replace(record, **values)),))

    return make


@pytest.fixture
def session(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    made = Edit("New incident", tuple(Change(None, record) for record in rich().records()))
    session = Session(library, library.create(made))
    yield session
    session.close()
    library.close()


def freeze(session, at=AT):
    session.record(freeze_report(session.document, at, session.head, ("tech-lead",)))


@pytest.fixture
def second(session):
    """Frozen, signed by nobody, opened again."""
    freeze(session)
    session.record(open_revision(session.document, AT + timedelta(hours=1)))
    return session


def test_the_first_revision_replaces_nothing(session):
    assert session.revised() == ()
    freeze(session)
    assert session.revised() == ()


def test_what_changed_is_told_by_part_and_field(second):
    second.do(change(Fix, due=date(2026, 7, 9), owner="Secret words")(second.document))
    second.do(change(Incident, summary="Secret words")(second.document))
    added = Change(None, FollowUp("new", "Secret words"))
    second.do(Edit("Add", (added, Change(second.document.all(Waiver)[0], None))))
    assert second.revised() == (
        "The incident: summary changed.",
        "The structural fix: owner, due changed.",
        "Actions: 1 added.",
        "Wording kept as said: 1 removed.",
    )


def test_what_was_taken_back_did_not_change(second):
    second.do(change(Moment, text="Other")(second.document))
    assert second.revised() == ("Timeline: 1 changed (text).",)
    second.undo()
    assert second.revised() == ("Nothing in its content.",)


def test_it_is_the_same_once_it_is_final_and_reopened_from_disk(second, tmp_path):
    second.do(change(Moment, text="Other")(second.document))
    told = second.revised()
    freeze(second, AT + timedelta(hours=2))
    assert second.revised() == told
    second.close()
    again = Session(second._library, second.document.incident.id)
    assert again.revised() == told
    again.close()


def test_the_third_is_held_against_the_second(second):
    second.do(change(Moment, text="Other")(second.document))
    freeze(second, AT + timedelta(hours=2))
    second.record(open_revision(second.document, AT + timedelta(hours=3)))
    second.do(change(Incident, impact="More")(second.document))
    assert second.revised() == ("The incident: impact changed.",)


def test_forgotten_words_are_not_made_up(second):
    second.do(change(Moment, text="Unspeakable")(second.document))
    second.do(change(Moment, text="Other")(second.document))
    second.forget_words(words_of(["Unspeakable"]))
    (line,) = second.revised()
    assert line.startswith("It cannot be told")


@pytest.mark.parametrize("render", [render_markdown, render_html])
def test_the_report_names_the_earlier_revision_and_what_changed(second, render):
    digest = content_digest(second.document)
    second.do(change(Incident, impact="More")(second.document))
    said = render(second.document, head=second.head, at=AT, revision=2, changed=second.revised())
    assert "Earlier revisions, which this one replaces" in said
    assert digest in said
    assert "What changed since revision 1" in said
    assert "The incident: impact changed." in said


def test_equal_documents_do_not_differ():
    assert what_changed(rich(), rich()) == ()


def test_it_is_told_of_the_document_as_it_was_when_it_was_asked_for(second):
    second.do(change(Incident, title="Another title")(second.document))
    said = second.revised()
    later = second.revised_later()
    second.do(change(Fix, owner="Somebody else")(second.document))
    with ThreadPoolExecutor() as elsewhere:
        assert elsewhere.submit(later).result() == said
    assert second.revised() != said
