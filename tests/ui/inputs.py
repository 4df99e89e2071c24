"""Types into every input of a desk at once, and reads what stands in each of them."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from facilitator.ui.fields import TextField
from facilitator.ui.whys.editing import NEW, Editing

FIELDS = {
    "incident:tickets:title": " at the north gate",
    "incident:tickets:organisation": "Hall of Concerts",
    "incident:tickets:started_at": "2026-03-05 08:5",
    "incident:tickets:zone": "Europe/Vien",
    "incident:tickets:users_affected": "2,34",
    "incident:tickets:summary": "The shop pri",
    "incident:tickets:not_reached": "We ran out of ti",
    "fix:fix:owner": "Tariff des",
    "fix:fix:due": "1 wee",
    "fix:fix:ticket": "BK-9",
    "follow_up:f1:ticket": "OPS-1",
    "follow_up:f1:due": "3 da",
    "follow_up:new:text": "Print a test tick",
    "person:p1:name": " Mah",
    "person:new:name": "Quill Exam",
    "parked:new:text": "Ask the print",
}
EDITOR = {"text": "The gate bee", "time": "09:2", "end": "+5"}
WHY = "Nobody had dra"
REASON = "Said by the ven"


def field(desk, key):
    return next(each for each in desk.findChildren(TextField) if each.key == key)


def reason_line(desk):
    desk.private.hints.keep_first()
    return desk.private.hints._cards[0]._reason


def type_everywhere(desk):
    """Keys go to each input without the focus, so that no input is left and commits."""
    for key, text in FIELDS.items():
        field(desk, key).moveCursor(field(desk, key).textCursor().MoveOperation.End)
        QTest.keyClicks(field(desk, key), text)
    QTest.keyClick(desk.restate.people.new_role, Qt.Key.Key_Up)
    QTest.keyClicks(reason_line(desk), REASON)
    desk.timeline.new_moment()
    editor = desk.timeline.editor
    for name, text in EDITOR.items():
        QTest.keyClicks(getattr(editor, name), text)
    QTest.keyClick(editor.lane, Qt.Key.Key_Up)
    typist = desk.whys.canvas.typist
    typist.begin(Editing(NEW, "w2", came_from="w2"), focus=False)
    QTest.keyClicks(typist.field, WHY)


def read_everywhere(desk):
    """What stands in each input, the editor and the reason opened as a person would."""
    found = {key: field(desk, key).toPlainText() for key in FIELDS}
    found["role"] = desk.restate.people.new_role.currentData()
    found["why"] = desk.whys.canvas.typist.field.toPlainText()
    found["reason"] = reason_line(desk).text()
    desk.timeline.new_moment()
    editor = desk.timeline.editor
    found["text"] = editor.text.toPlainText()
    found |= {name: getattr(editor, name).text() for name in ("time", "end")}
    found["lane"] = editor.lane.currentData()
    return found
