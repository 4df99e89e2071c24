"""The six-page report beside plain reportlab with the same text, in the same run.

python -m tests.benchmarks.bench_report
"""

import io
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from xml.sax.saxutils import escape

import pypdfium2
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate

from facilitator.model.document import Document
from facilitator.model.records import FollowUp, Moment, Why
from facilitator.report.content import edition_of, incident_json, report_content, shorter_front
from facilitator.report.fields import document_facts, finish_pdf
from facilitator.report.fonts import REGULAR, register
from facilitator.report.pdf import PAPERS, render_pages, render_report
from facilitator.themes import colors
from tests.report.report_kit import AT, HEAD, rich, utc

ROUNDS = 7


def large() -> Document:
    """A meeting with 500 moments, 300 whys and 100 actions."""
    records = [r for r in rich().records() if not isinstance(r, Moment | Why | FollowUp)]
    lanes = ("change", "signal", "action", "communication", "impact")
    for n in range(500):
        text = f"Moment {n}: the queue of bookings was looked at again and {n} waited in it"
        records.append(Moment(f"b{n}", text, lanes[n % 5], utc(12, 0) + timedelta(seconds=70 * n)))
    for n in range(300):
        parent = f"y{(n - 1) // 3}" if n else ""
        records.append(Why(f"y{n}", f"Answer {n}: no check looked at this case", parent, float(n)))
    for n in range(100):
        records.append(FollowUp(f"a{n}", f"Action {n}: look at the case", owner="QA lead"))
    return Document(records)


def lines_of(pdf: bytes) -> list[str]:
    """The text of a report, line by line."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [line for page in pages for line in page.splitlines()]


def plain(lines: list[str]) -> bytes:
    """The same text as paragraphs of plain reportlab with the same typeface embedded."""
    register()
    style = ParagraphStyle("plain", fontName=REGULAR, fontSize=9.5, leading=13.5)
    out = io.BytesIO()
    story = [Paragraph(escape(line), style) for line in lines]
    SimpleDocTemplate(out, pagesize=PAPERS["A4"], initialFontName=REGULAR).build(story)
    return out.getvalue()


def pages_only(document: Document) -> bytes:
    """Our pages, before facts, attachment and fields."""
    edition = edition_of(document, final=True, head=HEAD, at=AT)
    report = report_content(document, edition)
    return render_pages(
        report, lambda most: shorter_front(document, edition, most), colors("light"), PAPERS["A4"]
    )[0]


def finished(document: Document, pages: bytes) -> bytes:
    """The last step alone: facts and attachment."""
    data = incident_json(document, HEAD, 1)
    facts = document_facts(data, incident="i1", revision=1, chain_head=HEAD[1])
    return finish_pdf(pages, facts, data)


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median wall and CPU milliseconds."""
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        cpus.append(1000 * (time.process_time() - cpu))
        walls.append(1000 * (time.perf_counter() - wall))
    return statistics.median(walls), statistics.median(cpus)


def told(name: str, found: tuple[float, float], floor: tuple[float, float] | None = None) -> None:
    """Print one line."""
    beside = f"   {found[1] / floor[1]:5.2f} x floor" if floor else ""
    print(f"{name:<46} {found[0]:8.1f} ms wall {found[1]:8.1f} ms CPU{beside}")


def measure(name: str, document: Document, rounds: int) -> None:
    """One report beside its floor."""
    pdf = render_report(document, final=True, head=HEAD, at=AT)
    lines, pages = lines_of(pdf), pages_only(document)
    with pypdfium2.PdfDocument(pdf) as opened:
        print(f"{name}: {len(opened)} pages, {len(pdf) / 1000:.0f} KB")
    floor = timed(lambda: plain(lines), rounds)
    told("  floor: plain reportlab, same lines of text", floor)
    told("  pages alone", timed(lambda: pages_only(document), rounds), floor)
    told("  attachment, facts, fields", timed(lambda: finished(document, pages), rounds), floor)
    whole = timed(lambda: render_report(document, final=True, head=HEAD, at=AT), rounds)
    told("  whole final report", whole, floor)


def main() -> None:
    """Measure both sizes."""
    print(f"Report, Python {platform.python_version()}, medians; aim: whole at most 3 x floor")
    measure("a meeting as in the demo", rich(), ROUNDS)
    measure("500 moments, 300 whys, 100 actions", large(), 3)
    if sys.platform == "linux":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory of this run: {peak:.0f} MB")


if __name__ == "__main__":
    main()
