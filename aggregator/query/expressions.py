r"""The grammar of regular expressions in queries, and what RE2 refuses, in our words.

::

    regex = "/" { any character but "/" and "\" | "\" any character } "/"
"""

import re

from aggregator.errors import QueryError
from aggregator.query.cursor import Cursor
from aggregator.query.nodes import Regex
from aggregator.query.regex import compile_regex

MAX_LENGTH = 1_000
"""Characters of one expression."""

_WRITTEN = re.compile(r"/([^/\\]*+(?:\\.[^/\\]*+)*+)/", re.DOTALL)
_OF_OTHERS = re.compile(r"/(\d{1,3}|[sp])")
_ONE_BYTE = re.compile(r"(?<!\\)(?:\\\\)*(\\C)")

_REASONS = {
    "missing )": "a round bracket in it is never closed",
    "unexpected )": "a round bracket in it was never opened",
    "missing ]": "a square bracket in it is never closed",
    "invalid character class range": "there is no such class or range of characters",
    "invalid character class": "there is no such class of characters",
    "no argument for repetition operator": "nothing stands before what repeats it",
    "bad repetition operator": "two signs of repetition stand behind each other",
    "invalid repetition size": "it repeats more than 1,000 times, or less often than it says",
    "invalid escape sequence": "this means nothing behind a backslash",
    "trailing \\": "nothing stands behind its last backslash",
    "invalid perl operator": "looking ahead or behind, and such groups, take more than linear time",
    "invalid named capture group": "this group's name cannot be read",
    "missing argument to repetition operator": "nothing stands before what repeats it",
    "pattern too large": "it would take too much memory",
}
"""What RE2 says, and what we say."""


def read_regex(cursor: Cursor) -> Regex:
    """Read the expression that begins where the cursor stands, which stays there."""
    start = cursor.at
    written = _WRITTEN.match(cursor.text, start)
    if written is None:
        raise _unclosed(cursor)
    text, end = written[1], written.end()
    if not text:
        raise cursor.error(start, end, "There is no regular expression between these slashes.")
    if len(text) > MAX_LENGTH:
        sentence = f"A regular expression has at most {MAX_LENGTH:,} characters."
        raise cursor.error(start, end, sentence)
    if one_byte := _ONE_BYTE.search(text):
        sentence = r"`\C` is a part of a character; in a text there are only whole ones."
        at = start + 1 + one_byte.start(1)
        raise cursor.error(at, at + len(one_byte[1]), sentence, "Write a dot.")
    try:
        compile_regex(text)
    except ValueError as error:
        raise _unreadable(cursor, text, str(error)) from None
    return Regex(text, start, end)


def _unclosed(cursor: Cursor) -> QueryError:
    run = cursor.run()
    if _OF_OTHERS.fullmatch(run.text):
        corrected = cursor.corrected(run.start, run.end, f"NEAR{run.text}")
        sentence = f"`{run.text}` between terms is written NEAR{run.text}."
        return cursor.error(run.start, run.end, sentence, f"Write `{corrected}`.")
    sentence = "This regular expression is never closed: it needs a / behind it."
    hint = r"A slash inside it is written \/; a word with a slash belongs in quotes."
    return cursor.error(cursor.at, cursor.at + 1, sentence, hint)


def _unreadable(cursor: Cursor, text: str, told: str) -> QueryError:
    """Say why RE2 refuses it, and blame the part that it names."""
    what, _, blamed = told.partition(": ")
    start, end = cursor.at, cursor.at + len(text) + 2
    if blamed and blamed != text and (at := text.find(blamed)) >= 0:
        start, end = start + 1 + at, start + 1 + at + len(blamed)
    why = next((ours for theirs, ours in _REASONS.items() if what.startswith(theirs)), None)
    why = why or "it holds something that no text can have"
    return cursor.error(start, end, f"This regular expression cannot be read: {why}.")
