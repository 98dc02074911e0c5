"""A configuration file's text, and how a place in it is told."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from aggregator.errors import ConfigError, Problem, QueryError

MAX_EXCERPT = 96
"""A longer line is shown in part, around the characters to blame."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text, and its path as people are told it."""

    path: str
    text: str = field(repr=False)
    _newlines: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        newlines = tuple(found.start() for found in re.finditer("\n", self.text))
        object.__setattr__(self, "_newlines", newlines)

    def line(self, offset: int) -> int:
        """Return the line (from 1) of a character."""
        return bisect_left(self._newlines, offset) + 1

    def problem(self, offset: int, sentence: str) -> Problem:
        """Return the problem of the line on which a character stands."""
        return Problem(self.path, self.line(offset), sentence)

    def pointed(self, start: int, end: int, sentence: str) -> Problem:
        """Return the problem of some characters, its excerpt their line with carets below."""
        return Problem(self.path, self.line(start), sentence, self._excerpt(start, end))

    def _excerpt(self, start: int, end: int) -> str:
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        line_end = len(self.text) if line_end < 0 else line_end
        shown_from, shown_to, before, after = line_start, line_end, "", ""
        if line_end - start > MAX_EXCERPT // 2 and line_end - line_start > MAX_EXCERPT:
            shown_to, after = start + MAX_EXCERPT // 2, "…"
        if start - line_start > MAX_EXCERPT // 2 and line_end - line_start > MAX_EXCERPT:
            shown_from, before = start - MAX_EXCERPT // 2, "…"
        shown = f"{before}{self.text[shown_from:shown_to].rstrip()}{after}"
        at = start - shown_from + len(before)
        until = max(at, min(end - shown_from + len(before), len(shown)))
        return QueryError(shown.replace("\t", " "), at, until, "").caret()


def decode(path: str, body: bytes) -> Source:
    """Read a file's bytes as UTF-8, with or without a byte order mark.

    Raises `ConfigError` where they are something else.
    """
    try:
        return Source(path, body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        sentence = "The file is not UTF-8 here: save it with the encoding UTF-8."
        raise ConfigError((Problem(path, line, sentence),)) from None
