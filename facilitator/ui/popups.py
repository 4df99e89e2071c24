"""What comes up over the window for a moment: all commands, the keys, phrases to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facilitator.language.phrases import PhraseBank
    from facilitator.ui.filing import IncidentWindow


def show_palette(window: IncidentWindow) -> None:
    """Every command, to be found by its words."""
    from facilitator.ui.palette import CommandPalette

    if window.desk is not None:
        CommandPalette(window.desk.actions_by_id, window).open()


def show_keys(window: IncidentWindow) -> None:
    """The keys of the desk."""
    from facilitator.ui.keys import KeysDialog

    dialog = KeysDialog(window)
    dialog.exec()
    dialog.deleteLater()


def show_phrases(window: IncidentWindow, bank: Callable[[], PhraseBank]) -> None:
    """Phrases to say, with this incident's words in their blanks."""
    from facilitator.ui.phrases_popup import PhrasesPopup

    if window.desk is not None:
        popup = PhrasesPopup(bank(), window.desk.phrase_values(), window)
        popup.chosen.connect(window.desk.private.say)
        popup.open()
