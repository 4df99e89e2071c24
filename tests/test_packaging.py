"""The set-up keeps its promises: pinned, hashed, quick the second time, plain about what lacks."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "packaging"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def _pins(name):
    return dict(PIN.findall((SCRIPTS / name).read_text(encoding="utf-8")))


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture
def scripts(monkeypatch):
    """The set-up scripts, found as they find each other."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import setup_env
    import system
    import tasks

    return setup_env, system, tasks


@pytest.fixture
def empty_tree(scripts, tmp_path, monkeypatch):
    """A source tree with nothing to install, so that a set-up is quick and needs no network."""
    setup_env, system, _ = scripts
    lock = tmp_path / "requirements.lock"
    lock.write_text("", encoding="utf-8")
    monkeypatch.setattr(setup_env, "ROOT", tmp_path)
    monkeypatch.setattr(setup_env, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup_env, "LOCKS", {"run": lock, "test": lock})
    monkeypatch.setattr(setup_env, "venv_python", lambda: tmp_path / ".venv/bin/python")
    for module in (setup_env, system):
        monkeypatch.setattr(module, "may_install", lambda: False)
    return tmp_path


@pytest.fixture
def installed(scripts, empty_tree, monkeypatch):
    """The names of the locks that were installed from, with pip and Qt left out."""
    setup_env, _, _ = scripts
    names = []
    # An environment without pip of its own is made in no time.
    monkeypatch.setattr(setup_env, "_has_module", lambda name: name in ("venv", "pip"))
    monkeypatch.setattr(setup_env, "_install", lambda _pip, lock: names.append(lock.name))
    monkeypatch.setattr(setup_env, "_pyside_folder", lambda: empty_tree)
    monkeypatch.setattr(setup_env, "provide_libraries", lambda _folder, window: True)
    monkeypatch.setattr(setup_env, "_load_qt", lambda: None)
    return names


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_package_in_a_lock_has_a_version_and_hashes_and_no_address(lock):
    text = (SCRIPTS / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", text.strip())
    assert entries
    assert [e.split()[0] for e in entries if "==" not in e or "--hash=sha256:" not in e] == []
    assert re.findall(r"https?:|file:|--(?:extra-)?index|--find-links|@ ", text) == []


def test_the_lock_for_tests_holds_the_other_with_the_same_versions():
    assert _pins("requirements.lock").items() <= _pins("requirements-test.lock").items()


def test_all_that_the_project_asks_for_is_in_the_locks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["test"]
    names = {_plain(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in asked}
    assert names <= set(map(_plain, _pins("requirements-test.lock")))


def test_the_tests_run_on_what_the_lock_says():
    installed = {_plain(d.name): d.version for d in importlib.metadata.distributions()}
    locked = {_plain(name): version for name, version in _pins("requirements-test.lock").items()}
    assert {n: v for n, v in installed.items() if n in locked and locked[n] != v} == {}


def test_qt_is_the_version_that_does_not_lose_references():
    assert _pins("requirements.lock")["pyside6-essentials"] == "6.11.3"


def test_a_missing_library_is_told_with_its_package(scripts):
    _, system, _ = scripts
    said = "\tlibxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n" * 2
    assert system.not_found(said) == ["libxcb-cursor.so.0"]
    assert system.packages_for(["libxcb-cursor.so.0", "libnew.so.1"]) == [
        "libnew.so.1",
        "libxcb-cursor0",
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_the_libraries_of_this_machine_are_really_looked_at(scripts):
    _, system, _ = scripts
    import PySide6

    folder = Path(PySide6.__file__).parent
    assert all((folder / file).is_file() for file in system.QT_ALWAYS + system.QT_WINDOW)
    assert system.missing_libraries(folder, system.QT_ALWAYS) == []


def test_without_a_library_for_windows_only_a_window_is_refused(scripts, monkeypatch, capsys):
    _, system, _ = scripts
    monkeypatch.setattr(system, "may_install", lambda: False)
    monkeypatch.setattr(
        system,
        "missing_libraries",
        lambda _folder, files: ["libxcb-cursor.so.0"] if files == system.QT_WINDOW else [],
    )
    monkeypatch.setattr(system.shutil, "which", lambda name: name if name == "apt-get" else None)
    assert system.provide_libraries(ROOT, window=False) is False
    assert "apt-get install -y libxcb-cursor0" in capsys.readouterr().out
    with pytest.raises(system.CannotSetUp, match="apt-get install -y libxcb-cursor0"):
        system.provide_libraries(ROOT, window=True)


@pytest.mark.skipif(os.name != "posix", reason="paths as on POSIX")
def test_a_python_that_cannot_make_environments_gets_the_command_that_mends_it(
    scripts, empty_tree, monkeypatch
):
    setup_env, system, _ = scripts
    monkeypatch.setattr(setup_env, "_has_module", lambda name: name == "venv")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with pytest.raises(system.CannotSetUp, match=f"install -y python{version}-venv"):
        setup_env.prepare("run")
    assert not (empty_tree / ".venv").exists()


@pytest.mark.skipif(os.name != "posix", reason="paths as on POSIX")
def test_a_folder_of_somebody_elses_is_left_alone(scripts, empty_tree):
    setup_env, system, _ = scripts
    (empty_tree / ".venv").mkdir()
    (empty_tree / ".venv" / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(system.CannotSetUp, match="Move it elsewhere"):
        setup_env.prepare("run")
    assert (empty_tree / ".venv" / "diary.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.name != "posix", reason="paths as on POSIX")
def test_a_second_call_installs_nothing_until_the_lock_changes(scripts, empty_tree, installed):
    setup_env, _, _ = scripts
    python = setup_env.prepare("run")
    setup_env.prepare("run", window=True)
    assert installed == ["requirements.lock"]
    (empty_tree / "requirements.lock").write_text("# new\n", encoding="utf-8")
    setup_env.prepare("run")
    assert installed == ["requirements.lock"] * 2
    done = subprocess.run(
        [python, "-c", "import sys; print(sys.prefix)"], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == str(empty_tree / ".venv")


def test_large_downloads_are_told_and_all_is_kept_for_the_case_of_failure(scripts, capsys):
    setup_env, _, _ = scripts
    lines = [
        "Collecting pillow==1\n",
        "  Downloading pillow-1-cp311-none-any.whl (7.1 MB)\n",
        "  Downloading click-8-py3-none-any.whl (110 kB)\n",
        "ERROR: no space left\n",
    ]
    assert setup_env._follow_pip(lines)[-1] == "ERROR: no space left"
    told = capsys.readouterr().out
    assert "pillow, 7.1 MB" in told
    assert "click" not in told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "nothing was installed"),
        ("WARNING: Retrying (total=0) after connection broken by x", "cannot be reached"),
        ("ERROR: No space left on device", "No space left on device"),
    ],
)
def test_when_pip_stops_a_sentence_says_what_to_do(scripts, said, told):
    setup_env, _, _ = scripts
    assert told in setup_env._why_pip_failed([said], Path("requirements.lock"))


def test_settings_that_mislead_pip_and_python_are_not_passed_on(scripts, monkeypatch):
    setup_env, _, _ = scripts
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("KEPT", "yes")
    passed = setup_env.environment()
    assert passed["KEPT"] == "yes"
    assert {"PYTHONPATH", "PIP_USER"}.isdisjoint(passed)


def test_run_without_a_display_says_so_and_plays_the_demo(scripts, monkeypatch, capsys):
    _, _, tasks = scripts
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    called = []
    monkeypatch.setattr(tasks.sys, "platform", "linux")
    monkeypatch.setattr(tasks, "prepare", lambda *_args, **_more: Path("python"))
    monkeypatch.setattr(tasks, "_call", lambda _python, *command, **_more: called.append(command))
    tasks.run([])
    assert "no display" in capsys.readouterr().out
    assert called == [("-m", "facilitator.demo", str(ROOT / "build" / "demo"))]


def test_a_verb_that_is_not_known_lists_those_that_are():
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "tasks.py"), "fly"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "setup" in done.stderr
    assert "Traceback" not in done.stderr


def test_make_knows_every_verb(scripts):
    _, _, tasks = scripts
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    assert set(targets) == set(tasks.VERBS)


@pytest.mark.skipif(os.name != "posix", reason="paths as on POSIX")
def test_an_installation_that_was_cut_short_starts_afresh(scripts, empty_tree, installed, capsys):
    setup_env, _, _ = scripts
    (empty_tree / ".venv").mkdir()
    (empty_tree / ".venv" / "pyvenv.cfg").write_text("", encoding="utf-8")
    (empty_tree / ".venv" / setup_env.UNFINISHED).touch()
    (empty_tree / ".venv" / "half.so").write_text("half", encoding="utf-8")
    setup_env.prepare("run")
    assert "cut short" in capsys.readouterr().out
    assert installed == ["requirements.lock"]
    assert not (empty_tree / ".venv" / "half.so").exists()
    assert not (empty_tree / ".venv" / setup_env.UNFINISHED).exists()
