"""In which encoding bytes are that nobody names, where they are plainly not windows-1252.

In languages of western Europe letters beyond ASCII stand alone between others; where they come in
runs, it is another script. Which one, its own signs tell: ours is a list of these, in an order in
which no script is taken for one below it. What is not sure remains unsaid.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_RUN = re.compile(rb"[\x80-\xff]{4,}|(?:[\x80-\xff][\x40-\xff]){5,}")
_GREEK = re.compile(r"\b(?:και|το|του|της|την)\b")
_FEWEST = 10
_WINDOW_BYTES = 65_536
_MOSTLY = 0.9
_LARGELY = 0.7
_NEARLY_HALF = 0.45
_OFTEN = 0.2
_SOMETIMES = 0.02


@dataclass(frozen=True, slots=True)
class _Script:
    """An encoding, and whether a text read in it is of that script."""

    encoding: str
    is_likely: Callable[[str], bool]


def guess(body: bytes) -> str | None:
    """Return the codec of ``body``, None if it may be windows-1252, or anything."""
    beyond = sum(byte > 0x7F for byte in body[:_WINDOW_BYTES])
    runs = sum(len(run[0]) for run in _RUN.finditer(body[:_WINDOW_BYTES]))
    if beyond < _FEWEST or runs < beyond / 2:
        return None
    for script in _SCRIPTS:
        try:
            text = body.decode(script.encoding)
        except UnicodeDecodeError:
            continue
        if script.is_likely(text[:_WINDOW_BYTES]):
            return script.encoding
    return None


def _share(signs: str, least: float) -> Callable[[str], bool]:
    """Judge by how many of the letters beyond ASCII are among ``signs``, a class of characters."""
    wanted = re.compile(f"[{signs}]")

    def judge(text: str) -> bool:
        letters = [character for character in text if character > "\x7f" and character.isalpha()]
        found = sum(wanted.match(letter) is not None for letter in letters)
        return bool(letters) and found >= least * len(letters)

    return judge


def _cyrillic(text: str) -> bool:
    """Judge by small letters: read in the wrong encoding they become large ones, or signs."""
    beyond = [character for character in text if character > "\x7f" and not character.isspace()]
    small = sum("а" <= character <= "я" or character == "ё" for character in beyond)
    return small >= _LARGELY * len(beyond) and any(character in "ыьэюя" for character in beyond)


def _greek(text: str) -> bool:
    """Judge by the smallest words, as letters may be those of others."""
    return _share("\u0370-\u03ff", _MOSTLY)(text) and bool(_GREEK.search(text))


def _arabic(text: str) -> bool:
    """Judge by the article: other scripts may fall upon Arabic letters, but not upon words."""
    return _share("\u0621-\u064a", _MOSTLY)(text) and " ال" in text


def _thai(text: str) -> bool:
    """Judge by consonants: they are about half of all signs, marks for vowels included."""
    beyond = sum(character > "\x7f" for character in text)
    return sum("ก" <= character <= "ฮ" for character in text) >= _NEARLY_HALF * beyond


_SCRIPTS = (
    _Script("euc_jp", _share("\u3040-\u30ff", _OFTEN)),
    _Script("cp932", _share("\u3040-\u30ff", _OFTEN)),
    _Script("cp949", _share("\uac00-\ud7a3", _MOSTLY)),
    _Script("cp1253", _greek),
    _Script("cp1251", _cyrillic),
    _Script("koi8-r", _cyrillic),
    _Script("cp1255", _share("\u05d0-\u05ea", _MOSTLY)),
    _Script("cp1256", _arabic),
    _Script("big5hkscs", _share("的一是不了人我在有這中大來上個國到說", _SOMETIMES)),
    _Script("gb18030", _share("的一是不了人我在有这中大来上个国到说", _SOMETIMES)),
    _Script("cp874", _thai),
)
