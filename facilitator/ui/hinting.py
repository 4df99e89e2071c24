"""Language hints for whatever is typed: the rules, the participants' names, what is waived."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from facilitator.checks.wording import audience_of, is_waived
from facilitator.language.hints import Hint, find_hints
from facilitator.language.rules import RuleSet
from facilitator.model.change import Edit
from facilitator.model.records import Person, Waiver
from facilitator.model.redact import name_roles
from facilitator.ui.qt_session import QtSession

_LONGEST = 20_000  # characters looked at; what is longer is no note anyone reads aloud
_KEPT = 4_000


class Hinting(QObject):
    """Finds hints in a text of a given field, remembers them, and says what was heard."""

    heard = Signal(str, str, object)  # key of the field, its text, its hints
    changed = Signal()  # names or waivers are others: ask again

    def __init__(self, session: QtSession, rules: RuleSet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rules = rules
        self._known: dict[tuple[str, str], tuple[Hint, ...]] = {}
        self.enabled = True
        self.marks_shown = True
        self._names = name_roles(session.document)
        session.changed.connect(self._follow)

    @property
    def rules(self) -> RuleSet:
        """The rules in force."""
        return self._rules

    def use(self, rules: RuleSet) -> None:
        """Hear by these rules from now on."""
        if rules is not self._rules:
            self._rules = rules
            self._known.clear()
            self.changed.emit()

    def show_marks(self, *, on: bool) -> None:
        """Mark words in place or not: others may see this window."""
        if on != self.marks_shown:
            self.marks_shown = on
            self.changed.emit()

    def find(self, text: str, field: str) -> tuple[Hint, ...]:
        """The hints in a text as it stands, waived ones included; none in a field without name."""
        if not self.enabled or not text or not field:
            return ()
        ask = (text, field)
        if ask not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            self._known[ask] = find_hints(
                text[:_LONGEST],
                self._rules,
                field=field,
                names=self._names,
                audience=audience_of(field),
            )
        return self._known[ask]

    def open(self, key: str, text: str, field: str) -> tuple[Hint, ...]:
        """The hints in a text that nobody waived; `key` is kind:id:field."""
        waivers = self._session.document.all(Waiver)
        _kind, record, name = key.split(":", 2)
        return tuple(h for h in self.find(text, field) if not is_waived(h, record, name, waivers))

    def hear(self, key: str, text: str, field: str) -> tuple[Hint, ...]:
        """Find what is open and tell the private panel."""
        hints = self.open(key, text, field)
        if field:
            self.heard.emit(key, text, hints)
        return hints

    def _follow(self, edit: Edit) -> None:
        kinds = {type(change.record) for change in edit.changes}
        if Person in kinds:
            self._names = name_roles(self._session.document)
            self._known.clear()
        if kinds & {Person, Waiver}:
            self.changed.emit()
