"""Which characters may stand in a document that others read."""

import re
from html import unescape

_UNWELCOME = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"<[A-Za-z/!?]")
_MISREAD = re.compile("[\xc2\xc3][\x80-\xbf]")
_PIECE = re.compile("[^\n\r&<>\"']+")


def clean(text: str) -> str:
    """Drop what XML 1.0 §2.2 forbids or discourages: control characters, halves of pairs.

    Tabs and line ends stay. U+FFFD, which stands for what nobody could read, becomes a question
    mark, and a piece of UTF-8 that was read as Latin-1 (``Ã©``) what it was: validators warn of
    both.
    """
    kept = _UNWELCOME.sub("", text).replace("\ufffd", "?")
    return _PIECE.sub(_read_again, kept) if _MISREAD.search(kept) else kept


def whole(text: str) -> str:
    """Replace each half of a surrogate pair, which UTF-8 cannot carry; offsets stay true."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def looks_like_markup(text: str) -> bool:
    """Say whether a reader that expects HTML would read plain text as something else."""
    return _TAG.search(text) is not None or unescape(text) != text


def without_markup(text: str) -> str:
    """Return a name in which nobody could suspect HTML, for places where it cannot be escaped.

    References become the characters that they stand for, angle brackets ``‹`` and ``›``.
    """
    read = clean(unescape(text)) if looks_like_markup(text) else text
    return read.replace("<", "‹").replace(">", "›")


def _read_again(piece: re.Match[str]) -> str:
    try:
        return clean(piece[0].encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return piece[0]
