"""A desk for one open incident, with all that lies on it; read only when the first one is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from facilitator.language.rules import RuleSet
from facilitator.session import Session
from facilitator.settings import Settings
from facilitator.stage import Stage
from facilitator.ui.desk.chime import Chime
from facilitator.ui.desk.desk import Desk, Slots
from facilitator.ui.desk.hint_book import HintBook
from facilitator.ui.filing import IncidentWindow
from facilitator.ui.parts import Parts
from facilitator.ui.qt_session import QtSession
from facilitator.ui.report.board import SignBoard


def make_desk(
    window: IncidentWindow,
    parts: Parts,
    opened: Session,
    *,
    rules: RuleSet,
    outer: Slots,
    take_settings: Callable[[Settings], object],
) -> Desk:
    """The desk of this incident; `outer` are the window's commands."""
    session = QtSession(opened, window)
    desk = Desk(
        session,
        theme=window.theme,
        rules=rules,
        bank=parts.bank(),
        stage=Stage(),
        now=parts.now,
        steady=parts.steady,
        sign_board=partial(_sign_board, window, parts, session, take_settings),
        outer=outer,
    )
    Chime(desk.ticker, lambda: window.settings.sound, desk)
    desk.hinting.enabled = window.settings.hints_on
    desk.status.show_leaving(window.settings)
    desk.files_dropped.connect(window.filing.import_files)
    return desk


def _sign_board(
    window: IncidentWindow,
    parts: Parts,
    session: QtSession,
    take_settings: Callable[[Settings], object],
    book: HintBook,
) -> QWidget:
    board = SignBoard(
        session,
        window.theme,
        settings=lambda: window.settings,
        tasks=parts.tasks,
        open_hints=book.open_hints,
    )
    board.settings_changed.connect(take_settings)
    board.go_asked.connect(window.go_to_gap)
    return board
