"""Write what the language rules say about labelled sentences, for an outside scorer.

    python tests/benchmarks/score_language.py DATA_DIR OUT_DIR [--half 0|1]

DATA_DIR holds `dev.jsonl`, `examples.jsonl` and `clean_docs/`. With `--half` only the sentences
whose source falls into that half are written, gold beside prediction, so that rules made on one
half of the sources can be scored on the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from facilitator.language.hints import find_hints  # noqa: E402
from facilitator.language.rules import RuleSet, load_rules  # noqa: E402

# Families that the labelled data knows; the others have no labels to be scored against.
SCORED = frozenset(
    (
        "person-fault",
        "counterfactual",
        "human-error",
        "hindsight",
        "vague-action",
        "absolute",
        "who-question",
    )
)


def english() -> RuleSet:
    """The English rules as they are shipped."""
    return load_rules(*sorted((ROOT / "resources/language").glob("en*.toml")))


def half_of(source: str) -> int:
    """Which half of the sources a source belongs to, the same on every machine."""
    return hashlib.sha256(source.encode()).digest()[0] % 2


def spans_of(text: str, rules: RuleSet, families: frozenset[str] | None) -> list[list[int]]:
    """The spans of all hints of these families."""
    return [
        [hint.start, hint.end]
        for hint in find_hints(text, rules)
        if families is None or hint.family in families
    ]


def main() -> int:
    """Write the predictions; the exit status is 1 when a given example goes wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--all-families", action="store_true")
    options = parser.parse_args()
    rules = english()
    families = None if options.all_families else SCORED
    options.out.mkdir(parents=True, exist_ok=True)
    lines = (options.data / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    if options.half is not None:
        rows = [row for row in rows if half_of(row["source"]) == options.half]
    write(options.out / "gold.jsonl", rows)
    found = [(row["id"], spans_of(row["text"], rules, families)) for row in rows]
    write(
        options.out / "pred.jsonl",
        [{"id": name, "flagged": bool(spans), "spans": spans} for name, spans in found],
    )
    documents = []
    for path in sorted((options.data / "clean_docs").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        text = text.split("\n\n", 1)[1] if text.startswith("SOURCE:") else text
        documents.append({"id": path.stem, "spans": spans_of(text.strip(), rules, None)})
    write(options.out / "pred.docs.jsonl", documents)
    return check_examples(options.data / "examples.jsonl", rules)


def check_examples(path: Path, rules: RuleSet) -> int:
    """Print each example that goes wrong; 1 when there is one."""
    wrong = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if bool(find_hints(row["text"], rules)) != (row["label"] == "flag"):
            print(f"example: {row['label']}: {row['text']}")
            wrong = 1
    return wrong


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """The rows as JSON lines."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
