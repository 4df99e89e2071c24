"""The preview shows the pages of a report, turns them, zooms, and hands out its text."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication

from facilitator.settings import Settings
from facilitator.ui.report.board import SignBoard
from facilitator.ui.report.page_view import MOST_PIXELS
from facilitator.ui.report.page_work import draw_page, make_paper
from facilitator.ui.report.preview import Preview
from facilitator.ui.report.verify_dialog import VerifyDialog
from facilitator.ui.report.work import Order
from facilitator.ui.tasks import Tasks
from facilitator.ui.theme import Theme
from tests.report.report_kit import AT, HEAD, hostile, rich

NOON = datetime(2026, 3, 6, 11, 0, tzinfo=UTC)
ORDER = Order(rich(), HEAD, AT)


@pytest.fixture(scope="module")
def paper():
    return make_paper(ORDER)


@pytest.fixture
def make(qtbot, tasks, tmp_path):
    def make(theme="light", tasks=tasks, size=(1000, 700), **more):
        preview = Preview(
            tasks,
            Theme(theme),
            suggested=tmp_path / "draft.pdf",
            ask=lambda _parent, _title, suggested, _kinds: suggested,
            **more,
        )
        qtbot.addWidget(preview)
        preview.resize(*size)
        with qtbot.waitExposed(preview):
            preview.show()
        return preview

    return make


@pytest.fixture
def preview(make):
    preview = make()
    preview.show_order(ORDER, "Revision 1, draft")
    return preview


@pytest.fixture
def opened(monkeypatch):
    urls = []
    monkeypatch.setattr(QDesktopServices, "openUrl", urls.append)
    return urls


def test_all_pages_are_listed_with_a_picture_each(preview, paper):
    assert preview.list.count() == len(paper.sizes) > 3
    assert preview.is_ready
    assert preview.words.text() == f"Revision 1, draft, page 1 of {len(paper.sizes)}"
    item = preview.list.item(2)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Page 3"
    ink = item.icon().pixmap(104, 147).toImage()
    assert {ink.pixelColor(x, 40).name() for x in range(10, 95)} != {"#ffffff"}


def test_the_large_page_is_what_the_file_holds(preview, paper):
    width = preview.page.pixels
    drawn = draw_page(paper.pdf, 0, width).image
    shown = preview.page.viewport().grab().toImage()
    left = (shown.width() - width) // 2
    for x, y in ((200, 60), (300, 120), (80, 170), (width // 2, 300)):
        assert shown.pixelColor(left + x, 16 + y) == drawn.pixelColor(x, y)


def test_keys_turn_pages_zoom_and_leave(qtbot, preview):
    page = preview.page
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(page, Qt.Key.Key_PageDown, control)
    qtbot.keyClick(page, Qt.Key.Key_PageDown, control)
    qtbot.keyClick(page, Qt.Key.Key_PageUp, control)
    assert preview.number == 1
    qtbot.keyClick(page, Qt.Key.Key_End)
    assert preview.number == preview.list.count() - 1
    qtbot.keyClick(page, Qt.Key.Key_Home)
    assert preview.number == 0
    fitted = page.scale
    qtbot.keyClick(page, Qt.Key.Key_Plus, control)
    assert page.scale > fitted
    qtbot.keyClick(page, Qt.Key.Key_Minus, control)
    qtbot.keyClick(page, Qt.Key.Key_Minus, control)
    assert page.scale < fitted
    qtbot.keyClick(page, Qt.Key.Key_1, control)
    assert (page.scale, preview.zoom.text()) == (1.0, "100 %")
    qtbot.keyClick(page, Qt.Key.Key_0, control)
    assert page.scale == fitted
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not preview.isVisible()


def test_paging_goes_down_a_page_before_it_turns_it(qtbot, preview):
    bar = preview.page.verticalScrollBar()
    assert bar.maximum() > 0
    seen = []
    while preview.number == 0:
        seen.append(bar.value())
        qtbot.keyClick(preview.page, Qt.Key.Key_PageDown)
    assert seen[-1] == bar.maximum()
    assert len(seen) > 1
    assert bar.value() == 0
    qtbot.keyClick(preview.page, Qt.Key.Key_PageUp)
    assert (preview.number, bar.value()) == (0, bar.maximum())


def test_the_ends_of_the_report_hold(preview):
    preview.turn(-1)
    assert preview.number == 0
    preview.turn(1000)
    assert preview.number == preview.list.count() - 1


def test_zooming_ends_somewhere_and_never_asks_for_more_pixels_than_a_screen_has(preview):
    for _ in range(20):
        preview.page.larger()
    assert preview.page.scale == 3.0
    assert preview.page.pixels <= MOST_PIXELS
    assert preview.is_ready
    for _ in range(20):
        preview.page.smaller()
    assert preview.page.scale == 0.25
    assert preview.is_ready


def test_fitted_pages_follow_the_width(preview):
    before = preview.page.pixels
    preview.resize(1300, 700)
    assert preview.page.is_fitted
    assert preview.page.pixels == before + 300
    assert preview.is_ready


def test_twice_the_pixels_on_a_fine_screen(preview, monkeypatch):
    plain = preview.page.pixels
    monkeypatch.setattr(type(preview.page), "devicePixelRatioF", lambda _self: 2.0)
    preview.page.real_size()
    preview.page.fit()
    assert preview.page.pixels == 2 * plain
    assert preview.is_ready


def test_a_draft_is_on_no_disk_until_it_is_saved(preview, tmp_path, opened, paper):
    assert preview.save.isVisible()
    assert not preview.open_file.isVisible()
    preview.save.click()
    file = tmp_path / "draft.pdf"
    assert file.read_bytes() == paper.pdf
    assert not preview.save.isVisible()
    preview.open_file.click()
    preview.show_folder.click()
    assert [url.toLocalFile() for url in opened] == [str(file), str(tmp_path)]


def test_the_text_for_an_email_says_what_leadership_asks_and_no_name(preview):
    preview.copy.click()
    said = QGuiApplication.clipboard().text()
    for fact in (
        rich().incident.title,
        "2,340 patients affected (5.2 % of 45,000)",
        "WHY THE SYSTEM ALLOWED IT",
        "Owner: product owner",
        "Ticket QA-311",
        "nobody has signed it",
    ):
        assert fact in said
    assert [n for n in ("Marama", "Tāne", "Ines", "Petrov", "Ruiz") if n in said] == []


def test_a_file_that_is_no_pdf_is_said_to_be_none(make, tmp_path):
    file = tmp_path / "no.pdf"
    file.write_bytes(b"not at all")
    preview = make()
    preview.show_file(file, ORDER, file.name)
    assert "cannot be read as a PDF" in preview.notice.text()
    preview.show_file(tmp_path / "missing.pdf", ORDER, "missing.pdf")
    assert "No such file" in preview.notice.text()
    assert not preview.copy.isEnabled()


def test_hostile_text_is_shown_too(make):
    preview = make()
    preview.show_order(replace(ORDER, document=hostile(2_000)), "<b>x</b>")
    assert preview.is_ready
    assert preview.words.text().startswith("<b>x</b>, page 1")


def test_pictures_come_from_another_thread_and_a_closed_window_is_left_alone(qtbot, make):
    tasks = Tasks()
    preview = make("dark", tasks=tasks)
    preview.show_order(ORDER, "Revision 1, draft")
    assert not preview.is_ready
    qtbot.waitUntil(lambda: preview.is_ready, timeout=30_000)
    preview.turn(1)
    preview.close()
    preview.deleteLater()
    assert tasks.close()
    qtbot.waitUntil(lambda: not tasks.is_busy)


@pytest.fixture
def chosen(chosen, tmp_path):
    chosen.take(Settings(reports_folder=str(tmp_path)))
    return chosen


@pytest.fixture
def board(qtbot, theme, tasks, session, chosen):
    board = SignBoard(
        session,
        theme,
        settings=chosen,
        tasks=tasks,
        open_hints=lambda: (),
        now=lambda: NOON,
    )
    qtbot.addWidget(board)
    board.show()
    return board


def test_the_sign_board_shows_a_draft(board):
    board.steps.preview.click()
    preview = board.window().findChild(Preview)
    assert preview.isVisible()
    assert preview.words.text().startswith("Revision 1, draft, page 1 of")
    preview.reject()
    assert not preview.isVisible()


def test_a_share_safe_draft_is_previewed_as_one(board, chosen):
    board.steps.share.setChecked(True)
    assert "Tickets are printed" in board.preview()._paper.email
    chosen.take(Settings(share_words="Tickets=Forms"))
    said = board.preview()._paper.email
    assert "Tickets" not in said


def test_a_file_goes_on_to_be_verified_and_a_draft_does_not(qtbot, make, tmp_path, paper):
    asked = []
    file = tmp_path / "final.pdf"
    file.write_bytes(paper.pdf)
    preview = make(verify=asked.append)
    preview.show_order(ORDER, "Revision 1, draft")
    assert not preview.verify.isVisible()
    preview.show_file(file, ORDER, file.name)
    preview.verify.click()
    assert asked == [file]


def test_a_file_of_no_library_is_shown_without_an_email(make, tmp_path, paper):
    file = tmp_path / "theirs.pdf"
    file.write_bytes(paper.pdf)
    preview = make()
    preview.show_file(file, None, file.name)
    assert preview.list.count() == len(paper.sizes)
    assert not preview.copy.isVisible()
    assert not preview.verify.isVisible()


def test_who_is_to_sign_a_file_looks_at_its_pages_first(qtbot, tasks, theme, tmp_path, paper):
    file = tmp_path / "theirs.pdf"
    file.write_bytes(paper.pdf)
    dialog = VerifyDialog(tasks, theme, folder=tmp_path)
    qtbot.addWidget(dialog)
    assert not dialog.look.isEnabled()
    dialog.take([file])
    preview = dialog.look_at_pages()
    assert preview.words.text() == f"theirs.pdf, page 1 of {len(paper.sizes)}"
