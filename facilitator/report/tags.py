"""What the marks on the pages mean: the tree a screen reader walks, and the canvas that marks.

Everything drawn outside a mark is an artifact: rules, grounds, running heads, repeated heads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from reportlab.lib.colors import HexColor, getAllNamedColors
from reportlab.pdfgen.canvas import Canvas

Rect = tuple[float, float, float, float]
_ARTIFACT: Final = "/Artifact BMC"
_END: Final = "EMC"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a page: page index from 0, and the number of the mark on that page."""

    page: int
    number: int


@dataclass(eq=False, slots=True)
class Element:
    """A node of the tree; `kind` is one of PDF's standard types (P, H1, Table, ...)."""

    kind: str
    parent: Element | None = None
    kids: list[Element | Mark] = field(default_factory=list)
    alt: str = ""
    box: Rect | None = None
    page: int = 0
    scope: str = ""
    """Of a TH: Row or Column."""
    columns: int = 1
    role: str = ""
    """Of a Form: whose signature it is."""
    text: str = ""
    """What it says in the order of reading, where it does not lie on the page in that order."""
    language: str = ""

    def child(self, kind: str, **values: Any) -> Element:  # noqa: ANN401
        """A new node at the end of this one."""
        made = Element(kind, self, **values)
        self.kids.append(made)
        return made

    def let_go(self) -> None:
        """Forget what is below. Nodes that know each other would wait for the collector, which
        stops every thread while it looks at thousands of them.
        """
        waiting = [self]
        while waiting:
            each = waiting.pop()
            waiting += [kid for kid in each.kids if isinstance(kid, Element)]
            each.kids.clear()
            each.parent = None


def listed(root: Element | None, kind: str = "LBody") -> tuple[Element, Element]:
    """A list (the given one, or a new one) and the body of a new point of it."""
    root = root or Element("L")
    return root, root.child("LI").child(kind)


@lru_cache(maxsize=64)
def _ink(color: str) -> Any:  # noqa: ANN401
    # Tables begin in black by its name.
    return HexColor(color) if color.startswith("#") else getAllNamedColors()[color]


class TaggedCanvas(Canvas):
    """Draws as its parent does, and keeps the tree of what was drawn in the order of drawing."""

    # What its parent has no types for.
    getPageNumber: Callable[[], int]
    absolutePosition: Callable[[float, float], tuple[float, float]]
    tree: Element
    _marks: int
    _is_silent: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self.tree = Element("Document")
        self._marks = 0
        self._is_silent = False
        Canvas.__init__(self, *args, **kwargs)

    def said(self) -> dict[str, str]:
        """What the file says of itself: title, subject, author, creator, producer."""
        info: Any = self._doc.info
        names = ("title", "subject", "author", "creator", "producer")
        return {name: str(getattr(info, name)) for name in names}

    def setFillColor(self, color: Any, alpha: float | None = None) -> None:  # noqa: ANN401
        """Fill in this colour from now on; ours are texts, which reportlab reads anew each time."""
        Canvas.setFillColor(self, _ink(color) if isinstance(color, str) else color, alpha)

    def setStrokeColor(self, color: Any, alpha: float | None = None) -> None:  # noqa: ANN401
        """Draw lines in this colour from now on."""
        Canvas.setStrokeColor(self, _ink(color) if isinstance(color, str) else color, alpha)

    def let_go(self) -> None:
        """Forget what was drawn, once it is written, so that none of it waits for the collector."""
        document: Any = self._doc
        for each in (*document.idToObject.values(), document, self):
            vars(each).clear()

    def place(self, element: Element) -> None:
        """Put a node, with all it belongs to, at the end of the tree unless it is there."""
        top = element
        while top.parent is not None:
            top = top.parent
        if top is not self.tree:
            top.parent = self.tree
            self.tree.kids.append(top)

    @contextmanager
    def marked(self, element: Element, text: str = "", language: str = "") -> Iterator[None]:
        """What is drawn meanwhile belongs to this node.

        `text` says it in the order of reading, `language` in which language; both may be empty.
        """
        if self._is_silent:
            yield
            return
        if text or language:
            element = element.child("Span", text=text, language=language)
        self.place(element)
        mark = Mark(self.getPageNumber() - 1, self._marks)
        self._marks += 1
        element.kids.append(mark)
        code: list[str] = self._code
        code.append(f"{_END} /{element.kind} <</MCID {mark.number}>> BDC")
        yield
        code.append(f"{_END} {_ARTIFACT}")

    @contextmanager
    def silent(self) -> Iterator[None]:
        """What is drawn meanwhile was read before: the head of a table on its later pages."""
        before, self._is_silent = self._is_silent, True
        yield
        self._is_silent = before

    def box_of(self, width: float, height: float) -> Rect:
        """Where on the page a drawing of this size lies whose corner is the origin."""
        return (*self.absolutePosition(0, 0), *self.absolutePosition(width, height))

    def showPage(self) -> None:
        """Close the page, everything unmarked on it being an artifact."""
        self._code.insert(0, _ARTIFACT)
        self._code.append(_END)
        self._marks = 0
        Canvas.showPage(self)
