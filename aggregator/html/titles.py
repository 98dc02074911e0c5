"""Titles as one line of plain text."""

import re
from html import unescape

from aggregator.html.layout import INVISIBLE
from aggregator.html.seen import DROPPED
from aggregator.html.tree import BLOCKS, ELEMENTS, TAG, printable
from aggregator.model.raw import RawText
from aggregator.text import single_line

MAX_TITLE = 1_000
"""No more characters of a title are kept."""

_UNSEEN = ("script", "style", "svg", "template", "title")
_UNSEEN_ELEMENT = re.compile(
    rf"<({'|'.join(_UNSEEN)})\b[^<>]*+>.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_COMMENT = re.compile(r"<!--(?:.*?-->|[^>]*+(?:>|\Z))", re.DOTALL)
_MENTIONED = {
    *DROPPED,
    "area",
    "base",
    "embed",
    "frame",
    "input",
    "link",
    "meta",
    "source",
    "track",
}
_CLOSED = re.compile(r"</([A-Za-z][A-Za-z0-9]*+)")
_ALTERNATIVE = re.compile(r"<img\s[^<>]*?\balt\s*=\s*(\"[^\"<>]*+\"|'[^'<>]*+')", re.IGNORECASE)


def decode_title(raw: RawText) -> str:
    """Return a title as one line of plain text, its entities decoded once if it is markup.

    Only what names an element of HTML is a tag: ``a < b``, ``List<String>`` and ``<3`` are text,
    and so is the name of an element that shows no text and is never closed (``use <canvas>``).
    A title that is a picture is what the picture says instead of itself.
    """
    text = raw.value[: 10 * MAX_TITLE]
    if raw.kind == "html":
        text = _without_tags(text) or " ".join(one[1:-1] for one in _ALTERNATIVE.findall(text))
        text = unescape(text)
    return single_line(INVISIBLE.sub("", printable(text)))[:MAX_TITLE].rstrip()


def _without_tags(text: str) -> str:
    seen = _UNSEEN_ELEMENT.sub("", _COMMENT.sub("", text))
    closed = {name.lower() for name in _CLOSED.findall(seen)}

    def shown(tag: re.Match[str]) -> str:
        name = (tag[1] or "").lower()
        is_mentioned = name in _MENTIONED and name not in closed and tag[0].lower() == f"<{name}>"
        if is_mentioned or (name and name not in ELEMENTS):
            return tag[0]
        return " " if name == "br" or name in BLOCKS else ""

    return TAG.sub(shown, seen).strip()
