"""The ways to the question: from the commands, from a person in the list, from the start page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from facilitator.ui.filing import IncidentWindow
from facilitator.ui.tasks import Tasks

if TYPE_CHECKING:
    from facilitator.model.records import Person
    from facilitator.settings import Settings


class Forgetting(QObject):
    """Asks for a window which words are to be forgotten.

    `take_settings` gets the settings without them; `rebuild` shows the page anew, on which they
    may still stand.
    """

    def __init__(
        self,
        window: IncidentWindow,
        tasks: Tasks,
        take_settings: Callable[[Settings], object],
        rebuild: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._window, self._tasks = window, tasks
        self._take_settings, self._rebuild = take_settings, rebuild

    def ask(self) -> None:
        """Ask for words."""
        self._ask("", "")

    def ask_person(self, person_id: str) -> None:
        """Ask for the names of a participant; the role is said instead."""
        from facilitator.model.records import Person
        from facilitator.model.redact import name_parts, role_words

        desk = self._window.desk
        person = desk.session.document.find(Person, person_id) if desk is not None else None
        if person is not None:
            self._ask(", ".join(name_parts(person)), _role_of(person, role_words(person)))

    def _ask(self, words: str, instead: str) -> None:
        from facilitator.ui.forgetting.dialog import ForgetDialog

        window, desk = self._window, self._window.desk
        if window.library.read_only:
            window.tell("This is a copy to look at; nothing can be forgotten in it.")
            return
        if desk is not None:
            # What is being typed is committed by leaving the field: then it is found, too.
            window.setFocus()
            desk.end()
            desk.go_on()
        dialog = ForgetDialog(
            window.library,
            self._tasks,
            desk.session.session if desk is not None else None,
            window,
            words=words,
            instead=instead,
            share_words=window.settings.share_words,
        )
        dialog.exec()
        dialog.deleteLater()
        if dialog.share_words != window.settings.share_words:
            self._take_settings(replace(window.settings, share_words=dialog.share_words))
        if dialog.forgotten:
            self._rebuild()


def _role_of(person: Person, words: str) -> str:
    """The role in words that do not name the person again, as a title can."""
    from facilitator.model.forgetting import Words
    from facilitator.model.redact import ROLE_WORDS, name_parts

    named = Words(name_parts(person)).stand_in(words)
    return ROLE_WORDS.get(person.role, "a participant") if named else words
