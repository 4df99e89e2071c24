"""Whatever a text says, no window reads it as markup and no picture named in it is opened."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QGroupBox,
    QLabel,
    QMenu,
    QTabBar,
    QTextEdit,
)

from facilitator.app import make_parts
from facilitator.model.change import Change, Edit
from facilitator.model.records import KINDS, PHASES, ClockMark, Moment, Revision, Series, Why
from facilitator.settings import Settings
from facilitator.store.library import Library
from facilitator.ui.keys import KeysDialog
from facilitator.ui.library.delete import DeleteDialog
from facilitator.ui.library.new_incident import NewIncidentDialog
from facilitator.ui.palette import CommandPalette
from facilitator.ui.phrases_popup import PhrasesPopup
from facilitator.ui.pictures import SteppedClock
from facilitator.ui.settings_dialog import SettingsDialog
from facilitator.ui.window import MainWindow

SOURCES = sorted((Path(__file__).resolve().parents[2] / "facilitator" / "ui").rglob("*.py"))
AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
STRIKING = "#fe01dc"  # in no theme
# What has to be one of few words, or an id, for a document to hang together.
FIXED = {
    "incident": {
        "id": "x",
        "severity": "P1",
        "zone": "UTC",
        "level": "scope",
        "label": "adr-drift",
    },
    "person": {"role": "tech-lead"},
    "topic": {"phase": "whys"},
    "moment": {"lane": "signal", "precision": "exact", "key": "", "provenance": "recorded"},
    "series": {"digest": "0" * 64},
    "why": {"parent": "", "level": "scope"},
    "evidence": {"why": "why", "moment": "moment"},
    "fix": {"artefact_kind": "checklist", "why": "why"},
    "follow_up": {"kind": "", "status": "open"},
    "parked": {"phase": "whys", "destination": "retro"},
    "waiver": {"rule": "counterfactual", "record": "", "field": ""},
    "clock_mark": {"kind": "opening", "topic": "topic", "payer": "", "boot_id": "b"},
    "revision": {},
    "signature": {"revision": "revision", "role": "tech-lead"},
}
VALUES = {
    "int": 7,
    "float": 1.0,
    "bool": False,
    "datetime": AT,
    "datetime | None": AT,
    "date | None": AT.date(),
    "int | None": 7,
    "tuple[str, ...]": (),
    "tuple[tuple[float, float], ...]": ((AT.timestamp(), 1.0), (AT.timestamp() + 60, 2.0)),
}


class Canaries:
    """Texts that name a real picture of a colour that nothing of ours has."""

    def __init__(self, folder):
        self.file = folder / "canary.png"
        picture = QImage(60, 60, QImage.Format.Format_RGB32)
        picture.fill(QColor(STRIKING))
        assert picture.save(str(self.file))
        self._made = 0

    def text(self):
        """The next one, told from the others by its number."""
        self._made += 1
        return (
            f'&a<img src="file://{self.file}"><b>n{self._made}</b>&amp;x [*] %s {{0}} should have'
        )


def record(kind, canaries, record_id, **values):
    """A record of this kind that is a canary in every text that may be one."""
    made = {"id": record_id}
    fixed = FIXED[kind]
    for field in fields(KINDS[kind]):
        if field.name in made:
            continue
        if field.name in fixed:
            made[field.name] = fixed[field.name]
        elif field.type == "str":
            made[field.name] = canaries.text()
        else:
            made[field.name] = VALUES[field.type]
    return KINDS[kind](**{**made, **values})


def hostile_incident(canaries):
    """One edit with every kind of record, canaries in all of their texts."""
    records = [
        record("incident", canaries, "x", sample=False),
        *(
            record("topic", canaries, f"t{n}", phase=p, rank=n, floor=0)
            for n, p in enumerate(PHASES)
        ),
        *(
            record("person", canaries, role, role=role)
            for role in ("tech-lead", "on-call", "product-owner", "participant")
        ),
        record("moment", canaries, "moment", until=None),
        record("moment", canaries, "early", until=None, key="deployed", lane="change"),
        record("moment", canaries, "unknown", at=None, until=None),
        record("series", canaries, "series"),
        record("why", canaries, "why"),
        record("why", canaries, "deeper", parent="why", root_cause=True),
        record("evidence", canaries, "evidence"),
        record("fix", canaries, "fix"),
        record("follow_up", canaries, "follow_up"),
        record("parked", canaries, "parked"),
        record("waiver", canaries, "waiver"),
    ]
    return Edit(canaries.text(), tuple(Change(None, each) for each in records))


@pytest.fixture
def canaries(qapp, tmp_path):
    return Canaries(tmp_path)


@pytest.fixture
def clock():
    return SteppedClock(AT)


@pytest.fixture
def window(qtbot, tmp_path, canaries, clock):
    library = Library(tmp_path / "library.sqlite")
    library.create(hostile_incident(canaries))
    parts = replace(make_parts(library), now=clock, steady=clock.steady)
    window = MainWindow(parts, Settings(), remember=False)
    qtbot.addWidget(window)
    window.resize(1600, 950)
    window.show_start()
    window.show()
    yield window
    window.close()


@pytest.fixture
def desk(window):
    window.open_incident("x")
    QApplication.processEvents()
    return window.desk


def is_canary(text):
    return 'img src="file' in text or "img src=&quot;file" in text


def shows_markup(text):
    """Whether Qt would read this text of ours as markup with the canary's in it."""
    return is_canary(text) and "<img" in text


def faults_of(widget):
    """What a widget would read as markup, or as the mark of a mnemonic."""
    yield from faults_of_words(widget)
    if shows_markup(widget.toolTip()):
        yield f"tool tip {widget.toolTip()}"
    if is_canary(widget.whatsThis()) or is_canary(widget.statusTip()):
        yield "what's this"
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from faults_of_items(widget)
    for action in widget.actions():
        yield from mnemonics("action", action.text())
        # Elsewhere an action's tool tip, which is its text, is never shown.
        if shows_markup(action.toolTip()) and not isinstance(widget, QMenu):
            yield f"tool tip of an action {action.toolTip()}"
    if isinstance(widget, QMenu) and widget.toolTipsVisible():
        yield "a menu with tool tips"


def faults_of_words(widget):
    match widget:
        case QLabel() if widget.textFormat() is not Qt.TextFormat.PlainText:
            if is_canary(widget.text()):
                yield f"label {widget.text()}"
        case QTextEdit() if is_canary(widget.toPlainText()):
            yield "a rich text editor"
        case QAbstractButton():
            yield from mnemonics("button", widget.text())
        case QGroupBox():
            yield from mnemonics("group", widget.title())
        case QTabBar():
            for index in range(widget.count()):
                yield from mnemonics("tab", widget.tabText(index))


def faults_of_items(view):
    model = view.model()
    for row in range(model.rowCount()):
        tip = model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
        if tip and shows_markup(str(tip)):
            yield f"tool tip of an item {tip}"


def mnemonics(what, words):
    if is_canary(words) and "&" in words.replace("&&", ""):
        yield f"{what} {words}"


def faults():
    return [fault for widget in QApplication.allWidgets() for fault in faults_of(widget)]


def shows_colour(pixmap):
    """Whether two pixels side by side have the canary's colour."""
    picture = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return (QColor(STRIKING).rgb().to_bytes(4, "little") * 2) in bytes(picture.constBits())


def check(*widgets):
    """Nothing here, nor anywhere else, reads a text as anything but a text."""
    QApplication.processEvents()
    assert faults() == []
    for widget in widgets:
        assert not shows_colour(widget.grab())


def test_the_check_itself_finds_a_label_that_reads_markup(qtbot, canaries):
    label = QLabel(canaries.text())
    qtbot.addWidget(label)
    label.resize(400, 100)
    label.show()
    QApplication.processEvents()
    assert shows_colour(label.grab())
    assert [fault for fault in faults() if fault.startswith("label")]
    label.setText("")


def test_every_kind_of_record_is_in_the_incident(canaries):
    kinds = {type(change.after) for change in hostile_incident(canaries).changes}
    assert set(KINDS.values()) - kinds <= {ClockMark, Revision, KINDS["signature"]}
    assert kinds >= {Moment, Why, Series}


def test_the_start_page_and_its_dialogs(qtbot, window):
    check(window)
    page = window._start
    delete = DeleteDialog(window._parts.library.incidents()[0], page)
    new = NewIncidentDialog(page)
    for dialog in (delete, new):
        qtbot.addWidget(dialog)
        dialog.show()
    check(delete, new)
    page.tell(window._parts.library.incidents()[0].title)
    check(window)


def test_every_board(window, desk):
    for phase in PHASES:
        desk.look(phase)
        check(window)


def test_the_desk_in_dark_and_small(window, desk):
    window.toggle_theme()
    window.resize(1280, 720)
    window.desk.look("whys")
    check(window)


def test_every_card_of_the_room(window, desk):
    title = desk.session.document.incident.title
    for card in ("opening", *PHASES):
        desk.stage.change(card=card, why="deeper", reading=-1, asked="")
        assert not shows_colour(window.room.picture(1920, 1080))
        desk.stage.change(reading=0, asked=title)
        assert not shows_colour(window.room.picture(1920, 1080))
    check(window)


def test_what_the_message_bar_is_told(desk, window, canaries):
    desk.messages.say(canaries.text())
    check(window)
    desk.session.refused.emit(canaries.text())
    check(window)


def test_the_private_panel(desk, window):
    desk.action("redirect").trigger()
    desk.private.say(desk.session.document.incident.title)
    check(window)
    assert desk.book.count > 0


def test_popups_and_dialogs(qtbot, desk, window):
    made = [
        KeysDialog(window),
        SettingsDialog(window.settings, window),
        CommandPalette(desk.actions_by_id, window),
        PhrasesPopup(window._parts.bank(), desk.phrase_values(), window),
    ]
    for each in made:
        qtbot.addWidget(each)
        each.show()
    check(*made)


def test_the_choice_of_who_pays_for_more_time(desk, clock):
    desk.meeting.start()
    desk.meeting.start()
    desk.meeting.extend_2()
    menus = [m for m in QApplication.topLevelWidgets() if isinstance(m, QMenu) and m.isVisible()]
    assert any(is_canary(action.text()) for menu in menus for action in menu.actions())
    check(*menus)
    for menu in menus:
        menu.close()


def test_the_menus_of_tree_and_timeline(qtbot, desk):
    from facilitator.ui.timeline.menu import TimelineMenu
    from facilitator.ui.whys.menu import make_menu

    document = desk.session.document
    tree = make_menu(desk, document, document.get(Why, "why"), False)
    moments = TimelineMenu([document.get(Moment, "moment")], desk.timeline.canvas.asked, desk)
    inner = [m for menu in (tree, moments) for m in menu.findChildren(QMenu)]
    assert any(is_canary(action.text()) for menu in inner for action in menu.actions())
    check(tree, moments, *inner)


def test_tool_tips_of_tree_and_timeline_show_the_text_as_typed(desk):
    from facilitator.ui.timeline.tips import tip_at

    canvas = desk.timeline.canvas
    tips = {
        tip_at(canvas.view, x, y)
        for x in range(0, canvas.width(), 12)
        for y in range(0, canvas.height(), 12)
    }
    told = [tip for tip in tips if is_canary(tip)]
    assert told
    assert not any("<img" in tip for tip in told)


def test_the_windows_title_shows_the_incidents_title_as_typed(desk, window):
    shown = window.windowTitle()
    assert "[*][*]" in shown  # with one, Qt would take it for its own mark of unsaved changes
    assert desk.session.document.incident.title in shown.replace("[*][*]", "[*]")


def test_static_texts_are_plain():
    found = [
        (path, line)
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").split("QStaticText(")[1:]
        if "PlainText" not in line[:400]
    ]
    assert found == []


def test_only_our_own_label_is_used_for_texts():
    found = [
        f"{path.name}: {line.strip()}"
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<!Plain)\bQLabel\([^)]", line) and "class " not in line
    ]
    assert found == []
