"""Notes put into markup: elements around characters that are known by their plain text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from lxml import etree

from aggregator.html.layout import INVISIBLE
from aggregator.html.sanitising import clean_noted
from aggregator.html.seen import MATHEMATICS
from aggregator.html.tree import tree

_HOLLOW = re.compile(rf"\s+|{INVISIBLE.pattern}")
_SOLID = re.compile(rf"(?!{INVISIBLE.pattern})\S")


@dataclass(frozen=True, slots=True)
class Note:
    """Characters ``start:end`` of a plain text, and what is noted of them.

    ``title`` is what a pointer that rests on them shows.
    """

    start: int
    end: int
    kind: Literal["evidence", "boilerplate"]
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A text in a tree: that of an element, or what follows it."""

    element: etree._Element
    is_tail: bool
    text: str


def annotated(html: str, text: str, notes: Iterable[Note]) -> str | None:
    """Return sanitised markup with notes on characters of its plain text, safe to show as before.

    Evidence stands in ``<mark class="evidence">``, boilerplate in ``<span class="boilerplate">``;
    what reaches over several elements is noted in each, within formulas not at all. ``notes``
    are in order, and none overlaps another. Return None where ``text`` is not the plain text of
    ``html`` (`aggregator.html.layout.plain`), or the beginning of it: where only pictures speak.
    """
    body = tree(html)
    if body is None:
        return None
    places = tuple(_places(body))
    if not _solid("".join(place.text for place in places)).startswith(_solid(text)):
        return None
    wanted = _counted(text, tuple(notes))
    at = 0
    for place in places:
        length = len(_solid(place.text))
        here = [note for note in wanted if note.start < at + length and note.end > at]
        if here and not _in_formula(place):
            _write(place, _pieces(place.text, here, at))
        at += length
    return clean_noted(body)


def _places(body: etree._Element) -> Iterator[_Place]:
    for event, element in etree.iterwalk(body, events=("start", "end")):
        text = element.text if event == "start" else element.tail
        if text:
            yield _Place(element, event == "end", text)


def _solid(text: str) -> str:
    """Return the characters that laying out leaves as they are: what two texts are compared by."""
    return _HOLLOW.sub("", text)


def _counted(text: str, notes: Sequence[Note]) -> list[Note]:
    """Return notes that count nothing but solid characters."""
    ends = sorted({0, *(end for note in notes for end in (note.start, note.end))})
    solid, found = 0, {0: 0}
    for start, end in pairwise(ends):
        solid += len(_solid(text[start:end]))
        found[end] = solid
    return [Note(found[note.start], found[note.end], note.kind, note.title) for note in notes]


def _in_formula(place: _Place) -> bool:
    element = place.element.getparent() if place.is_tail else place.element
    return element is not None and element.tag in MATHEMATICS


def _pieces(text: str, notes: Iterable[Note], at: int) -> Iterator[tuple[str, Note | None]]:
    """Yield a text in pieces, each with what is noted of it; ``at`` is its first character's."""
    solid = [character.start() for character in _SOLID.finditer(text)]
    done = 0
    for note in notes:
        start = solid[max(note.start - at, 0)]
        end = solid[min(note.end - at, len(solid)) - 1] + 1
        yield text[done:start], None
        yield text[start:end], note
        done = end
    yield text[done:], None


def _write(place: _Place, pieces: Iterable[tuple[str, Note | None]]) -> None:
    parent = place.element.getparent() if place.is_tail else place.element
    assert parent is not None  # the body's own tail is no text of it
    index = parent.index(place.element) + 1 if place.is_tail else 0
    last, is_tail = place.element, place.is_tail
    for text, note in pieces:
        if note is not None:
            last, is_tail = _element(text, note), True
            parent.insert(index, last)
            index += 1
        elif is_tail:
            last.tail = text
        else:
            last.text = text


def _element(text: str, note: Note) -> etree._Element:
    element = etree.Element("mark" if note.kind == "evidence" else "span")
    element.set("class", note.kind)
    if note.title:
        element.set("title", note.title)
    element.text = text
    return element
