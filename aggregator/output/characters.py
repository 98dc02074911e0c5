"""Which characters may stand in a document that others read."""

import re

_UNWELCOME = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#|[A-Za-z]+;)")


def clean(text: str) -> str:
    """Drop what XML 1.0 §2.2 forbids or discourages: control characters, halves of pairs.

    Tabs and line ends stay.
    """
    return _UNWELCOME.sub("", text)


def whole(text: str) -> str:
    """Replace each half of a surrogate pair, which UTF-8 cannot carry; offsets stay true."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def looks_like_markup(text: str) -> bool:
    """Say whether a reader that expects HTML would read plain text as something else."""
    return _MARKUP.search(text) is not None
