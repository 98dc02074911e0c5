"""CDATA sections, also those that are left open or stand in each other.

::

    <title><![CDATA[a]]></title>                      as it should be
    <title><![CDATA[a</title> … <![CDATA[b]]>         left open: it ends with its element
    <title><![CDATA[a <![CDATA[b]]> c]]></title>      one in another: both are one
"""

import re
from dataclasses import dataclass

_START_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)[^<>]*>\s*")
_BROKEN_END = re.compile(r"\]\]?\s*>?\s*\Z")
_BEGIN = "<![CDATA["
_END = "]]>"

_ANY_CLOSER = re.compile(
    r"</(?:content(?::encoded)?|description|entry|guid|id|item|link|summary|title)>"
)
_LONGEST_END = 40
_NEAR = 65_536
"""How many characters after an inner section its outer one is looked for."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it should have been written, and where in the text the next thing begins."""

    written: str
    end: int
    mistake: str = ""


class Sections:
    """Reads the sections of one text from its beginning to its end, in linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, int] = {}

    def find(self, end: str, start: int) -> int:
        """Return where ``end`` stands next, -1 if it does not; ``start`` never goes back."""
        known = self._found.get(end, start)
        if known == -1 or known > start:
            return known
        self._found[end] = self._text.find(end, start)
        return self._found[end]

    def read(self, start: int, inside: int) -> Section:
        """Return the section that begins at ``start``, and with its text at ``inside``."""
        end = self.find(_END, inside)
        limit = len(self._text) if end == -1 else end
        inner = self._text.find(_BEGIN, inside, limit)
        if end != -1 and inner == -1:
            return Section(f"{_BEGIN}{self._text[inside:end]}{_END}", end + len(_END))
        closer = self._closer(start)
        closes = closer.search(self._text, inside, limit)
        closed = closes.start() if closes else -1
        if closed != -1 and (end == -1 or self._text.find(_BEGIN, closed, end) != -1):
            content = self._without_end(inside, closed).replace(_BEGIN, "")
            return Section(
                f"{_BEGIN}{content}{_END}", closed, "it has a CDATA section that does not end"
            )
        if end == -1:
            return Section(f"{_BEGIN}{self._text[inside:]}", len(self._text))
        return self._nested(inside, end, closer)

    def _without_end(self, inside: int, closed: int) -> str:
        """Return a section's text without the rests of its end: ``]]``, ``]>`` …"""
        tail = max(inside, closed - _LONGEST_END)
        return self._text[inside:tail] + _BROKEN_END.sub("", self._text[tail:closed])

    def _nested(self, inside: int, end: int, closer: re.Pattern[str]) -> Section:
        """Read one section in another, up to the last end before that of their element."""
        after = end + len(_END)
        near = closer.search(self._text, after, after + _NEAR)
        last = self._text.rfind(_END, after, near.start()) if near else -1
        end = max(end, last)
        content = self._text[inside:end].replace(_BEGIN, "").replace(_END, "")
        return Section(
            f"{_BEGIN}{content}{_END}", end + len(_END), "it has one CDATA section in another"
        )

    def _closer(self, start: int) -> re.Pattern[str]:
        """Return the end tag of the element that the section at ``start`` begins, or of any."""
        tag = _START_TAG.fullmatch(self._text, max(self._text.rfind("<", 0, start), 0), start)
        return re.compile(f"</{re.escape(tag[1])}>") if tag else _ANY_CLOSER
