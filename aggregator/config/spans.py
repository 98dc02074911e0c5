"""Characters of a YAML value → where they stand in the file, whatever the value's style.

YAML re-indents, folds and unescapes, but it adds, drops or swaps nothing but white space and
escapes: the n-th visible character of a value is the n-th of its source.
"""

import re
from collections.abc import Iterator
from itertools import islice

from aggregator.config.tree import Scalar

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029", "\n": "", "\r": "",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.|\n))")


def in_source(scalar: Scalar, start: int, end: int) -> tuple[int, int]:
    """Return where the characters ``start:end`` of a scalar's value stand in its source's text."""
    before = sum(1 for character in scalar.value[:start] if not character.isspace())
    within = sum(1 for character in scalar.value[start:end] if not character.isspace())
    visible = list(islice(_visible(scalar), before + within + 1))
    if not visible:
        return scalar.start, scalar.start
    if within:
        return visible[before], visible[before + within - 1] + 1
    # Nothing visible is to blame: point behind what stands before it.
    at = visible[before - 1] + 1 if 0 < before <= len(visible) else visible[0]
    return at, at


def body(scalar: Scalar) -> tuple[int, int]:
    """Return where a scalar's text stands: without its quotes, without a block's header."""
    if scalar.style in {"single", "double"}:
        return scalar.start + 1, scalar.end - 1
    if scalar.style == "plain":
        return scalar.start, scalar.end
    newline = scalar.source.text.find("\n", scalar.start)
    return (scalar.end if newline < 0 else min(newline + 1, scalar.end)), scalar.end


def _visible(scalar: Scalar) -> Iterator[int]:
    """Yield where each visible character of the value stands, in order."""
    at, end = body(scalar)
    while at < end:
        character, width = _unescaped(scalar, at)
        if character and not character.isspace():
            yield at
        at += width


def _unescaped(scalar: Scalar, at: int) -> tuple[str, int]:
    """Return the character of the value that is written at an offset, and how long it is there."""
    text = scalar.source.text
    if scalar.style == "single" and text.startswith("''", at):
        return "'", 2
    if scalar.style == "double" and (escape := _ESCAPE.match(text, at)):
        code = escape[1] or escape[2] or escape[3]
        return (chr(int(code, 16)) if code else _ESCAPES[escape[4]]), len(escape[0])
    return text[at], 1
