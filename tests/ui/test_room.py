"""The room screen: few words, large, nothing cut; and what the facilitator does with it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget

from facilitator.language.phrases import PhraseBank
from facilitator.language.rules import RuleSet
from facilitator.language.words import Lexicon
from facilitator.model.change import Change, Edit
from facilitator.model.clock import Instant, agenda, read_clock
from facilitator.model.document import Document
from facilitator.model.edits.meeting import go_next, show_opening, start_or_pause
from facilitator.model.edits.whys import add_why, change_why
from facilitator.model.records import (
    ClockMark,
    Fix,
    Incident,
    Moment,
    Person,
    Revision,
    Signature,
    Topic,
    Why,
)
from facilitator.model.redact import redact
from facilitator.settings import Settings
from facilitator.stage import Scene, Stage
from facilitator.ui.desk.desk import Desk
from facilitator.ui.drafting import settle_all
from facilitator.ui.room.controls import RoomControls
from facilitator.ui.room.labels import place_labels
from facilitator.ui.room.screens import are_mirrored, displays, screen_of
from facilitator.ui.room.sizes import MARGIN, SIZES
from facilitator.ui.room.view import RoomView
from facilitator.ui.room.words import timer
from facilitator.ui.theme import Theme
from tests.ui import inputs
from tests.ui.conftest import AT, small_incident

START = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
CARDS = ("opening", "restate", "detection", "whys", "level", "fix", "sign")


def small_document(*more):
    return Document([*(c.after for c in small_incident().changes), *more])


def reading(document, phase="restate", spent=0.0, *, paused=False, done=False):
    """The clock after so many seconds in a phase, with all phases before it taken as planned."""
    marks, boot = [], 0.0

    def mark(kind, topic=""):
        at = START + timedelta(seconds=boot)
        marks.append(ClockMark(f"c{len(marks)}", kind, at, boot, "b", len(marks), topic))

    mark("opening")
    for topic in agenda(document.all(Topic)):
        mark("next" if len(marks) > 1 else "start", topic.id)
        if topic.phase == phase:
            break
        boot += topic.minutes * 60
    boot += spent
    if paused:
        mark("pause")
    if done:
        mark("finish")
    now = Instant(START + timedelta(seconds=boot), boot, "b")
    return read_clock(document.all(Topic), marks, now)


@pytest.fixture
def show(qtbot, qapp):
    """Draws a scene of a document; gives the view."""

    def draw(document, scene, clock=None, *, size="medium", pixels=(1920, 1080), theme="light"):
        view = RoomView(Theme(theme), size)
        qtbot.addWidget(view)
        view.resize(*pixels)
        view.show_meeting(redact(document), scene, clock or reading(document))
        view.grab()
        return view

    return draw


# The clock


@pytest.mark.parametrize(
    ("spent", "words", "after", "mood"),
    [
        (0, "20 min", "", "running"),
        (7 * 60 + 1, "13 min", "", "running"),
        (17 * 60, "3 min", "Wrapping up", "wrap-up"),
        (18 * 60, "2 min", "Wrapping up", "wrap-up"),
        (18 * 60 + 1, "1:59", "Wrapping up", "wrap-up"),
        (20 * 60 - 1, "0:01", "Wrapping up", "wrap-up"),
        (20 * 60, "0:00", "Wrapping up", "wrap-up"),
        (21 * 60 + 20, "+1:20", "over", "over"),
        (95 * 60, "+75:00", "over", "over"),
    ],
)
def test_the_timer_says_minutes_then_seconds_then_how_far_over(spent, words, after, mood):
    said = timer(reading(small_document(), "whys", spent))
    assert (said.words, said.after, said.mood) == (words, after, mood)


def test_the_timer_says_paused_done_and_what_is_planned():
    document = small_document()
    assert timer(reading(document, "whys", 60, paused=True)).after == "Paused"
    assert timer(reading(document, "sign", 60, done=True)).words == "Done"
    unstarted = read_clock(document.all(Topic), (), Instant(START, 0.0, "b"))
    assert timer(unstarted, "t3").words == "20 min"


def test_only_what_changes_on_the_screen_is_painted_again(show):
    document = small_document()
    view = show(document, Scene("whys"), reading(document, "whys", 60))
    assert not view.show_reading(reading(document, "whys", 60.4))
    assert view.show_reading(reading(document, "whys", 121))


# The cards


def test_the_question_of_every_post_mortem_is_always_there(show):
    document = small_document()
    for card in CARDS:
        texts = show(document, Scene(card)).texts()
        assert {"Which chain level was missing?", "Which level was missing?"} & set(texts)
    answered = small_document(replace(document.incident, level="scope"))
    assert "Missing level: Scope" in show(answered, Scene("fix")).texts()


def test_the_first_card_has_severity_and_computed_duration(show):
    users = replace(small_document().incident, users_affected=120, users_total=4000)
    texts = " ".join(show(small_document(users), Scene("restate")).texts())
    for words in ("P1", "1 h 15 min", "120", "4,000 users affected (3.0 %)"):
        assert words in texts


def test_the_timeline_is_read_one_moment_at_a_time(show):
    document = small_document(Moment("m9", "Nobody knows when", at=None))
    said = [" ".join(show(document, Scene("restate", reading=n)).texts()) for n in range(4)]
    for text, words in zip(
        said,
        ("Printer driver updated", "First empty ticket", "Gate reports", "Driver taken back"),
        strict=True,
    ):
        assert words in text
    assert "Moment 2 of 4" in said[1]
    assert "09:00 CET" in said[1]
    assert "Printer driver updated" not in said[1]


def test_detection_has_both_times_and_the_figures(show):
    texts = " ".join(show(small_document(), Scene("detection")).texts())
    for words in ("the system knew: not known", "09:12 CET", "12 min after impact", "53 min"):
        assert words in texts


def test_the_ladder_shows_one_branch_and_the_open_question(show):
    document = small_document(Why("w9", "Another branch", "w1", 5.0))
    texts = show(document, Scene("whys", "w3")).texts()
    assert "No test prints a ticket" in texts
    assert "Why was that possible?" in texts
    assert "Branch 1 of 2" in texts
    assert "Another branch" not in texts
    assert "Branch 2 of 2" in show(document, Scene("whys", "w9")).texts()


def test_without_a_spotlight_the_root_causes_branch_is_shown(show):
    document = small_document(Why("w9", "Nobody owns printers", "w1", 5.0, "scope", True))
    texts = show(document, Scene("whys", "gone")).texts()
    assert "Nobody owns printers" in texts
    assert "Root cause · Scope" in texts
    assert "Which level should have caught it?" in texts


def test_an_empty_tree_asks_what_happened(show):
    document = Document(r for r in small_document().records() if not isinstance(r, Why))
    assert "What happened?" in show(document, Scene("whys")).texts()


@pytest.mark.parametrize(("size", "rows"), [("small", 6), ("medium", 6), ("large", 4)])
def test_old_answers_fold_and_the_open_question_stays(show, size, rows):
    chain = [Why(f"n{n}", f"Answer {n}", "w3" if not n else f"n{n - 1}") for n in range(12)]
    texts = show(small_document(*chain), Scene("whys", "n11"), size=size).texts()
    shown = [t for t in texts if t.startswith("Answer")]
    assert shown[-1] == "Answer 11"
    assert f"{15 - len(shown)} above" in texts
    assert rows - 2 <= len(shown) <= rows - 1


def test_the_levels_are_five_with_the_choice_and_what_contributed(show):
    chosen = replace(small_document().incident, level="scope", other_levels=("operation",))
    texts = show(small_document(chosen), Scene("level")).texts()
    names = [t for t in texts if t in
             ("Strategy", "Discovery", "Scope", "Execution", "Operation")]  # fmt: skip
    assert names == ["Strategy", "Discovery", "Scope", "Execution", "Operation"]
    assert "Missing level" in texts
    assert "Contributing" in texts


def test_the_fix_card_has_its_four_parts_or_says_what_is_open(show):
    fix = Fix("fix", "Tickets are printed in the test run", "ci-step", "Print check",
              "Tech lead", due=date(2026, 3, 20))  # fmt: skip
    texts = show(small_document(fix), Scene("fix")).texts()
    assert {"Owner", "By", "Artefact", "Check", "Tech lead", "20 March 2026", "open"} <= set(texts)
    assert "CI step: Print check" in texts
    empty = " ".join(show(small_document(), Scene("fix")).texts())
    assert "One change to one artefact." in empty


def test_the_signature_card_shows_roles_and_state_and_no_names(show):
    revision = Revision("r", 1, AT, "d", "1:h", ("tech-lead", "on-call", "product-owner"))
    signature = Signature("g", "r", "tech-lead", "Aroha Tane", "ff", AT)
    texts = show(small_document(revision, signature), Scene("sign")).texts()
    assert "Signed 10:30" in texts
    assert texts.count("to sign") == 2
    assert "1 of 3 signed" in texts
    assert not any("Aroha" in t for t in texts)


def test_a_question_put_to_the_room_stands_under_the_card(show):
    texts = show(small_document(), Scene("whys", asked="What made that sensible?")).texts()
    assert "What made that sensible?" in texts
    assert "Why was that possible?" in texts


# Nothing is cut and nothing lies on anything else

LONG = "<b>bold</b> & " + "Unbreakable" * 60 + "\n" + "many words here " * 6000


def hostile(document):
    """The document with texts that no screen has room for."""
    fix = Fix("fix", LONG, "other", LONG, LONG, LONG, date(2026, 3, 20), LONG)
    return Document([*map(_hostile, document.records()), fix])


def _hostile(record):
    if isinstance(record, Incident):
        texts = dict.fromkeys(("title", "impact", "services", "opening", "users_word"), LONG)
        many = 10**9
        return replace(
            record, users_affected=many, users_total=many, zone="Pacific/Chatham", **texts
        )
    if isinstance(record, Why | Moment):
        return replace(record, text=LONG)
    if isinstance(record, Topic):
        return replace(record, title=LONG, question=LONG)
    return record


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pixels", [(1920, 1080), (1280, 720), (1024, 768), (2560, 1080)])
@pytest.mark.parametrize("whose", ["small", "hostile"])
def test_every_word_stands_inside_the_margins_and_on_no_other(show, size, pixels, whose):
    document = small_document() if whose == "small" else hostile(small_document())
    wide, high = pixels
    for scene in (
        *(Scene(card) for card in CARDS),
        Scene("restate", reading=2),
        Scene("whys", "w3", asked="What made that the sensible step at the time?"),
    ):
        clock = reading(document, "whys", 21 * 60 + 20)
        view = show(document, scene, clock, size=size, pixels=pixels)
        places = view.places()
        assert places
        for place, text in zip(places, view.texts(), strict=True):
            assert place.left() >= wide * MARGIN - 1, text
            assert place.right() <= wide * (1 - MARGIN) + 1, text
            assert high * MARGIN - 0.03 * high <= place.top(), text
            assert place.bottom() <= high * (1 - MARGIN) + 0.01 * high, text
        assert _overlaps(places, view.texts()) == []


def _overlaps(places, texts):
    """Pairs of texts that touch; a line's letters take the middle of its height."""
    inked = [p.adjusted(0, p.height() * 0.2, 0, -p.height() * 0.2) for p in places]
    return [
        (texts[i], texts[j])
        for i in range(len(inked))
        for j in range(i + 1, len(inked))
        if texts[i] and texts[j] and inked[i].intersects(inked[j])
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_body_is_as_large_as_the_farthest_seat_needs(show, theme):
    for size, body in (("small", 44), ("medium", 60), ("large", 80)):
        view = show(small_document(), Scene("whys", "w3"), size=size, theme=theme)
        index = view.texts().index("No test prints a ticket")
        assert view.places()[index].height() == pytest.approx(body * 1.22)
        half = show(small_document(), Scene("whys", "w3"), size=size, pixels=(960, 540))
        assert half.places()[index].height() == pytest.approx(body * 1.22 / 2)


@pytest.mark.parametrize(
    "marks",
    [
        ((0, 300), (40, 300), (90, 300), (110, 300), (1700, 300)),
        ((0, 200), (1, 200), (2, 200), (3, 200)),
        ((1600, 300), (1650, 300), (1700, 300)),
    ],
)
def test_words_under_the_line_do_not_touch_each_other(marks):
    labels = place_labels(tuple((float(x), float(w)) for x, w in marks), 1728.0)
    assert len(labels) == len(marks)
    for i, a in enumerate(labels):
        assert 0 <= a.left <= a.right <= 1728
        for b in labels[i + 1 :]:
            assert a.row != b.row or a.right < b.left or b.right < a.left


# What the facilitator does with it


class Clock:
    """Both clocks in the test's hands."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return Instant(START + timedelta(seconds=self.seconds), self.seconds, "b")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def controls(qtbot, session, theme, clock):
    """A desk and its room screen, as the main window makes them."""
    window = QMainWindow()
    qtbot.addWidget(window)
    stage = Stage()
    desk = Desk(
        session,
        theme=theme,
        rules=RuleSet(Lexicon({})),
        bank=PhraseBank(()),
        stage=stage,
        now=clock,
        steady=clock_seconds(clock),
        sign_board=lambda _book: QWidget(),
        outer={},
    )
    window.setCentralWidget(desk)
    window.resize(1280, 720)
    window.show()
    room = RoomControls(session, stage, desk, Settings(), window)
    room.stage, room.desk = stage, desk
    yield room
    room.close()


def clock_seconds(clock):
    return lambda: clock.seconds


def seen(room):
    """What the room reads."""
    room._view.grab()
    return room._view.texts()


def test_the_room_follows_the_document(controls, session):
    controls.stage.change(card="whys", why="w3")
    assert "No test prints a ticket" in seen(controls)
    session.do(change_why, "w3", "Nobody prints before a release")
    assert "Nobody prints before a release" in seen(controls)
    session.undo()
    assert "No test prints a ticket" in seen(controls)


def test_what_is_being_typed_does_not_reach_the_room_before_enter(controls, session, qtbot):
    controls.stage.change(card="whys", why="w3")
    board = controls.desk.whys
    board.select("w3")
    board.ask_why()
    field = board.canvas.typist.field
    QTest.keyClicks(field, "A first wording")
    qtbot.waitUntil(lambda: session.draft("why:new:w3") == "A first wording")
    assert "A first wording" not in " ".join(seen(controls))
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "A first wording" in " ".join(seen(controls))


def test_nothing_that_is_typed_anywhere_reaches_the_room(controls, session):
    inputs.type_everywhere(controls.desk)
    settle_all(controls.desk)
    assert len(session.session.drafts) > len(inputs.FIELDS)
    words = ""
    for card in CARDS:
        controls.stage.change(card=card, why="w3")
        words += " ".join(seen(controls))
    assert "No test prints a ticket" in words
    typed = (*inputs.FIELDS.values(), *inputs.EDITOR.values(), inputs.WHY)
    assert [text for text in typed if text in words] == []


def test_names_become_roles_in_the_room(controls, session):
    session.do(add_why, "Bo Lind restarted the printer", "w3", why_id="w9")
    controls.stage.change(card="whys", why="w9", asked="What did Aroha see?")
    words = " ".join(seen(controls))
    assert "The on-call engineer restarted the printer" in words
    assert "What did the tech lead see?" in words
    assert not any(name in words for name in ("Bo", "Lind", "Aroha", "Tane"))


def test_a_new_participant_is_a_role_at_once(controls, session):
    session.do(add_why, "Quill pulled the plug", "w3", why_id="w9")
    controls.stage.change(card="whys", why="w9")
    person = Person("p9", "Quill Moss", "scribe")
    session.session.do(Edit("Add person", (Change(None, person),)))
    assert "The scribe pulled the plug" in seen(controls)


def test_a_frozen_room_keeps_its_picture_and_can_still_be_blanked(controls, session):
    controls.stage.change(card="whys", why="w3")
    before = seen(controls)
    controls.freeze()
    session.do(change_why, "w3", "Changed meanwhile")
    controls.stage.change(card="fix")
    assert seen(controls) == before
    controls.blank()
    assert seen(controls) == ()
    controls.blank()
    assert seen(controls) == before
    controls.freeze()
    assert "Changed meanwhile" not in seen(controls)
    assert "Owner" in seen(controls) or "One change" in " ".join(seen(controls))


def test_a_frozen_clock_stands_still(controls, session, clock):
    session.record(show_opening, clock())
    session.record(start_or_pause, clock())
    controls.desk.ticker.tick()
    assert "5 min" in seen(controls)
    controls.freeze()
    clock.seconds += 200
    controls.desk.ticker.tick()
    assert "5 min" in seen(controls)
    controls.freeze()
    assert "1:40" in seen(controls)


def test_the_clock_goes_on_in_the_room(controls, session, clock):
    session.record(show_opening, clock())
    session.record(start_or_pause, clock())
    session.record(go_next, clock())
    clock.seconds += 60
    controls.desk.ticker.tick()
    assert "9 min" in seen(controls)


def test_the_room_opens_full_screen_on_the_named_display_and_hides(controls):
    (display,) = displays()
    controls.open_on(display.identity)
    assert controls.window.isFullScreen()
    assert controls.window.screen() is screen_of(display.identity)
    controls.hide()
    assert not controls.window.isVisible()


def test_with_one_display_swapping_shows_the_room_and_then_the_desk(controls):
    controls.swap()
    assert controls.window.isVisible()
    controls.swap()
    assert not controls.window.isVisible()


def test_closing_the_room_window_only_hides_it(controls):
    controls.swap()
    controls.window.close()
    assert not controls.window.isVisible()
    controls.swap()
    assert controls.window.isVisible()


def test_a_display_that_goes_takes_the_room_away_at_once_and_brings_it_back(controls):
    (display,) = displays()
    controls.open_on(display.identity)
    controls._watch.gone.emit(display.identity)
    assert not controls.window.isVisible()
    controls._watch.came.emit("another|display|1")
    assert not controls.window.isVisible()
    controls._watch.came.emit(display.identity)
    assert controls.window.isVisible()


def test_a_room_hidden_by_hand_does_not_come_back_by_itself(controls):
    (display,) = displays()
    controls.open_on(display.identity)
    controls.hide()
    controls._watch.gone.emit(display.identity)
    controls._watch.came.emit(display.identity)
    assert not controls.window.isVisible()


def test_the_desk_is_never_left_under_the_room(controls, qtbot):
    (display,) = displays()
    controls.open_on(display.identity)
    controls._watch.gone.emit("the|desks|display")
    qtbot.waitUntil(lambda: not controls.window.isVisible())


def test_a_display_that_is_not_there_is_said(controls):
    controls.open_on("no|such|display")
    assert not controls.window.isVisible()
    assert screen_of("no|such|display") is None


def test_one_display_is_not_mirrored():
    assert not are_mirrored()


def test_other_settings_draw_the_room_anew_even_while_frozen(controls):
    controls.stage.change(card="whys", why="w3", frozen=True)
    controls.take_settings(Settings(room_size="large", room_theme="dark"))
    assert "No test prints a ticket" in seen(controls)
    assert controls._view.grab().toImage().pixelColor(QPoint(2, 2)).lightness() < 60


def test_the_preview_shows_what_the_room_shows(controls):
    controls.stage.change(card="whys", why="w3")
    controls.window.resize(1920, 1080)
    picture = controls.picture(320, 180)
    assert (picture.width(), picture.height()) == (320, 180)
    assert controls._still.texts() == seen(controls)
