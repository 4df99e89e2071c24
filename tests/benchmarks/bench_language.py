"""How fast the language hints are: words a second, and one field as it is typed.

python tests/benchmarks/bench_language.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from facilitator.language.hints import find_hints  # noqa: E402
from facilitator.language.rules import load_rules  # noqa: E402

PROSE = """
At 18:14 the first customers saw an error on checkout. The queue had grown since ten past six,
and the alert for its length was set to a value from last year. The engineer on call opened the
dashboard at 18:37 and restarted two workers. The graph fell for a minute and rose again. Support
told customers about the delay at 18:50. At 20:02 the team turned the feature flag off; the rate of
errors fell to normal within six minutes. The migration held a lock on the order table, because
the new column had a default. Nothing in the pipeline looks at the size of a table. The reviewer
should have checked the size, and nobody tested the change on a copy. Root cause: human error.
"""
FIELD = (
    "The reviewer approved the change because the diff was small, and the size of the table is not "
    "in it. The developer should have checked the plan first. We need to be more careful with "
    "migrations, and the pipeline could tell us how long the lock will last on a table this big."
)


def words_a_second(text: str, seconds: float = 3.0) -> float:
    """Words of running text read in one second, measured over some seconds."""
    rules = load_rules(*sorted((ROOT / "resources/language").glob("en*.toml")))
    words, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        find_hints(text, rules)
        words += len(text.split())
    return words / (time.perf_counter() - began)


def keystrokes(text: str, rounds: int = 4) -> list[float]:
    """Milliseconds of the processor after each keystroke while a field fills up."""
    rules = load_rules(*sorted((ROOT / "resources/language").glob("en*.toml")))
    rules.prepare()
    took = []
    for _ in range(rounds):
        for end in range(len(text) - 100, len(text) + 1):
            began = time.thread_time()
            find_hints(text[:end], rules)
            took.append(1000 * (time.thread_time() - began))
    return took


def main() -> None:
    """Print the figures, each with the aim beside it."""
    began = time.perf_counter()
    rules = load_rules(*sorted((ROOT / "resources/language").glob("en*.toml")))
    loading = 1000 * (time.perf_counter() - began)
    began = time.perf_counter()
    patterns = rules.prepare()
    preparing = 1000 * (time.perf_counter() - began)
    took = keystrokes(FIELD)
    print(f"loading the English rules: {loading:.0f} ms; preparing {patterns}: {preparing:.0f} ms")
    print(f"running text: {words_a_second(PROSE * 20):,.0f} words/s (aim 10,000)")
    print(
        f"a field of {len(FIELD)} characters: median {median(took):.2f} ms (aim 2), "
        f"p99 {quantiles(took, n=100)[98]:.2f} ms (aim 5)"
    )


if __name__ == "__main__":
    main()
