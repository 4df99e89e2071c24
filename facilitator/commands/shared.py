"""What all commands share: the library and incident they mean, files they write, how they fail."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from facilitator import paths
from facilitator.exchange.imported import ImportProblem
from facilitator.model.change import Refused
from facilitator.report.errors import ReportError
from facilitator.session import NotSaved, Session
from facilitator.store.library import Library
from facilitator.store.problems import LibraryProblem

FORESEEN: Final = (Refused, ImportProblem, LibraryProblem, NotSaved, ReportError)
BAD_INPUT: Final = 2
NOT_IN_ORDER: Final = 1
LAST: Final = "last"


class Group(click.Group):
    """Commands whose foreseen failures end in a sentence on standard error and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run the command."""
        try:
            return super().invoke(ctx)
        except FORESEEN as problem:
            fail(str(problem))


class Problem(click.ClickException):
    """Wrong use or bad input: a sentence for standard error, and exit status 2."""

    exit_code = BAD_INPUT


class NotInOrder(Problem):
    """The thing checked is not in order."""

    exit_code = NOT_IN_ORDER


def fail(sentence: str, status: int = BAD_INPUT) -> NoReturn:
    """End the command with a sentence on standard error."""
    raise NotInOrder(sentence) if status == NOT_IN_ORDER else Problem(sentence)


@contextmanager
def about(file: Path) -> Iterator[None]:
    """What a report or identity says is wrong is said of this file, by its name."""
    try:
        yield
    except ReportError as problem:
        fail(f"{file}: {problem}")


def warn(sentence: str) -> None:
    """Say something on standard error and go on."""
    click.echo(sentence, err=True)


def library_path(ctx: click.Context) -> Path:
    """The library that --library, the environment or the default names."""
    named = ctx.find_root().params.get("library")
    return Path(named) if named else paths.library_file()


def fail_missing(path: Path) -> NoReturn:
    """Say that there is no library, and how to get one."""
    fail(
        f"There is no library {path}. Name another one with --library, or make one with"
        " “facilitator demo” or “facilitator new”."
    )


@contextmanager
def open_library(ctx: click.Context, *, make: bool = False) -> Iterator[Library]:
    """The library, closed afterwards; only with `make` is a missing one created."""
    path = library_path(ctx).expanduser()
    if not make and not path.exists():
        fail_missing(path)
    library = Library(path)
    if library.behind is not None:
        warn(f"{library.behind} The window offers it; “facilitator check” names it.")
    try:
        yield library
    finally:
        library.close()


@contextmanager
def open_session(library: Library, incident: str) -> Iterator[Session]:
    """The incident, open for editing; on disk when this returns."""
    session = Session(library, incident_id(library, incident))
    try:
        yield session
        session.wait()
    finally:
        session.close()


def incident_id(library: Library, named: str) -> str:
    """The id that is meant; “last” is the one that came into the library last."""
    known = [summary.id for summary in library.incidents()]
    if named == LAST and known:
        return known[-1]
    if named not in known:
        some = "it is empty" if not known else "“facilitator incidents” lists them"
        fail(f"{library.path} has no incident “{named}”; {some}.")
    return named


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; what keeps it from being read becomes a sentence."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        fail(f"There is no file {path}. Check the name.")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")


def write_file(path: Path, data: bytes) -> None:
    """Put data in a file, whole or not at all; what keeps it from it becomes a sentence."""
    if _is_database(path):
        fail(f"{path} is a database and stays as it is. Name another place with -o.")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}. Name another place with -o.")
    finally:
        part.unlink(missing_ok=True)


def _is_database(path: Path) -> bool:
    """Whether a slip of the keyboard would put a report in the place of a library."""
    try:
        with path.open("rb") as file:
            return file.read(15) == b"SQLite format 3"
    except OSError:
        return False


def passphrase(file: Path | None, *, confirm: bool = False) -> str:
    """The passphrase from its file less one final newline, else from the keyboard or a pipe."""
    return secret(file, "Passphrase", confirm=confirm)


def secret(file: Path | None, name: str, *, confirm: bool = False) -> str:
    """A passphrase or PIN from its file less one final newline, else from keyboard or pipe."""
    if file is not None:
        return _one_line(read_bytes(file), f"The {name} in {file}")
    if sys.stdin.isatty():
        typed: str = click.prompt(name, hide_input=True, confirmation_prompt=confirm)
        return typed
    return _one_line(sys.stdin.buffer.readline(), f"The {name} on standard input")


def _one_line(data: bytes, what: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        fail(f"{what} is no UTF-8 text.")
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text
