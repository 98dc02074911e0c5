"""Titles as one line of plain text."""

import re
from html import unescape

from aggregator.html.layout import INVISIBLE
from aggregator.html.tree import BLOCKS, ELEMENTS, TAG, printable
from aggregator.model.raw import RawText
from aggregator.text import single_line

MAX_TITLE = 1_000
"""No more characters of a title are kept."""


def decode_title(raw: RawText) -> str:
    """Return a title as one line of plain text, its entities decoded once if it is markup.

    Only what names an element of HTML is a tag: ``a < b``, ``List<String>`` and ``<3`` are text.
    """
    text = raw.value[: 10 * MAX_TITLE]
    if raw.kind == "html":
        text = unescape(TAG.sub(_title_tag, text))
    return single_line(INVISIBLE.sub("", printable(text)))[:MAX_TITLE].rstrip()


def _title_tag(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    if name and name not in ELEMENTS:
        return tag[0]
    return " " if name == "br" or name in BLOCKS else ""
