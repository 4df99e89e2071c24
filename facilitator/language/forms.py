"""Forms of verbs: from any form to any other, by tables of endings and exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

BASE = "base"


class Verbs:
    """The verbs that are listed, in all their forms; a verb that is not listed has none."""

    def __init__(
        self,
        names: Sequence[str] = (),
        endings: Mapping[str, Iterable[Sequence[str]]] | None = None,
        irregular: Iterable[str] = (),
        extra: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.names = tuple(names)
        self._endings = {
            name: [(re.compile(ending), new) for ending, new in pairs]
            for name, pairs in (endings or {}).items()
        }
        self._irregular = {row.split()[0]: row.split()[1:] for row in irregular}
        # Forms that only some verbs have, such as the noun "response" of "respond".
        self._extra = extra or {}
        self._forms: dict[str, dict[str, str]] = {}
        self._base: dict[str, str] = {}
        for verb in self._irregular:
            self.add(verb)

    def add(self, verb: str) -> Mapping[str, str]:
        """All forms of a verb given by its base form, which is known from now on."""
        known = self._forms.get(verb)
        if known is not None:
            return known
        given = self._irregular.get(verb, ())
        forms = {BASE: verb}
        for number, name in enumerate(self.names):
            forms[name] = given[number] if number < len(given) else self._regular(verb, name)
        self._forms[verb] = forms
        for form in forms.values():
            self._base.setdefault(form, verb)
        return forms

    def form(self, word: str, name: str) -> str:
        """Another form of a verb in any form; "" when the verb is not listed."""
        base = self._base.get(word.casefold())
        if base is None:
            return ""
        return self._forms[base].get(name) or self._extra.get(name, {}).get(base, "")

    def _regular(self, verb: str, name: str) -> str:
        for ending, new in self._endings.get(name, ()):
            if ending.search(verb):
                return ending.sub(new, verb, count=1)
        return verb
