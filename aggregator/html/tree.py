"""The tree that sanitising and laying out walk, and the bounds on what is made of it.

Markup built to explode in a parser (nesting beyond 256 elements, thousands of attributes,
thousands of paragraphs within open tags) has no tree: it loses its tags and keeps its text.
"""

import re

from lxml import etree

from aggregator.html.seen import DROPPED, MATHEMATICS, keep_what_is_seen

MAX_HTML = 1_000_000
"""No more characters of one piece of markup are read."""

# What neither XML nor a database likes: control characters, lone surrogates, non-characters.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

# White space that HTML knows and XML does not: libxml2 would leave it out between two words.
_FEEDS = re.compile(r"[\x0b\x0c]")

# Possessive, because what they read is hostile: none of them takes more than linear time.
_INLINE_DATA = re.compile(r"data:[\w/+.-]*+;base64,[A-Za-z0-9+/=]++")
_DOCUMENT_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_HOLLOW_START = re.compile(
    r"<(applet|canvas|iframe|noembed|noframes|object)\b[^<>]*+>", re.IGNORECASE
)
_HOLLOW_END = re.compile(r"</(applet|canvas|iframe|noembed|noframes|object)\b", re.IGNORECASE)
_TAG_START = re.compile(r"<[A-Za-z]")
_BETWEEN_TAG_ENDS = re.compile(r"[^>]++")
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*+)[^<>]*+>|<!--[^<>]*+>")

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li",
    "listing", "main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video",
    "audio", "xmp",
})  # fmt: skip
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip

_OTHERS = frozenset({
    "area", "base", "basefont", "bgsound", "blink", "col", "colgroup", "data", "embed", "frame",
    "input", "keygen", "label", "link", "map", "marquee", "meta", "meter", "nobr", "noscript",
    "output", "param", "picture", "progress", "rb", "rp", "rt", "rtc", "ruby", "slot", "source",
    "spacer", "track",
})  # fmt: skip
ELEMENTS = _OTHERS | (MATHEMATICS - {"none"}) | BLOCKS | INLINE | frozenset(DROPPED)
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})

# Bounds on what the parsers do, in steps: each is some tenths of a second.
_MAX_TAGS_COST = 3_000_000_000
_MAX_OPEN = 1_000_000
_TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT


def printable(text: str) -> str:
    """Return ``text`` without control characters (white space stays) and lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def tree(html: str) -> etree._Element | None:
    """Return the body of a document, without what is never shown; None if it is out of bounds."""
    source = _DOCUMENT_END.sub("", _INLINE_DATA.sub("", printable(html))[:MAX_HTML])
    source = _FEEDS.sub(" ", source)
    source = _HOLLOW_START.sub(_Closing(source), source)
    if _tags_cost(source) > _MAX_TAGS_COST:
        return None
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    body = etree.fromstring("<html><body>" + source, parser).find("body")
    if body is None or any(e.type == _TOO_DEEP for e in parser.error_log):
        return None
    keep_what_is_seen(body)
    return None if _overgrown(body) else body


class _Closing:
    """Closes what swallows all that follows, if the markup never does."""

    def __init__(self, source: str) -> None:
        self._closed = {name.lower() for name in _HOLLOW_END.findall(source)}

    def __call__(self, tag: re.Match[str]) -> str:
        return tag[0] if tag[1].lower() in self._closed else f"{tag[0]}</{tag[1]}>"


def _tags_cost(html: str) -> int:
    """Return what the longest tags may cost: libxml2 compares every attribute with every other."""
    pieces = (piece.span() for piece in _BETWEEN_TAG_ENDS.finditer(html))
    long = (
        (_TAG_START.search(html, *span), span[1]) for span in pieces if span[1] - span[0] > 4000
    )
    return sum((end - start.start()) ** 2 for start, end in long if start)


def _overgrown(body: etree._Element) -> bool:
    """Tell whether nh3 may have to open too many elements.

    HTML has a tag that was left open in one paragraph opened again in every later one, so that
    what is opened may be as many as the sum of all depths.
    """
    if sum(1 for _ in body.iter()) * 256 < _MAX_OPEN:
        return False
    depth = opened = 0
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        opened += depth
    return opened > 2 * _MAX_OPEN
