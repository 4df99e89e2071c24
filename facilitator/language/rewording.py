"""Complete sentences to write instead, made from the words of the sentence itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from facilitator.language.rules import Counting, Mend, RuleSet

# {slot}, {slot|form of a verb}, {slot?one|several}
_SLOT = re.compile(r"\{([a-z]+)(?:\|([a-z]+)|\?([^|{}]*)\|([^|{}]*))?\}")
_WHOLE = "^"
_FEW = 2
_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?])(?=\s|$)")
_DOUBLE_MARK = re.compile(r"[,;:]+\s*([.,;:!?])")
_LEADING_MARK = re.compile(r"^[\s,;:.–—-]+")
_END = re.compile(r"[.!?…]+$")


@dataclass(frozen=True, slots=True)
class Place:
    """The words of one sentence around what a rule found, and the slots of its pattern."""

    before: str
    after: str
    slots: Mapping[str, str]


def is_general(template: str) -> bool:
    """Whether a template says nothing of the sentence itself, so that any other is better."""
    return template.startswith(_WHOLE)


def reword(template: str, place: Place, rules: RuleSet) -> str:
    """The template as a sentence; "" when a slot is missing, has no such form or is vetoed.

    `after`, `gist` and `tail` are all what follows, for the three ways in which it is joined to
    the new words: as part of a clause, as part of a phrase, or not at all.
    """
    if is_general(template):
        # It stands for the whole sentence, so there may be nothing else in it to lose.
        if place.before.strip() or len(place.after.split()) > _FEW:
            return ""
        template = template.removeprefix(_WHOLE)
    texts = {**place.slots, "before": place.before, "after": place.after}
    texts |= {"tail": place.after, "gist": place.after}
    names = {match.group(1) for match in _SLOT.finditer(template)}
    if any(_is_vetoed(name, texts, rules) for name in names):
        return ""
    failed = False

    def fill(match: re.Match[str]) -> str:
        nonlocal failed
        name, form, one, several = match.groups()
        text = texts[name]
        if one is not None:
            return several if _is_plural(text, rules.counting) else one
        if form:
            text = _in_form(text, form, rules)
            failed = failed or not text
        return text

    sentence = tidy(_SLOT.sub(fill, template), rules.mends)
    return "" if failed else sentence


def _is_vetoed(name: str, texts: Mapping[str, str], rules: RuleSet) -> bool:
    text = texts.get(name)
    if text is None:
        return True
    return any(veto.slot == name and veto.regex.search(text) for veto in rules.vetoes)


def tidy(text: str, mends: Iterable[Mend] = ()) -> str:
    """The words as a sentence: one space between them, a capital first, a full stop last."""
    text = _SPACES.sub(" ", text).strip()
    text = _LEADING_MARK.sub("", text)
    text = _DOUBLE_MARK.sub(r"\1", _BEFORE_MARK.sub(r"\1", text))
    text = text.rstrip(" ,;:–—-")
    for mend in mends:
        text = mend.regex.sub(mend.new, text)
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if _END.search(text) else f"{text}."


def _in_form(text: str, form: str, rules: RuleSet) -> str:
    verb, space, rest = text.partition(" ")
    found = rules.verbs.form(verb, form)
    return f"{found}{space}{rest}" if found else ""


def _is_plural(text: str, counting: Counting | None) -> bool:
    if counting is None:
        return False
    low = text.casefold().strip()
    return bool(counting.plural.search(low)) and not counting.singular.search(low)
