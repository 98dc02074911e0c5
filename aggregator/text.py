"""Text as it is compared: folding, splitting into words, and showing it safely.

Folding has one definition, for one character (`_fold_character`); everything else here is a
table filled from it as characters are met. Because a string is folded character by character,
what holds for every character (that folding twice is folding once) holds for every string.

A word is a run of letters, marks and digits after folding. Scripts written without spaces have
one word a character (with the marks on it), so that several of them in a query are a phrase.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

BLOCK_END = "¶"
"""The token that stands between two blocks of a text; no word ever equals it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and the characters ``start:end`` of the text that it stands for."""

    folded: str
    start: int
    end: int


# --- the one definition ---------------------------------------------------------------------------

# Combining marks of Latin, Greek, Cyrillic, Hebrew and Arabic, and variation selectors. All other
# marks stay: without its vowel signs Hindi is another language.
_DROPPED_MARKS = (
    *((0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F)),
    *((0x0670, 0x0670), (0x06D6, 0x06ED), (0x0898, 0x089F), (0x08CA, 0x08FF), (0x180B, 0x180F)),
    *((0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x2DE0, 0x2DFF), (0xA66F, 0xA69F)),
    *((0xFB1E, 0xFB1E), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0x10EFD, 0x10EFF)),
    (0xE0100, 0xE01EF),
)

_PLAIN = {
    **{"ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ŋ": "n", "ɛ": "e", "ɔ": "o", "ə": "e", "ǝ": "e"},
    **{"ø": "o", "ł": "l", "đ": "d", "œ": "oe", "æ": "ae", "ı": "i", "þ": "th"},
    # Arabic: one alef, yeh, heh and kaf (Persian and Urdu keyboards have their own); no tatweel,
    # no hamza. The hamza on a carrier is a mark after NFKD, and dropped as one.
    **{"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": "", "ء": ""},
    **dict.fromkeys("‘’‚‛ʼʻʹ′`´׳״＇", "'"),
    **dict.fromkeys("‐‑‒–—―−⁃", "-"),
}


def _fold_character(character: str) -> str:
    """Return what one character is compared as: none, one or several characters.

    Compatibility decomposition and case folding undo each other for some characters, hence
    the repetition until nothing changes.
    """
    folded = "".join(map(_step, unicodedata.normalize("NFKD", _PLAIN.get(character, character))))
    return folded if folded == character else fold_slowly(folded)


def fold_slowly(text: str) -> str:
    """Return ``text`` folded without any table: what `fold` means, for building and checking it."""
    return "".join(map(_fold_character, text))


def _step(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or (category[0] == "M" and _is_dropped_mark(character)):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    folded = character.casefold()
    return "".join(_PLAIN.get(each, each) for each in folded)


def _is_dropped_mark(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _DROPPED_MARKS)


def _separate_character(character: str) -> str:
    """Return the folded character with all that belongs to no word made a space; lines are kept."""
    separated = "".join(
        each if each == "\n" or each.isalnum() or unicodedata.category(each)[0] == "M" else " "
        for each in _fold_character(character)
    )
    # An ellipsis folds to three stops: one space keeps words where they stand.
    return " " if separated.isspace() and separated != "\n" else separated


# --- tables ---------------------------------------------------------------------------------------


class _Table(dict[int, str]):
    """A translation table that learns a character when it first meets it."""

    def __init__(self, definition: Callable[[str], str]) -> None:
        super().__init__((code, definition(chr(code))) for code in range(128))
        self.definition = definition
        self.of_ascii = bytes(ord(self[code]) for code in range(128)) + bytes(range(128, 256))

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, self.definition(chr(code)))

    def apply(self, text: str) -> str:
        """Translate: ASCII by bytes, and what else changes a character at a time."""
        encoded = text.encode("utf-8", "surrogatepass").translate(self.of_ascii)
        folded = encoded.decode("utf-8", "surrogatepass")
        if folded.isascii():
            return folded
        changing = set(_CHANGING.findall(folded))
        if len(changing) > _FEW:
            return text.translate(self)
        for character in changing:
            folded = folded.replace(character, self[ord(character)])
        return folded

    def keeps_lengths(self, text: str) -> bool:
        """Tell whether every character becomes one character."""
        return text.isascii() or all(
            len(self[ord(character)]) == 1 for character in set(_CHANGING.findall(text))
        )


_FEW = 50
"""Characters that are quicker replaced one by one than looked up wherever they stand."""

# Letters beside ASCII that stand for themselves, of the scripts that many texts are written in.
# What is missing here is only slower.
_UNCHANGING = (
    "α-ρσ-ωа-ик-яא-תابت-غف-وي\u0905-\u0928\u0935-\u0939\u093e-\u094d\u0e01-\u0e32"
    "\u0e34-\u0e3a\u0e40-\u0e4e\u10d0-\u10fa\u1200-\u1248\u3041-\u304b\u307e-\u3093"
    "\u30a1-\u30ab\u30de-\u30f3\u4e00-\u9fa5"
)
_CHANGING = re.compile(rf"[^\x00-\x7f{_UNCHANGING}]")
_FOLDED = _Table(_fold_character)
_SEPARATED = _Table(_separate_character)

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
    return _FOLDED.apply(text)


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
        self.folded = _SEPARATED.apply(text)

    def tokens(self) -> list[str]:
        """Return the folded words, with `BLOCK_END` where one block ends.

        Blocks are separated by an empty line, as `aggregator.html.plain` writes them; no phrase
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
        return spans if _SEPARATED.keeps_lengths(self.text) else _original(spans, self.text)

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


def _original(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Return where words of a folded text stand in the text itself."""
    lengths = {character: len(_SEPARATED[ord(character)]) for character in set(text)}
    origins = [index for index, character in enumerate(text) for _ in range(lengths[character])]
    found: list[tuple[int, int]] = []
    after = 0
    for start, end in spans:
        first = _widen_left(text, origins[start], after)
        after = _widen_right(text, origins[end - 1])
        found.append((first, after))
    return found


def _widen_left(text: str, start: int, after: int) -> int:
    """Take in a dropped letter before the word: a hamza at its beginning."""
    while start > after and _is_dropped(text[start - 1], "L"):
        start -= 1
    return start


def _widen_right(text: str, last: int) -> int:
    """Take in what is dropped of the last letter: its accents, a hamza at the word's end."""
    end = last + 1
    while end < len(text) and _is_dropped(text[end], "LM"):
        end += 1
    return end


def _is_dropped(character: str, classes: str) -> bool:
    return not _SEPARATED[ord(character)] and unicodedata.category(character)[0] in classes


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
