"""What the main window is made of, handed over by the composition root."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facilitator.model.change import Edit
from facilitator.model.clock import Instant
from facilitator.store.library import Library
from facilitator.ui.tasks import Tasks

if TYPE_CHECKING:
    from facilitator.language.phrases import PhraseBank
    from facilitator.language.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Parts:
    """The library and what comes with the app; rules and phrases are read when first asked for."""

    library: Library
    rules: Callable[[Library, str], RuleSet]  # for a language: "en" or "de"
    bank: Callable[[], PhraseBank]
    now: Callable[[], Instant]
    tasks: Tasks
    make_demo: Callable[[Library], str]
    new_incident: Callable[..., Edit]
    leave: Callable[[], object]  # ends the app though a disk hangs
    steady: Callable[[], float] = time.monotonic
