"""The language panel: marks in place, the way through the hints, and what the room sees."""

from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QPainter, QPixmap, QTextOption
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QStyleOptionViewItem

from facilitator.bundled import language_rules
from facilitator.checks.gates import gates
from facilitator.language.hints import find_hints
from facilitator.model.edits.fixes import add_follow_up, change_fix, park
from facilitator.model.edits.incident import change_incident
from facilitator.model.edits.moments import add_moment, change_moment
from facilitator.model.edits.people import add_person
from facilitator.model.edits.texts import reword
from facilitator.model.edits.waivers import silence
from facilitator.model.records import Fix, FollowUp, Moment, Parked, Waiver, Why
from facilitator.settings import Settings
from facilitator.ui.actions import COMMANDS
from facilitator.ui.fields import TextField
from facilitator.ui.marked_rows import MarkedRows
from facilitator.ui.marks import underlines
from facilitator.ui.settings_dialog import SettingsDialog
from facilitator.ui.timeline.words import Words, card_place, card_text
from tests.ui.test_desk import ALT, CTRL, NONE, SHIFT, Desks, Key, press, texts, write

BLAME = "The engineer broke the gate."
SOFT = "The engineer should have checked the gate."
NOON = datetime(2026, 6, 18, 7, 0, tzinfo=UTC)


@pytest.fixture
def desks(qtbot, tmp_path):
    desks = Desks(qtbot, tmp_path / "library.sqlite")
    yield desks
    desks.close()


@pytest.fixture
def desk(desks):
    return desks.open()


@pytest.fixture
def why(desk):
    """An answer of the tree, in sight."""
    desk.look("whys")
    return desk.session.document.all(Why)[1].id


def say(desk, why_id, text):
    desk.session.do(reword, "why", why_id, "text", text)


def card_button(desk, words):
    cards = [card for card in desk.private.hints._cards if card.isVisible()]
    return next(
        b for c in cards for b in c.findChildren(QPushButton)
        if b.isVisible() and b.text().startswith(words)
    )  # fmt: skip


# ---- marks where texts are painted


def test_a_card_of_the_tree_is_underlined_while_its_hint_is_open(desk, why):
    say(desk, why, SOFT)
    canvas = desk.whys.canvas
    card = canvas.picture.cards[why]
    lines = canvas.cards._underlines(why, card)
    assert lines
    assert not any(line.strong for line in lines)
    assert all(line.right > line.left >= 0 for line in lines)
    say(desk, why, "The gate was not checked.")
    assert canvas.cards._underlines(why, canvas.picture.cards[why]) == ()


def test_a_moment_is_underlined_below_its_words(desk):
    moment = desk.session.document.all(Moment)[0].id
    canvas = desk.timeline.canvas
    desk.session.do(change_moment, moment, text=BLAME)
    desk.timeline.select([moment])
    marked = canvas.grab().toImage()
    desk.action("hints").trigger()
    assert canvas.grab().toImage() != marked
    desk.action("hints").trigger()
    assert canvas.grab().toImage() == marked


def test_marks_follow_waivers_and_the_switch(desk, why):
    say(desk, why, SOFT)
    (hint,) = desk.book.hints_in(f"why:{why}:text", SOFT)
    desk.session.do(silence, hint.rule, "Agreed with the team")
    assert desk.book.hints_in(f"why:{why}:text", SOFT) == ()
    desk.session.undo()
    assert desk.book.hints_in(f"why:{why}:text", SOFT)
    desk.action("hints").trigger()
    assert desk.book.hints_in(f"why:{why}:text", SOFT) == ()


def test_no_mark_is_left_on_a_desk_that_the_room_sees(qtbot, desk):
    desk.look("whys")
    why = desk.session.document.all(Why)[-1].id
    say(desk, why, BLAME)
    qtbot.waitUntil(lambda: desk.whys.canvas.picture.cards[why].person)
    desk.set_mirrored(True)
    assert desk.book.hints_in(f"why:{why}:text", BLAME) == ()
    assert not desk.whys.canvas.picture.cards[why].person
    assert not desk.private.hints.isVisible()
    assert desk.book.count == 1
    desk.set_mirrored(False)
    assert desk.book.hints_in(f"why:{why}:text", BLAME)


def test_a_parked_point_is_underlined_in_its_row(desk):
    desk.session.do(park, SOFT, at=NOON)
    rows = desk.agenda.parking._list
    delegate = rows.itemDelegate()
    assert isinstance(delegate, MarkedRows)
    option = QStyleOptionViewItem()
    rows.initViewItemOption(option)
    index = rows.model().index(rows.count() - 1, 0)
    option.rect = rows.visualRect(index)
    corner, lines = delegate.lines(option, index)
    assert lines
    assert all(option.rect.top() < corner.y() + line.y <= option.rect.bottom() for line in lines)
    assert all(corner.x() + line.right <= option.rect.right() for line in lines)


def test_the_room_shows_the_same_with_and_without_hints(qtbot, desks):
    desk = desks.open()
    for record in desk.session.document.all(Moment)[:6]:
        desk.session.do(change_moment, record.id, text=BLAME)
    for record in desk.session.document.all(Why)[1:]:
        say(desk, record.id, SOFT)
    desk.session.do(park, BLAME, at=NOON)
    assert desk.book.count > 6
    room = desks.window.room
    for card in ("restate", "detection", "whys", "level", "fix", "sign"):
        desk.stage.change(card=card, why=desk.session.document.all(Why)[2].id)
        heard = room.picture(960, 540).toImage()
        desk.action("hints").trigger()
        assert desk.book.count == 0
        assert room.picture(960, 540).toImage() == heard
        desk.action("hints").trigger()


def test_underlines_follow_the_lines_of_a_wrapped_text(qapp, theme, hinting_rules):
    text = "🙂 " + "The gate reported nothing at all. " * 3 + SOFT
    hints = hinting_rules(text)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    font = theme.font(14)
    (line,) = underlines(text, text, hints, font=font, width=4000, option=option)
    wrapped = underlines(text, text, hints, font=font, width=90, option=option)
    assert line.y < wrapped[0].y
    assert all(0 <= each.left < each.right <= 92 for each in wrapped)
    cut = text[:40] + "…"
    (dots,) = underlines(cut, text, hints, font=font, width=4000, option=option)
    assert 0 < dots.right - dots.left < 20


@pytest.fixture
def hinting_rules():
    rules = language_rules()
    return lambda text: find_hints(text, rules, field="why")


def test_a_place_in_a_moment_is_found_again_on_its_card():
    moment = Moment("m", "First line\n\n  she broke\tit", precision="about")
    start = moment.text.index("broke")
    place = card_place(moment, start, len(moment.text))
    assert card_text(moment)[slice(*place)] == "broke it"
    plain = Moment("m", "she broke it")
    assert card_place(plain, 4, 9) == (4, 9)


def test_what_is_elided_is_marked_at_the_ellipsis(qtbot, theme):
    words = Words(theme.font(13))
    pixmap = QPixmap(400, 40)
    with QPainter(pixmap) as painter:
        words.draw(painter, 0, 20, SOFT, 90)
        words.draw(painter, 0, 20, "short", 90)
    left, right = words.span(SOFT, 90, 13, 24)
    assert 0 < left < right <= 91
    assert words.span("short", 90, 0, 5)[0] == 0
    assert words.span("never drawn", 90, 0, 5) == (0, 0)


# ---- going through the hints


def test_alt_h_goes_to_the_place_of_each_open_hint_and_round(desk):
    document = desk.session.document
    moment, why = document.all(Moment)[2].id, document.all(Why)[1].id
    desk.session.do(change_moment, moment, text=SOFT)
    say(desk, why, BLAME)
    desk.session.do(park, SOFT, at=NOON)
    parked = desk.session.document.all(Parked)[-1]
    press(desk, Key.Key_H, ALT)
    assert desk.agenda.parking._current() == parked.id
    press(desk, Key.Key_H, ALT)
    assert (desk.centre.phase, desk.whys.selected()) == ("whys", why)
    press(desk, Key.Key_H, ALT)
    assert desk.timeline.selected() == [moment]
    press(desk, Key.Key_H, ALT)
    assert desk.agenda.parking._current() == parked.id
    press(desk, Key.Key_H, ALT | SHIFT)
    assert desk.timeline.selected() == [moment]


def test_the_hint_that_is_looked_at_stands_in_the_first_card(desk):
    for number, record in enumerate(desk.session.document.all(Why)[1:6]):
        say(desk, record.id, f"The engineer broke gate {number}.")
    assert "more open" in " ".join(texts(desk.private.hints))
    for _ in range(4):
        press(desk, Key.Key_H, ALT)
    first = desk.private.hints._cards[0]
    assert first.key == desk.book.heard[3].key


def test_alt_h_goes_into_the_field_that_shows_the_words(desk):
    desk.session.do(change_incident, summary=SOFT)
    desk.look("sign")
    press(desk, Key.Key_H, ALT)
    field = QApplication.focusWidget()
    assert isinstance(field, TextField)
    assert field.toPlainText() == SOFT


@pytest.mark.parametrize("start", ["restate", "whys", "fix", "sign"])
def test_every_field_with_a_hint_can_be_gone_to(desk, start):
    desk.session.do(change_fix, change=SOFT, check="She should have looked.")
    desk.session.do(add_follow_up, "He should have asked.")
    action = desk.session.document.all(FollowUp)[-1].text
    incident = {"impact": "They should have known.", "went_well": "We should have tested."}
    desk.session.do(change_incident, **incident)
    wanted = {SOFT, "She should have looked.", action, *incident.values()}
    desk.look(start)
    seen = set()
    for _ in wanted:
        press(desk, Key.Key_H, ALT)
        field = QApplication.focusWidget()
        if isinstance(field, TextField):
            seen.add(field.toPlainText())
    assert seen == wanted


def test_alt_h_without_a_hint_says_so(desk):
    press(desk, Key.Key_H, ALT)
    assert desk.messages.text == "No hint is open."


def test_the_count_falls_as_hints_are_resolved(desk, why):
    assert any("blame-free" in text for text in texts(desk.private))
    say(desk, why, BLAME)
    desk.session.do(add_moment, SOFT, NOON, "action")
    assert any("2 open" in text for text in texts(desk.private))
    say(desk, why, "The gate broke.")
    assert any("1 open" in text for text in texts(desk.private))
    desk.session.undo()
    assert any("2 open" in text for text in texts(desk.private))


def test_every_rewording_can_be_chosen(desks, packs):
    (packs / "ours.toml").write_text(
        '[[rule]]\nid = "ours.yeehaw"\nfamily = "hindsight"\npatterns = ["[ yeehaw ]"]\n'
        'rewrite = ["{before} quick {after}", "{before} late {after}"]\n',
        encoding="utf-8",
    )
    desk = desks.open()
    desk.look("whys")
    why = desk.session.document.all(Why)[1].id
    say(desk, why, "A yeehaw deploy went live.")
    assert "A quick deploy went live." in texts(desk.private.hints)
    press(desk, Key.Key_Return, ALT | SHIFT)
    assert "A late deploy went live." in texts(desk.private.hints)
    card_button(desk, "2 of 2").click()
    card_button(desk, "1 of 2").click()
    press(desk, Key.Key_Return, ALT)
    assert desk.session.document.get(Why, why).text == "A late deploy went live."


@pytest.fixture
def packs(own_home):
    folder = own_home / "data" / "Facilitator" / "language"
    folder.mkdir(parents=True)
    return folder


def test_alt_enter_while_typing_changes_no_text_out_of_sight(qtbot, desk, why):
    say(desk, why, SOFT)
    desk.action("incident").trigger()
    press(desk, Key.Key_A, CTRL)
    title = "Why didn't you ask?"
    write(title)
    field = QApplication.focusWidget()
    qtbot.waitUntil(lambda: bool(field.hints))
    offered = [h.suggestions for h in field.hints if h.suggestions]
    press(desk, Key.Key_Return, ALT)
    assert desk.session.document.get(Why, why).text == SOFT
    assert (field.toPlainText() == title) == (not offered)


# ---- kept and silenced


def test_a_silenced_rule_is_listed_and_can_be_heard_again(desk, why):
    say(desk, why, SOFT)
    assert not desk.private.hints.waivers.isVisible()
    card_button(desk, "Not here").click()
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    write("We all say it")
    press(desk, Key.Key_Return)
    assert desk.book.count == 0
    waivers = desk.private.hints.waivers
    assert waivers.isVisible()
    (row,) = waivers.rows
    assert row.endswith("silent here: We all say it")
    opener, again = waivers.findChildren(QPushButton)
    opener.click()
    assert again.isVisible()
    again.click()
    assert desk.session.document.all(Waiver) == ()
    assert desk.book.count == 1
    assert not waivers.isVisible()


def test_the_keys_go_back_to_where_they_came_from(desk, why):
    say(desk, why, BLAME)
    press(desk, Key.Key_H, ALT)
    desk.whys.setFocus()
    card_button(desk, "Keep mine").click()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    press(desk, Key.Key_Escape)
    assert desk.whys.canvas.hasFocus()
    desk.action("keep_words").trigger()
    write("Quoted")
    press(desk, Key.Key_Return)
    assert desk.whys.canvas.hasFocus()
    assert desk.book.count == 0


# ---- aloud


def test_the_room_is_asked_the_neutral_question_alone(desk, why):
    say(desk, why, BLAME)
    question = desk.book.newest()[1].question
    before = desk.stage.scene
    press(desk, Key.Key_F3, SHIFT)
    assert desk.stage.scene.asked == question
    assert BLAME not in question
    assert question in desk.messages.text
    press(desk, Key.Key_F3, SHIFT)
    assert desk.stage.scene == before


def test_a_frozen_room_is_asked_when_it_thaws(desks):
    desk = desks.open()
    desk.look("whys")
    desk.stage.change(card="whys")
    say(desk, desk.session.document.all(Why)[1].id, BLAME)
    room = desks.window.room
    press(desk, Key.Key_F8)
    frozen = room.picture(640, 360).toImage()
    press(desk, Key.Key_F3, SHIFT)
    assert "frozen" in desk.messages.text
    assert room.picture(640, 360).toImage() == frozen
    press(desk, Key.Key_F8)
    assert room.picture(640, 360).toImage() != frozen


def test_the_redirect_is_there_at_once_and_the_room_sees_nothing_of_it(desks):
    desk = desks.open()
    desk.look("whys")
    say(desk, desk.session.document.all(Why)[1].id, BLAME)
    room = desks.window.room
    scene, picture = desk.stage.scene, room.picture(640, 360).toImage()
    document = desk.session.document
    desk.private.say("")
    press(desk, Key.Key_F3)
    assert f"“{desk.book.newest()[1].say}”" in texts(desk.private)
    assert desk.stage.scene == scene
    assert room.picture(640, 360).toImage() == picture
    assert desk.session.document is document


# ---- before signing


def test_the_redirect_comes_into_sight_in_a_low_window(qtbot, desks):
    desk = desks.open()
    desks.window.resize(1280, 720)
    for record in desk.session.document.all(Why)[1:5]:
        say(desk, record.id, BLAME)
    QApplication.processEvents()
    said = desk.private._say
    assert said.visibleRegion().boundingRect() != said.rect()
    press(desk, Key.Key_F3)
    qtbot.waitUntil(lambda: said.visibleRegion().boundingRect() == said.rect())


def test_an_open_hint_stands_before_the_signatures_until_it_is_resolved(desk, why):
    def told():
        return [gap.where for gap in gates(desk.session.document, desk.book.open_hints())]

    desk.look("sign")
    before = desk.sign.gaps.sentences
    say(desk, why, BLAME)
    assert told().count(f"why:{why}:text") == 1
    added = [each for each in desk.sign.gaps.sentences if each not in before]
    assert len(added) == 1
    assert "may read as blame" in added[0]
    desk.look("whys")
    card_button(desk, "Keep mine").click()
    write("Said by the vendor, quoted")
    press(desk, Key.Key_Return)
    assert f"why:{why}:text" not in told()
    desk.look("sign")
    assert desk.sign.gaps.sentences == before


# ---- a role for a name


@pytest.fixture
def people(desk):
    desk.session.do(add_person, "Aroha Tane", "tech-lead")
    desk.session.do(add_person, "Bo Lind", "on-call")
    return desk


NAMED = [
    ("Aroha opened the form", "The tech lead opened the form."),
    ("Aroha's change went live at 18:10", "The tech lead's change went live at 18:10."),
    ("The pager rang at Bo Lind’s desk", "The pager rang at the on-call engineer’s desk."),
]


@pytest.mark.parametrize(("text", "wanted"), NAMED)
def test_a_name_becomes_the_role_in_every_record(people, text, wanted):
    desk = people
    document = desk.session.document
    fix = next(iter(document.all(Fix)), None)
    if fix is None:
        desk.session.do(change_fix, change="x")
    desk.session.do(add_follow_up, text)
    desk.session.do(add_moment, text, NOON, "action")
    desk.session.do(change_incident, summary=text)
    desk.session.do(change_fix, change=text)
    say(desk, document.all(Why)[1].id, text)
    named = [heard for heard in desk.book.heard if heard.value == text]
    kinds = {heard.key.split(":")[0] for heard in named}
    assert kinds == {"follow_up", "moment", "incident", "fix", "why"}
    for _ in named:
        press(desk, Key.Key_F6, NONE)
        desk.timeline.setFocus()
        press(desk, Key.Key_Return, ALT)
    document = desk.session.document
    assert desk.book.count == 0
    assert document.incident.summary == wanted
    assert document.all(Why)[1].text == wanted
    assert document.all(Fix)[0].change == wanted
    assert wanted in [each.text for each in document.all(FollowUp)]
    assert wanted in [each.text for each in document.all(Moment)]


@pytest.mark.parametrize(("text", "wanted"), NAMED)
def test_a_name_that_is_typed_offers_the_role_at_once(qtbot, people, text, wanted):
    desk = people
    press(desk, Key.Key_W, ALT)
    desk.whys.select(desk.session.document.all(Why)[-1].id)
    press(desk, Key.Key_Tab)
    field = QApplication.focusWidget()
    field.insertPlainText(text)  # the key clicks of a test know no curly apostrophe
    qtbot.waitUntil(lambda: bool(field.hints))
    assert [hint.family for hint in field.hints] == ["person-name"]
    press(desk, Key.Key_Return, ALT)
    assert field.toPlainText() == wanted
    assert field.hasFocus()


# ---- rules by field


@pytest.mark.parametrize("field", ["why", "moment", "summary", "note", "parked"])
@pytest.mark.parametrize("text", ["Be more careful.", "Every change needs two reviewers."])
def test_vague_and_blanket_actions_are_heard_only_where_actions_are_written(desk, field, text):
    families = {"vague-action", "blanket-fix"}
    assert not families & {hint.family for hint in desk.hinting.find(text, field)}
    for action in ("action", "fix"):
        assert families & {hint.family for hint in desk.hinting.find(text, action)}


def test_human_error_is_strong_as_an_answer_to_why(desk):
    for text in ("Human error", "Operator error.", "Human error by the operator"):
        (hint,) = desk.hinting.find(text, "why")
        assert (hint.family, hint.strength) == ("human-error", "strong")


# ---- settings and packs


def test_the_language_of_the_hints_is_a_choice_that_holds_at_once(desks, qtbot):
    desk = desks.open()
    german = "Wer hat das freigegeben?"
    assert desk.hinting.find(german, "why") == ()
    dialog = SettingsDialog(desks.window.settings, desks.window)
    dialog.changed.connect(desks.window._take_settings)
    choice = dialog.choices["hints_language"]
    choice.setCurrentIndex(choice.findData("de"))
    choice.activated.emit(choice.currentIndex())
    qtbot.waitUntil(lambda: desks.window.desk.hinting.find(german, "why") != ())
    assert desks.window.settings == Settings(hints_language="de")
    dialog.deleteLater()


def test_a_broken_pack_is_named_when_an_incident_is_opened(desks, packs):
    (packs / "ours.toml").write_text(
        '[[rule]]\nid = "ours.bad"\nfamily = "no such"\npatterns = ["x"]\n'
        '[[rule]]\nid = "ours.good"\nfamily = "hindsight"\npatterns = ["[ yeehaw ]"]\n',
        encoding="utf-8",
    )
    desk = desks.open()
    assert "ours.toml:2: ours.bad" in desk.messages.text
    assert "The other rules work." in desk.messages.text
    assert desk.hinting.find("A yeehaw deploy.", "why")


def test_the_keys_of_the_panel_are_free_of_others():
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
