"""Text as it is compared: folding, splitting into words, and showing it safely.

A word is a run of letters, marks and digits after folding. Scripts written without spaces have
one word a character (with the marks on it), so that several of them in a query are a phrase.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.folding import CHANGING, FOLDED, SEPARATED

BLOCK_END = "¶"
"""The token that stands between two blocks of a text; no word ever equals it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and the characters ``start:end`` of the text that it stands for."""

    folded: str
    start: int
    end: int


# Scripts without spaces, as blocks (what is no word there is a space by now), and their marks.
_LONE = (
    "\u0e00-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff"  # Thai Lao Burmese Khmer
    "\u3040-\u30ff\u31f0-\u31ff\U0001aff0-\U0001b16f"  # Kana
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b"  # Han
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LONE_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074"
    "\u1082-\u108d\u108f\u109a-\u109d\ua9e5\uaa7b-\uaa7d\u17b4-\u17d3\u17dd\u3099\u309a"
)
_MAYBE_LONE = re.compile(r"[\u0e00-\U0010ffff]")
"""Quickly tells most other scripts."""
_LONE_WORD = re.compile(rf"[{_LONE}][{_LONE_MARKS}]*")
_WORD = re.compile(rf"{_LONE_WORD.pattern}|[^ \n{_LONE}]+")
_EMPTY_LINE = re.compile(r"\n\n+")
_WORD_OR_END = re.compile(rf"{_WORD.pattern}|{_EMPTY_LINE.pattern}")


def fold(text: str) -> str:
    """Return ``text`` as it is compared: without case, accents and marks that writers leave out."""
    return FOLDED.apply(text)


def index_words(text: str) -> str:
    """Return the folded words joined by spaces: what the index of the database holds."""
    return " ".join(Separated(text).tokens())


def words(text: str) -> tuple[Word, ...]:
    """Return the words of ``text`` in order, with where they stand."""
    separated = Separated(text)
    folded = (token for token in separated.tokens() if token != BLOCK_END)
    spans = separated.spans()
    return tuple(Word(word, *span) for word, span in zip(folded, spans, strict=True))


class Separated:
    """A text that is folded, with all that belongs to no word made a space, line ends aside."""

    __slots__ = ("folded", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = SEPARATED.apply(text)

    def tokens(self) -> list[str]:
        """Return the folded words, with `BLOCK_END` where one block ends.

        Blocks are separated by an empty line, as `aggregator.html.layout` writes them; no phrase
        reaches over the end of one.
        """
        folded = self.folded
        if self._has_lone_words():
            folded = " ".join(_WORD_OR_END.findall(folded))
        if "\n" in folded:
            folded = _EMPTY_LINE.sub(f" {BLOCK_END} ", folded)
        return folded.split()

    def spans(self) -> list[tuple[int, int]]:
        """Return the characters of the text that each word stands for, in their order.

        A span is exact to the character, marks on its last letter included. Several words share
        one span where one character folds to several (½, ﷺ).
        """
        if self._has_lone_words():
            spans = list(map(re.Match.span, _WORD.finditer(self.folded)))
        else:
            spans = _spans_between_spaces(self.folded)
        uneven = SEPARATED.uneven(self.text)
        return _original(spans, self.text, uneven) if uneven else spans

    def _has_lone_words(self) -> bool:
        return (
            not self.folded.isascii()
            and _MAYBE_LONE.search(self.folded) is not None
            and _LONE_WORD.search(self.folded) is not None
        )


def _spans_between_spaces(separated: str) -> list[tuple[int, int]]:
    """Return where words stand, in half the time that a regular expression takes."""
    spans: list[tuple[int, int]] = []
    start = 0
    for piece in separated.replace("\n", " ").split(" "):
        end = start + len(piece)
        if piece:
            spans.append((start, end))
        start = end + 1
    return spans


def _original(
    spans: list[tuple[int, int]], text: str, uneven: frozenset[str]
) -> list[tuple[int, int]]:
    """Return where words of a folded text stand in the text itself."""
    # What vanishes of a word's last letter (its accents), and a hamza at either end, belong to it.
    dropped = {each for each in uneven if not SEPARATED[ord(each)]}
    letters = {each for each in dropped if unicodedata.category(each)[0] == "L"}
    behind = letters | {each for each in dropped if unicodedata.category(each)[0] == "M"}
    stretches = _stretches(text, uneven)
    stretch = next(stretches)
    found: list[tuple[int, int]] = []
    after = 0
    for start, end in spans:
        while stretch.end <= start:
            stretch = next(stretches)
        first = stretch.origin(start)
        while stretch.end < end:
            stretch = next(stretches)
        last = stretch.origin(end - 1) + 1
        while first > after and text[first - 1] in letters:
            first -= 1
        while last < len(text) and text[last] in behind:
            last += 1
        found.append((first, last))
        after = last
    return found


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a folded text, up to ``end``: even characters, or all that one character became.

    The place ``end`` of the folded text stands for the character ``until`` of the text itself.
    """

    end: int
    until: int
    is_even: bool

    def origin(self, place: int) -> int:
        """Return the character that a place came from."""
        return self.until - self.end + place if self.is_even else self.until - 1


def _stretches(text: str, uneven: frozenset[str]) -> Iterator[_Stretch]:
    """Yield the parts of a folded text, in order."""
    end = until = 0
    for match in CHANGING.finditer(text):
        if match[0] in uneven:
            index = match.start()
            end += index - until
            yield _Stretch(end, index, True)
            end, until = end + len(SEPARATED[ord(match[0])]), index + 1
            yield _Stretch(end, until, False)
    yield _Stretch(end + len(text) - until, len(text), True)


# --- showing --------------------------------------------------------------------------------------


def single_line(text: str) -> str:
    """Return ``text`` with every run of white space made one space, and none at the ends."""
    return " ".join(text.split())


def visible(text: str, *, keep_lines: bool = False) -> str:
    """Return ``text`` with everything that could steer a terminal shown as a symbol.

    Control characters become their pictures (␛), others a code in brackets (⟨U+202E⟩): C1
    controls, bidirectional overrides and isolates, line separators, lone surrogates.
    Line ends and tabs are kept only with ``keep_lines``.
    """
    if text.isprintable():
        return text
    kept = "\n\t" if keep_lines else ""
    return "".join(character if character in kept else _symbol(character) for character in text)


def _symbol(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(character) in _UNSEEN and character not in _HARMLESS:
        return f"⟨U+{code:04X}⟩"
    return character


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HARMLESS = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
"""Format characters that shape the letters around them, and do nothing to the line."""
