"""What a report costs: ours beside plain reportlab and Qt's QPdfWriter with the same content.

Ours is the whole final report: PDF/A-3a and PDF/UA-1 with charts, tree, attachment and fields to
sign in. The others get its finished words and tables and write a plain PDF. Each figure is from a
process of its own, round by round in turn: the whole process until the PDF is there, its first
making with all that is loaded for it, and one more.

python -m tests.benchmarks.bench_report [ROUNDS]      also 0 and 10,000 of everything: many
"""

import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from datetime import timedelta

from facilitator.model.document import Document
from facilitator.model.records import FollowUp, Moment, Why
from tests.report.report_kit import AT, HEAD, empty, rich, utc

ROUNDS, AGAIN = 5, 3
TOOLS = ("ours", "qt", "reportlab")
AIM = 1.3  # times Qt's CPU
LANES = ("change", "signal", "action", "communication", "impact")


def large(moments: int = 500, whys: int = 300, actions: int = 100) -> Document:
    """A meeting with so many moments, whys and actions."""
    records = [r for r in rich().records() if not isinstance(r, Moment | Why | FollowUp)]
    for n in range(moments):
        text = f"Moment {n}: the queue of bookings was looked at again and {n} waited in it"
        records.append(Moment(f"b{n}", text, LANES[n % 5], utc(12, 0) + timedelta(seconds=70 * n)))
    for n in range(whys):
        parent = f"y{(n - 1) // 3}" if n else ""
        records.append(Why(f"y{n}", f"Answer {n}: no check looked at this case", parent, float(n)))
    for n in range(actions):
        records.append(FollowUp(f"a{n}", f"Action {n}: look at the case", owner="QA lead"))
    return Document(records)


DOCUMENTS = {
    "a meeting as in the demo": rich,
    "500 moments, 300 whys, 100 actions": large,
    "nothing": empty,
    "10,000 moments, 10,000 whys, 10,000 actions": lambda: large(10_000, 10_000, 10_000),
}


def one(tool: str, size: str, again: int) -> dict[str, float]:
    """The figures of one tool: milliseconds, MB, KB, pages."""
    from facilitator.report.content import edition_of, report_content
    from facilitator.report.pdf import PAPERS, render_report
    from tests.benchmarks.report_peers import by_qt, by_reportlab, said

    document = DOCUMENTS[size]()
    content = said(report_content(document, edition_of(document, final=True, head=HEAD, at=AT)))
    makers = {
        "ours": lambda: render_report(document, final=True, head=HEAD, at=AT),
        "qt": lambda: by_qt(content, PAPERS["A4"]),
        "reportlab": lambda: by_reportlab(content, PAPERS["A4"]),
    }
    figures, pdf = timed(makers[tool])
    found = {"process CPU": 1000 * time.process_time(), "first CPU": figures["CPU"]}
    runs = [timed(makers[tool])[0] for _ in range(again)]
    found |= {name: min(run[name] for run in runs) for name in figures if runs}
    found["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["KB"] = len(pdf) / 1000
    found["pages"] = pdf.count(b"/Type /Page\n") or pages_of(pdf)
    return found


def timed(make) -> tuple[dict[str, float], bytes]:
    """CPU and wall milliseconds of one making, and what it made."""
    wall, cpu = time.perf_counter(), time.process_time()
    pdf = make()
    return {
        "CPU": 1000 * (time.process_time() - cpu),
        "wall": 1000 * (time.perf_counter() - wall),
    }, pdf


def pages_of(pdf: bytes) -> int:
    """How many pages there are."""
    from facilitator.report.pages import page_count

    return page_count(pdf)


def measure(size: str, rounds: int, tools=TOOLS, again: int = AGAIN) -> None:
    """Print what each tool needs for one size of report."""
    found = {tool: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            here = (sys.executable, "-m", "tests.benchmarks.bench_report", "one", tool, size)
            done = subprocess.run([*here, str(again)], capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr)
            found[tool].append(json.loads(done.stdout.splitlines()[-1]))
    print(size)
    told = {
        tool: {name: statistics.median(run[name] for run in runs) for name in runs[0]}
        for tool, runs in found.items()
    }
    for tool, figures in told.items():
        parts = [f"{name} {figures[name]:.0f}" for name in figures]
        beside = ""
        if "qt" in told and tool != "qt":
            parted = (figures[n] / told["qt"][n] for n in ("process CPU", "first CPU", "CPU"))
            beside = f"   {', '.join(f'{each:.2f}' for each in parted)} x Qt's CPU"
        print(f"  {tool:<10} {'   '.join(parts)}{beside}")


def main(arguments: list[str]) -> None:
    """Measure the sizes."""
    rounds = next((int(word) for word in arguments if word.isdigit()), ROUNDS)
    print(f"Report, Python {platform.python_version()}, medians of {rounds}; times in ms")
    print(f"aim: CPU at most {AIM} x Qt's; the large one in 1500 ms CPU, 120 MB, 300 KB")
    small, big, nothing, many = DOCUMENTS
    measure(small, rounds)
    measure(big, rounds)
    if "many" in arguments:
        measure(nothing, 1, ("ours",))
        measure(many, 1, ("ours",), again=0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
    else:
        main(sys.argv[1:])
