"""Objects of a PDF that is being made, compressed in groups: the tree alone has thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from pyhanko.pdf_utils.generic import StreamObject

if TYPE_CHECKING:
    from pyhanko.pdf_utils.writer import PdfFileWriter

# A reader looks through a group for one object of it, so groups are small.
_GROUP: Final = 100


def pack_objects(writer: PdfFileWriter, plain: Collection[int]) -> None:
    """Put everything into groups but streams and the objects of these numbers."""
    loose = [
        number
        for generation, number in sorted(writer.objects)
        if generation == 0
        and number not in plain
        and not isinstance(writer.objects[generation, number], StreamObject)
    ]
    for numbers in _groups(loose):
        group = writer.prepare_object_stream()
        for number in numbers:
            packed = writer.objects.pop((0, number))
            group.add_object(number, packed)
            writer.objs_in_streams[number] = packed


def _groups(numbers: list[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while group := list(islice(rest, _GROUP)):
        yield group
