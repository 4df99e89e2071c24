"""Files lie where the platform wants them, and only their owner may look."""

import os
import stat
from pathlib import Path

import pytest

from facilitator import paths


def test_resources_are_found_in_the_source_tree():
    assert (paths.resources() / "fonts" / "OFL.txt").is_file()


def test_resources_of_an_installed_package_come_before_a_folder_beside_it(tmp_path, monkeypatch):
    installed = tmp_path / "facilitator" / "_resources"
    installed.mkdir(parents=True)
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "facilitator" / "paths.py"))
    assert paths.resources() == installed


def test_a_frozen_build_finds_its_own_resources(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert paths.resources() == tmp_path / "resources"


def test_missing_resources_are_told_with_the_places_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "facilitator" / "paths.py"))
    with pytest.raises(FileNotFoundError, match="Install it again"):
        paths.resources()


@pytest.mark.parametrize("folder", [paths.data_dir, paths.config_dir])
def test_folders_are_made_in_the_persons_home_for_their_eyes_only(folder, own_home):
    made = folder()
    assert made.is_dir()
    assert own_home in made.parents
    if os.name == "posix":
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_folder_that_is_there_already_is_used_as_it_is():
    kept = paths.data_dir() / "kept.txt"
    kept.write_text("here", encoding="utf-8")
    assert (paths.data_dir() / "kept.txt").read_text(encoding="utf-8") == "here"


def test_a_file_in_the_place_of_the_folder_is_told():
    place = paths.data_dir()
    place.rmdir()
    place.write_text("in the way", encoding="utf-8")
    with pytest.raises(FileExistsError):
        paths.data_dir()


def test_the_library_is_in_the_data_folder_unless_one_is_named(monkeypatch, own_home):
    assert paths.library_file() == paths.data_dir() / "library.sqlite"
    monkeypatch.setenv("FACILITATOR_LIBRARY", "~/stick/other.sqlite")
    assert paths.library_file() == Path(own_home) / "stick" / "other.sqlite"
