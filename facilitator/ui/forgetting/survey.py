"""Where words stand, read on another thread, and the sentences about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facilitator.model.forgetting import Words
from facilitator.store import forgetting
from facilitator.store.copies import WORDS, Copy
from facilitator.store.forgetting import Standing
from facilitator.store.library import Library
from facilitator.store.reaching import Held, Reached
from facilitator.ui.labels import shortened

_TITLE = 60
_DATES = 2


@dataclass(frozen=True, slots=True)
class Survey:
    """Where words stand: in the incidents that are meant, in the others, in copies."""

    words: Words
    everywhere: bool
    here: tuple[Standing, ...]
    others: tuple[Standing, ...]
    held: tuple[Held, ...]

    @property
    def sound(self) -> tuple[Copy, ...]:
        """The copies that hold them and can be edited."""
        return tuple(held.copy for held in self.held if not held.problem)

    @property
    def damaged(self) -> tuple[Copy, ...]:
        """The copies that may hold them and can only be destroyed."""
        return tuple(held.copy for held in self.held if held.can_be_destroyed)


def survey(library: Library, words: Words, incident: str, everywhere: bool) -> Survey:
    """Where they stand; copies are searched for the incident alone unless it is `everywhere`.

    Without an incident all are meant. Raises LibraryProblem.
    """
    found = library.standing(words)
    here = tuple(each for each in found if everywhere or incident in ("", each.incident))
    others = tuple(each for each in found if each not in here)
    here = tuple(sorted(here, key=lambda each: each.incident != incident))
    only = (incident,) if incident and not everywhere else ()
    held = library.held(forgetting.of_words(words, only, library.now))
    return Survey(words, everywhere, here, others, held)


def count(number: int, word: str, many: str = "") -> str:
    """A number with its word: 1 field, 2 fields."""
    return f"{number:,} {word if number == 1 else many or f'{word}s'}"


def standing_line(standing: Standing) -> str:
    """What stands in an incident."""
    if standing.problem:
        return standing.problem
    parts = (
        count(standing.fields, "field") if standing.fields else "",
        count(standing.entries, "past edit") if standing.entries else "",
        count(standing.drafts, "uncommitted text") if standing.drafts else "",
    )
    return ", ".join(filter(None, parts)) or "Nowhere"


def copy_line(copy: Copy) -> str:
    """Of when a copy is, in the time of this computer, and what it is."""
    return f"{copy.at.astimezone():%d %b %Y, %H:%M:%S} · {WORDS[copy.kind]}"


def held_line(held: Held) -> str:
    """What is to be said of a copy that holds them or may."""
    return held.problem or "Holds it"


def final_sentence(standings: Iterable[Standing]) -> str:
    """What becomes of reports that are final; empty when none is touched."""
    final = [each for each in standings if each.revision]
    if not final:
        return ""
    one = final[0]
    signed = f", with {count(one.signed, 'signature')}" if one.signed else ""
    more = f" (and {len(final) - 1} more)" if len(final) > 1 else ""
    return (
        f"Revision {one.revision} of “{shortened(one.title, _TITLE)}”{more} is final{signed}. It"
        " stays recorded so, and its PDF stays valid and keeps the words; the incident goes on as a"
        " new revision, to be made final and signed anew."
    )


def spelled_sentence(standings: Iterable[Standing]) -> str:
    """What is spelled otherwise and stays; empty when nothing is."""
    found: dict[str, int] = {}
    for each in standings:
        for word, times in each.spelled.items():
            found[word] = found.get(word, 0) + times
    if not found:
        return ""
    most = sorted(found, key=lambda word: -found[word])
    told = ", ".join(f"“{shortened(word, 30)}” {found[word]}×" for word in most[:6])
    more = f" and {len(most) - 6} more" if len(most) > 6 else ""
    return f"Stays, for it is spelled otherwise: {told}{more}."


def damaged_dates(copies: Iterable[Copy]) -> str:
    """The dates of copies, each once; the first few, for they stand beside a box."""
    days = list(dict.fromkeys(f"{copy.at.astimezone():%d %b %Y, %H:%M}" for copy in copies))
    more = [f"{len(days) - _DATES} more"] if len(days) > _DATES else []
    return "; ".join([*days[:_DATES], *more])


def reached_sentence(reached: Reached) -> str:
    """What became of the copies."""
    parts = []
    if reached.cleaned:
        parts.append(f"{count(len(reached.cleaned), 'copy', 'copies')} cleaned.")
    if reached.destroyed:
        parts.append(f"{count(len(reached.destroyed), 'damaged file')} deleted.")
    if reached.left:
        keeps = count(len(reached.left), "copy keeps", "copies keep")
        parts.append(f"{keeps} it or may: {'; '.join(map(_left, reached.left))}.")
    return " ".join(parts)


def _left(held: Held) -> str:
    why = f" ({held.problem.rstrip('.')})" if held.problem else ""
    return f"{held.copy.path.name}{why}"
