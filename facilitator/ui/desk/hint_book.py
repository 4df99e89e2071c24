"""All open hints of the incident, newest first: what is typed now and what is committed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from facilitator.checks.wording import OpenHint, jargon_on_page_one, texts_of
from facilitator.language.hints import Hint
from facilitator.model.change import Edit
from facilitator.model.records import NAMES, Record
from facilitator.ui.hinting import Hinting
from facilitator.ui.qt_session import QtSession


@dataclass(frozen=True, slots=True)
class Heard:
    """The open hints of one text, as it stands now."""

    key: str
    value: str
    hints: tuple[Hint, ...]


class HintBook(QObject):
    """Follows the document and what is being typed; answers which hints are open."""

    changed = Signal()

    def __init__(self, session: QtSession, hinting: Hinting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._hinting = hinting
        self._heard: dict[str, Heard] = {}
        hinting.heard.connect(self._hear)
        hinting.changed.connect(self.read_all)
        session.changed.connect(self._follow)

    def read_all(self) -> None:
        """Look at every text of the document anew."""
        self._heard.clear()
        for record in self._session.document.records():
            self._read(record)
        self.changed.emit()

    @property
    def heard(self) -> tuple[Heard, ...]:
        """Texts with open hints, newest first."""
        return tuple(reversed(self._heard.values()))

    def hints_in(self, key: str, text: str) -> tuple[Hint, ...]:
        """The open hints to mark in this text of a place; none while others see the desk."""
        heard = self._heard.get(key)
        if heard is None or heard.value != text or not self._hinting.marks_shown:
            return ()
        return heard.hints

    @property
    def count(self) -> int:
        """How many hints are open."""
        return sum(len(each.hints) for each in self._heard.values())

    def open_hints(self) -> tuple[OpenHint, ...]:
        """The hints of committed texts, as the gates before signing want them."""
        found = []
        for each in self._heard.values():
            kind, record, field = each.key.split(":", 2)
            found += [OpenHint(kind, record, field, each.value, hint) for hint in each.hints]
        return tuple(found)

    def jargon_on_page_one(self) -> tuple[str, ...]:
        """The words of the trade that leadership would read."""
        return jargon_on_page_one(self._session.document, self._hinting.rules)

    def title_of(self, rule_id: str) -> str:
        """What a rule hears, in words; its id when the rule is not known here."""
        rules = self._hinting.rules
        rule = rules.rule(rule_id)
        family = rule.family if rule else rules.families.get(rule_id)
        return family.title if family else rule_id

    def newest(self) -> tuple[Heard, Hint] | None:
        """The newest text's first strong hint, else its first hint, or None."""
        for each in self.heard:
            strong = [hint for hint in each.hints if hint.strength == "strong"]
            return each, (strong or list(each.hints))[0]
        return None

    def _hear(self, key: str, value: str, hints: tuple[Hint, ...]) -> None:
        if self._note(key, value, hints):
            self.changed.emit()

    def _follow(self, edit: Edit) -> None:
        changed = False
        for change in edit.changes:
            if change.before is not None:
                for key in self._keys(change.before):
                    changed |= self._heard.pop(key, None) is not None
            if change.after is not None:
                if change.before is None:
                    changed |= self._forget_new(change.after)
                changed |= self._read(change.after)
        if changed:
            self.changed.emit()

    def _forget_new(self, record: Record) -> bool:
        """What was typed for a record that now exists is heard under its own id."""
        new = f"{NAMES[type(record)]}:new"
        keys = [key for key in self._heard if key.startswith(new)]
        for key in keys:
            del self._heard[key]
        return bool(keys)

    def _read(self, record: Record) -> bool:
        changed = False
        for name, field, value in texts_of(record):
            key = f"{NAMES[type(record)]}:{record.id}:{name}"
            changed |= self._note(key, value, self._hinting.open(key, value, field))
        return changed

    def _note(self, key: str, value: str, hints: tuple[Hint, ...]) -> bool:
        before = self._heard.get(key)
        now = Heard(key, value, hints)
        if (before or Heard(key, value, ())) == now:
            return False
        # A text that is heard anew becomes the newest; a quiet one leaves.
        self._heard.pop(key, None)
        if hints:
            self._heard[key] = now
        return True

    def _keys(self, record: Record) -> tuple[str, ...]:
        return tuple(
            f"{NAMES[type(record)]}:{record.id}:{name}" for name, _field, _value in texts_of(record)
        )
