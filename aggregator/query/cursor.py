"""A place in the text of a query: what stands there, and errors that point at it."""

import re
from dataclasses import dataclass

from aggregator.errors import QueryError

CLOSING_QUOTES = {"“": '”"', "„": '“”"', "‟": '”"', "”": '”"', "«": "»", "»": "«", '"': '"'}
"""Every quote that opens, with those that close it. ‘ and ’ are apostrophes."""

# Invisible, often pasted along, and of no meaning in a query: soft hyphens, zero-width spaces,
# marks and overrides of direction. Joiners stay: they are part of how some words are written.
_INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"

_QUOTES = "".join(CLOSING_QUOTES)
_SKIPPED = re.compile(rf"(?:[\s{_INVISIBLE}]|#[^\n]*)*")
_RUN = re.compile(rf"[^\s()\[\]{{}}{_QUOTES}]*")
_ANY_QUOTE = re.compile(f"[{_QUOTES}]")
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")

_LONGEST_CORRECTION = 100
_LONGEST_NAME = 40


def named(text: str) -> str:
    """Return a part of a query as a message shows it: marked off, and not too long."""
    return f"`{text}`" if len(text) <= _LONGEST_NAME else f"`{text[:_LONGEST_NAME]}…`"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters up to a space, bracket or quote; ``text`` is without those that nobody sees."""

    text: str
    start: int
    end: int


class Cursor:
    """Walks over a query from left to right; every step is linear in what it passes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip(self) -> None:
        """Pass over white space and comments."""
        skipped = _SKIPPED.match(self.text, self.at)
        assert skipped is not None
        self.at = skipped.end()

    def go(self, at: int) -> None:
        """Go there, and over what nobody sees."""
        unseen = _UNSEEN.match(self.text, at)
        self.at = unseen.end() if unseen else at

    def peek(self) -> str:
        """Return the character here, "" at the end."""
        return self.text[self.at : self.at + 1]

    def run(self) -> Run:
        """Return the run that begins here, maybe empty, without passing it."""
        found = _RUN.match(self.text, self.at)
        assert found is not None
        return Run(_UNSEEN.sub("", found[0]), self.at, found.end())

    def quoted(self) -> Run:
        """Return the quoted text that begins here, without passing it.

        Its span includes the quotes; its text has single spaces for white space, and no quote
        of another kind.
        """
        opening = self.peek()
        closing = CLOSING_QUOTES[opening]
        closed = re.compile(f"[{closing}]").search(self.text, self.at + 1)
        if closed is None:
            sentence = f"This quote is never closed: {opening} needs a {closing[0]} behind it."
            raise self.error(self.at, self.at + 1, sentence)
        inside = _ANY_QUOTE.sub(" ", self.text[self.at + 1 : closed.start()])
        return Run(" ".join(_UNSEEN.sub("", inside).split()), self.at, closed.end())

    def error(self, start: int, end: int, sentence: str, hint: str | None = None) -> QueryError:
        """Return an error that blames the characters ``start:end``."""
        return QueryError(self.text, start, end, sentence, hint)

    def corrected(self, start: int, end: int, replacement: str) -> str:
        """Return the query with a part replaced, or the replacement alone if that were long."""
        whole = f"{self.text[:start]}{replacement}{self.text[end:]}".strip()
        is_short = len(whole) <= _LONGEST_CORRECTION and "\n" not in whole
        return whole if is_short else replacement.strip()
