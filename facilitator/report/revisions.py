"""Whether a later revision only adds a signature, told from what it changed.

pyHanko proves the same by reading every object of the earlier revisions, which takes seconds where
a report has thousands. Here everything but one narrow case is left to it: one field of the report
was empty and now holds a new signature and its seal; nothing else that was there is other than it
was, and nothing that was there speaks of what is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffPolicy,
    DiffResult,
    ModificationLevel,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.fields import MDPPerm

from facilitator.report.fields import SIGNATURE_FIELDS
from facilitator.report.reading import Reader
from facilitator.report.structure import pages_below

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
    from pyhanko.sign.fields import FieldMDPSpec

# As pyHanko has it, but for objects that nothing speaks of: another revision might, one day.
_PYHANKOS: Final = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules,
    DEFAULT_DIFF_POLICY.form_rule,
    ignore_orphaned_objects=False,
)
# A reference as PDF spells it: two numbers and an R, with white space or comments between them.
_SPACE: Final = rb"(?:[\0\t\n\v\f\r ]|%[^\r\n]*+[\r\n])"
_REFERENCE: Final = re.compile(rb"(?<![0-9])([0-9]++)" + _SPACE + rb"++[0-9]++" + _SPACE + rb"*+R")
_FILLED: Final = frozenset(("/V", "/AP"))
_UNCHANGED_TRAILER: Final = ("/Root", "/Info", "/Encrypt")


class Revisions(DiffPolicy):
    """Judges what came after a signature; one for each reading of a file."""

    def __init__(self, reader: Reader, pdf: bytes) -> None:
        self._reader = reader
        self._pdf = pdf
        self._spoken: Counter[int] | None = None
        self._added: dict[int, str | None] = {}

    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        """As pyHanko has it."""
        return _PYHANKOS.apply(old, new, field_mdp_spec, doc_mdp)

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        """What was changed since a revision; a suspicion instead where it may not be."""
        base = base_revision if isinstance(base_revision, int) else base_revision.revision
        names = [self._added_in(n) for n in range(base + 1, reader.xrefs.total_revisions)]
        added = {name for name in names if name is not None and reader is self._reader}
        plain = len(added) == len(names) and doc_mdp in (None, MDPPerm.FILL_FORMS)
        if plain and not any(field_mdp_spec and field_mdp_spec.is_locked(n) for n in added):
            level = ModificationLevel.FORM_FILLING if added else ModificationLevel.NONE
            return DiffResult(level, added)
        return _PYHANKOS.review_file(reader, base_revision, field_mdp_spec, doc_mdp)

    def _added_in(self, revision: int) -> str | None:
        """The field of the one signature that this revision adds, None for anything else."""
        if revision not in self._added:
            try:
                self._added[revision] = self._judged(revision)
            except (PdfError, KeyError, ValueError, TypeError, AttributeError, IndexError):
                # Not built as we build it; pyHanko says what that means.
                self._added[revision] = None
        return self._added[revision]

    def _judged(self, revision: int) -> str | None:
        reader, xrefs = self._reader, self._reader.xrefs
        before = xrefs.get_xref_container_info(revision - 1)
        changed = xrefs.explicit_refs_in_revision(revision)
        old = [ref for ref in changed if ref.idnum < before.size]
        new = {ref.idnum for ref in changed if ref.idnum >= before.size}
        is_plain = (
            len(old) == 1
            and not any(ref.generation for ref in changed)
            and not xrefs.refs_freed_in_revision(revision)
            and not xrefs.object_streams_used_in(revision)
            and not xrefs.hybrid_xrefs_present
            and _same(reader.trailer, revision)
        )
        if not is_plain:
            return None
        was, now = self._at(old[0], revision - 1), self._at(old[0], revision)
        if not _is_filled(was, now, new):
            return None
        list_ref = xrefs.get_xref_container_info(revision).stream_ref
        own = new - ({list_ref.idnum} if list_ref else set())
        explained = self._explained(now, own, revision)
        # Each of them is spoken of where it belongs and nowhere else in the whole file.
        spoken = self._spoken_of()
        if set(explained) != own or any(spoken[n] != explained.get(n, 0) for n in new):
            return None
        return str(now["/T"]) if spoken[old[0].idnum] == self._places(old[0], was) else None

    def _at(self, ref: generic.Reference, revision: int) -> Any:  # noqa: ANN401
        reader: Any = self._reader
        return reader.get_object(ref, revision)

    def _explained(self, field: Any, own: set[int], revision: int) -> Counter[int]:  # noqa: ANN401
        """How often the filled field and what hangs on it speak of each new object."""
        found: Counter[int] = Counter()
        waiting = [field]
        while waiting:
            for ref in _references(waiting.pop()):
                if ref.idnum in own:
                    found[ref.idnum] += 1
                    if found[ref.idnum] == 1:
                        waiting.append(self._at(ref.reference, revision))
        return found

    def _spoken_of(self) -> Counter[int]:
        """How often a reference to each number is spelled, anywhere in the file."""
        if self._spoken is None:
            words: Counter[bytes] = Counter()
            for part in (self._pdf, *self._reader.packed_data()):
                words.update(_REFERENCE.findall(part))
            self._spoken = Counter()
            for word, times in words.items():
                self._spoken[int(word)] += times
        return self._spoken

    def _places(self, ref: generic.Reference, field: Any) -> int:  # noqa: ANN401
        """In how many places a field may be spoken of and is: in the form, on its page, and in
        the tree of what the marks mean. -1 when it is missing on one of the first two.
        """
        root = self._reader.root
        fields = root["/AcroForm"]["/Fields"]
        names = {str(each.get_object().raw_get("/T")) for each in fields}
        listed = _times(fields, ref) if len(names) == len(fields) else 0
        pages = pages_below(root["/Pages"])
        shown = sum(_times(page["/Annots"], ref) for page in pages if "/Annots" in page)
        return 2 + self._named(ref, field) if listed == shown == 1 else -1

    def _named(self, ref: generic.Reference, field: Any) -> int:  # noqa: ANN401
        """1 when a node of the tree, right below its top, says that this is a field."""
        root = self._reader.root
        if "/StructTreeRoot" not in root or "/StructParent" not in field:
            return 0
        top = root["/StructTreeRoot"]
        numbers = top["/ParentTree"]["/Nums"]
        places = [n for n in range(0, len(numbers) - 1, 2) if numbers[n] == field["/StructParent"]]
        if len(places) != 1:
            return 0
        node = numbers.raw_get(places[0] + 1)
        said = node.get_object()
        is_there = (
            said.raw_get("/P") == top.raw_get("/K")
            and _times(top["/K"]["/K"], node.reference) == 1
            and isinstance(said["/K"], generic.DictionaryObject)
            and said["/K"]["/Type"] == "/OBJR"
            and said["/K"].raw_get("/Obj").reference == ref
        )
        return int(is_there)


def _same(trailer: Any, revision: int) -> bool:  # noqa: ANN401
    """Whether the same catalog and facts are named as before."""
    was, now = trailer.flatten(revision - 1), trailer.flatten(revision)
    return all(_raw(was, key) == _raw(now, key) for key in _UNCHANGED_TRAILER)


def _is_filled(was: Any, now: Any, new: set[int]) -> bool:  # noqa: ANN401
    """Whether one of the report's fields was empty, and has nothing more than a new signature."""
    fields = (was, now)
    if not all(type(each) is generic.DictionaryObject for each in fields):
        return False
    if "/V" in was or set(now) - set(was) - _FILLED or set(was) - set(now):
        return False
    if any(was.raw_get(key) != now.raw_get(key) for key in set(was) - _FILLED):
        return False
    value, seal = _raw(now, "/V"), _raw(now, "/AP")
    return (
        str(_raw(now, "/T")) in SIGNATURE_FIELDS.values()
        and _raw(now, "/FT") == "/Sig"
        and _raw(now, "/Subtype") == "/Widget"
        and not {"/Kids", "/Parent", "/A", "/AA"} & set(now)
        and isinstance(value, generic.IndirectObject)
        and value.idnum in new
        and value.get_object()["/Type"] == "/Sig"
        and type(seal) is generic.DictionaryObject
        and set(seal) == {"/N"}
    )


def _raw(dictionary: Any, key: str) -> Any:  # noqa: ANN401
    return dictionary.raw_get(key) if key in dictionary else None


def _references(found: Any) -> Iterator[generic.IndirectObject]:  # noqa: ANN401
    """Every reference in an object, not followed."""
    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, generic.IndirectObject):
            yield each
        elif isinstance(each, generic.DictionaryObject):
            waiting += [each.raw_get(key) for key in each]
        elif isinstance(each, generic.ArrayObject):
            waiting += [each.raw_get(n) for n in range(len(each))]


def _times(array: Any, ref: generic.Reference) -> int:  # noqa: ANN401
    raw = (array.raw_get(n) for n in range(len(array)))
    return sum(isinstance(each, generic.IndirectObject) and each.reference == ref for each in raw)
