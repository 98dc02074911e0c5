"""Where in a document something is: its line, and in which entry."""

import re

_ENTRY_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<end>/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])",
    re.DOTALL | re.IGNORECASE,
)


def line(text: str, offset: int) -> str:
    """Return ``line 3`` for a character of the third line."""
    return f"line {text.count(chr(10), 0, offset) + 1:,}"


def place(text: str, offset: int) -> str:
    """Return ``line 12, entry 2`` for a character of XML; only the line outside entries."""
    number, inside = 0, False
    for tag in _ENTRY_TAG.finditer(text, 0, offset):
        if tag["end"] is not None:
            inside = not tag["end"]
            number += inside
    return line(text, offset) + (f", entry {number:,}" if inside else "")


def offset(text: str, line_number: int, column: int) -> int:
    """Return which character stands in a line, counted from 1, and a column, counted from 0."""
    start = 0
    for _ in range(line_number - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return len(text)
    return min(start + column, len(text))
