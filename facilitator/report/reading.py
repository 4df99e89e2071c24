"""Reading a PDF strictly, and its compressed groups of objects in time that grows evenly."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader


@dataclass(frozen=True, slots=True)
class _Group:
    """Objects that are compressed together: place in the group and offset, by number."""

    data: bytes
    places: dict[int, tuple[int, int]]


class Reader(PdfFileReader):
    """Takes a group apart once; pyHanko's own does so again for each object that is in it."""

    def __init__(self, pdf: bytes) -> None:
        self._groups: dict[int, _Group] = {}
        super().__init__(io.BytesIO(pdf), strict=True)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        """Forget what was read: it all knows its reader, and would wait for the collector, which
        stops every thread while it looks at it.
        """
        self.__dict__.clear()

    def packed_data(self) -> list[bytes]:
        """What every group of objects holds, in all revisions."""
        used = range(self.xrefs.total_revisions)
        numbers = {ref.idnum for n in used for ref in self.xrefs.object_streams_used_in(n)}
        return [self._unpacked(number)[1] for number in sorted(numbers)]

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:  # noqa: ANN401
        group = self._group(stmnum)
        place, offset = group.places.get(idnum, (-1, 0))
        if place != idx:
            raise PdfStrictReadError("A compressed object is not where it should be.")
        stream = io.BytesIO(group.data)
        stream.seek(offset)
        found = generic.read_object(stream, generic.Reference(idnum, 0, self))
        if isinstance(found, generic.StreamObject | generic.IndirectObject):
            raise PdfStrictReadError("A compressed object is of a kind that cannot be one.")
        return found

    def _group(self, number: int) -> _Group:
        if number not in self._groups:
            self._groups[number] = self._take_apart(number)
        return self._groups[number]

    def _unpacked(self, number: int) -> tuple[generic.StreamObject, bytes]:
        stream = generic.Reference(number, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
            raise PdfStrictReadError("What should hold compressed objects does not.")
        return stream, bytes(stream.read_data(DecodePurpose.OBJECT_STREAM))

    def _take_apart(self, number: int) -> _Group:
        stream, data = self._unpacked(number)
        first, count = int(stream["/First"]), int(stream["/N"])
        try:
            said = [int(word) for word in data[:first].split()]
        except ValueError as problem:
            raise PdfStrictReadError("The list of compressed objects is damaged.") from problem
        if len(said) != 2 * count:
            raise PdfStrictReadError("The list of compressed objects is damaged.")
        places: dict[int, tuple[int, int]] = {}
        for place, (held, offset) in enumerate(zip(said[::2], said[1::2], strict=True)):
            places.setdefault(held, (place, first + offset))
        return _Group(data, places)
