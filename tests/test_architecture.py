"""The house stands as the table says. If this stops you, the code is asking to live elsewhere."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "facilitator"
MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 60

# Where files are, how things look, what was chosen, what time it is: open to store and above.
OPEN = {"paths", "i18n", "settings", "themes", "instants", "front"}
BELOW_CLI = {
    "language",
    "bundled",
    "model",
    "checks",
    "store",
    "exchange",
    "report",
    "session",
    "stage",
    "exporting",
} | OPEN
# A layer, and the other layers that it may import.
MAY_IMPORT = {
    "language": set(),
    "model": set(),
    "paths": set(),
    "i18n": {"paths"},
    "settings": {"paths"},
    "themes": {"paths"},
    "instants": {"model"},
    "front": set(),
    "bundled": {"language", "paths"},
    "checks": {"model", "language", "paths"},
    "store": {"model"} | OPEN,
    "exchange": {"model"} | OPEN,
    "report": {"model", "checks"} | OPEN,
    "session": {"model", "store"} | OPEN,
    "stage": {"model"} | OPEN,
    "exporting": {"model", "exchange", "report", "session"} | OPEN,
    "commands": BELOW_CLI | {"demo", "app"},
    "cli": BELOW_CLI | {"commands", "demo", "app"},
    "demo": BELOW_CLI | {"commands", "app"},
    "ui": BELOW_CLI,
    "app": BELOW_CLI | {"cli", "demo", "ui"},
    "__init__": set(),
    "__main__": {"cli", "app"},
}
# Whatever is not in the standard library, and the layers that may know it.
THIRD_PARTY = {
    "PySide6": {"ui", "app"},
    "shiboken6": {"ui", "app"},
    "sqlite_utils": {"store"},
    "pyrage": {"store"},
    "reportlab": {"report"},
    "uharfbuzz": {"report"},
    "pyhanko": {"report"},
    "pyhanko_certvalidator": {"report"},
    "asn1crypto": {"report"},
    "aiohttp": {"report"},
    "certifi": {"report"},
    "cryptography": {"report"},
    "pkcs11": {"report"},
    "pypdfium2": {"report", "ui", "commands", "demo"},
    "click": {"cli", "commands", "demo"},
    "platformdirs": {"paths"},
}
SLOW_OR_WINDOWED = ("PySide6", "reportlab", "pyhanko", "aiohttp")


def _name(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in MODULES.items()}


def _layer(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def _imports(name):
    """Every module that one imports, in functions and for types too."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def _imports_of_ours(name):
    return {found for found in _imports(name) if found.split(".")[0] == PACKAGE.name} - {name}


def _find_cycle(graph):
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down_the_table(name):
    layer = _layer(name)
    assert layer in MAY_IMPORT, f"say in MAY_IMPORT what {layer} may import"
    wrong = {
        found
        for found in _imports_of_ours(name)
        # The version, in the package itself, is everybody's.
        if _layer(found) not in MAY_IMPORT[layer] | {layer, "__init__"}
    }
    assert wrong == set()


@pytest.mark.parametrize("name", MODULES)
def test_only_the_layers_named_know_a_library(name):
    known = sys.stdlib_module_names | {PACKAGE.name}
    outside = {found.split(".")[0] for found in _imports(name)} - known
    assert {
        found for found in outside if _layer(name) not in THIRD_PARTY.get(found, set())
    } == set()


def test_no_module_needs_itself_by_a_detour():
    assert _find_cycle({name: _imports_of_ours(name) for name in MODULES}) == []


def test_a_detour_would_be_found():
    assert _find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_one_subject(name):
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_A_MODULE


@pytest.mark.parametrize("name", MODULES)
def test_a_function_fits_in_view(name):
    functions = (
        node
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    lengths = {node.name: node.end_lineno - node.lineno + 1 for node in functions}
    assert {n: lines for n, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


@pytest.mark.parametrize("name", ["facilitator.session", "facilitator.cli"])
def test_a_command_without_a_window_loads_no_window_and_no_paper(name):
    script = f"import sys, {name}; print(*sys.modules.keys() & {set(SLOW_OR_WINDOWED)!r})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.stdout.split()) == ("", [])


def test_the_layers_in_the_table_can_be_built_from_the_bottom():
    # Mutual leave (cli and demo, cli and app) is for imports inside functions at most.
    lazily = {name: {"cli", "commands", "demo", "app"} for name in ("commands", "demo", "app")}
    lazily["cli"] = {"demo", "app"}
    graph = {layer: below - lazily.get(layer, set()) for layer, below in MAY_IMPORT.items()}
    assert _find_cycle(graph) == []
