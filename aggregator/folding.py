"""What each character is compared as: folding, and the tables that make it fast.

Folding has one definition, for one character (`_fold_character`); the tables are filled from it
as characters are met. Because a string is folded character by character, what holds for every
character (that folding twice is folding once) holds for every string.
"""

import re
import unicodedata
from collections.abc import Callable

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


class Table(dict[int, str]):
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
        changing = set(CHANGING.findall(folded))
        if len(changing) > _FEW:
            return text.translate(self)
        for character in changing:
            folded = folded.replace(character, self[ord(character)])
        return folded

    def uneven(self, text: str) -> frozenset[str]:
        """Return the characters of a text that become none, or several."""
        if text.isascii():
            return frozenset()
        changing = set(CHANGING.findall(text))
        return frozenset(each for each in changing if len(self[ord(each)]) != 1)


_FEW = 50
"""Characters that are quicker replaced one by one than looked up wherever they stand."""

# Letters beside ASCII that stand for themselves, of the scripts that many texts are written in.
# What is missing here is only slower.
_UNCHANGING = (
    "α-ρσ-ωа-ик-яא-תابت-غف-وي\u0905-\u0928\u0935-\u0939\u093e-\u094d\u0e01-\u0e32"
    "\u0e34-\u0e3a\u0e40-\u0e4e\u10d0-\u10fa\u1200-\u1248\u3041-\u304b\u307e-\u3093"
    "\u30a1-\u30ab\u30de-\u30f3\u4e00-\u9fa5"
)
CHANGING = re.compile(rf"[^\x00-\x7f{_UNCHANGING}]")
FOLDED = Table(_fold_character)
SEPARATED = Table(_separate_character)
