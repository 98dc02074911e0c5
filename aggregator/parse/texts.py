"""An entry's and a feed's texts: what of feedparser's is one, and whether it is markup.

Atom and JSON Feed declare what a text is (RFC 4287 §3.1.1). RSS does not: there it is markup if
it holds a tag or an entity of HTML's, and markup that was escaped once too often if it begins and
ends with escaped tags, holds more of them, and no other. Titles are decoded once, always.
"""

import re
from html import unescape

from aggregator.html.tree import ELEMENTS
from aggregator.model.raw import RawText
from aggregator.parse.dictionaries import Found, dictionaries, dictionary, string

_XHTML = "application/xhtml+xml"
HTML_TYPES = frozenset({"text/html", _XHTML})
_BYTES = "application/octet-stream"
"""What is declared so is in base64; feedparser decodes it where it is UTF-8, and so a text."""
_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(ELEMENTS))})(?:\s*/?>|\s[^<>=]*+=[^<>]*+>)|<br\s[^<>]*+>|<!--",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")
_ESCAPED_START = re.compile(rf"\s*&lt;(?:{'|'.join(sorted(ELEMENTS))})\b", re.IGNORECASE)
_ESCAPED_END = re.compile(r"(?:&lt;/[a-z][a-z0-9]*\s*|/\s*)&gt;\s*", re.IGNORECASE)
_LONGEST_END = 40
_FEWEST_TAGS = 4
"""One escaped element alone may be what the text is about."""


def text(found: Found, name: str, form: str) -> RawText | None:
    """Return the text under ``name``, None if there is none; ``form`` is the document's format."""
    written = string(found, name)
    if written is None:
        return None
    about = dictionary(found, f"{name}_detail")
    return _shown(written, about, form, may_be_escaped_twice=name != "title")


def content(found: Found, form: str) -> RawText | None:
    """Return the entry's content: HTML rather than plain text, then the longest."""
    shown = (
        _shown(written, one, form)
        for one in dictionaries(found, "content")
        if _is_text(one) and (written := string(one, "value"))
    )
    return max(shown, key=lambda one: (one.kind == "html", len(one.value)), default=None)


def _shown(written: str, about: Found, form: str, *, may_be_escaped_twice: bool = True) -> RawText:
    declared = string(about, "type")
    is_rss = form.startswith("rss") and declared != _XHTML
    if is_rss and may_be_escaped_twice:
        written = _escaped_once(written)
    is_markup = declared in HTML_TYPES
    if is_rss or declared == _BYTES:
        has_tags = _TAG.search(written) is not None
        is_markup = is_markup or has_tags or _ENTITY.search(written) is not None
        if not has_tags and ("\n" in written or "<" in written):  # which mean nothing in markup
            written, is_markup = unescape(written), False
    return RawText(
        value=written,
        kind="html" if is_markup else "text",
        base=string(about, "base"),
        language=string(about, "language"),
    )


def _escaped_once(written: str) -> str:
    """Return markup that a publisher's program escaped and another escaped again, as it was."""
    is_escaped = (
        "<" not in written
        and _ESCAPED_START.match(written)
        and written.count("&lt;") >= _FEWEST_TAGS
        and (end := written.rfind("&lt;", -_LONGEST_END)) >= 0
        and _ESCAPED_END.search(written, end)
    )
    return unescape(written) if is_escaped else written


def _is_text(part: Found) -> bool:
    """Say whether it can be shown; Atom allows content of any media type (RFC 4287 §4.1.3)."""
    declared = string(part, "type") or "text/plain"
    return declared in HTML_TYPES or declared == _BYTES or declared.startswith("text/")
