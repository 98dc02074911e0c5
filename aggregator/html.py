"""Markup from strangers: made safe to show, and reduced to plain text.

Both walk one tree, which lxml builds in linear time; nh3 has the last word on what is shown.
Markup built to explode in a parser (nesting beyond 256 elements, thousands of attributes,
thousands of paragraphs within open tags) loses its tags and keeps its text.
"""

import re
from html import escape, unescape

import nh3
from lxml import etree

from aggregator.model.raw import RawText
from aggregator.text import single_line
from aggregator.urls import resolve

MAX_HTML = 1_000_000
"""No more characters of one piece of markup are read."""
MAX_TITLE = 1_000
"""No more characters of a title are kept."""

# What neither XML nor a database likes: control characters, lone surrogates, non-characters.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(r"[\xad\ufeff]")

# Possessive, because what they read is hostile: none of them takes more than linear time.
_INLINE_DATA = re.compile(r"data:[\w/+.-]*+;base64,[A-Za-z0-9+/=]++")
_DOCUMENT_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*+)[^<>]*+>|<!--[^<>]*+>")
_TAG_START = re.compile(r"<[A-Za-z]")
_BETWEEN_TAG_ENDS = re.compile(r"[^>]++")
_CANDIDATE_END = re.compile(r",\s+|(?<=\d[wx]),")

# Beside the text of these, what they contain is no text either.
_DROPPED = (
    "applet", "button", "canvas", "datalist", "frameset", "iframe", "math", "noembed", "noframes",
    "object", "script", "select", "style", "svg", "template", "textarea", "title",
)  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li",
    "listing", "main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video",
    "audio", "xmp",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip

_ELEMENTS = _BLOCKS | _INLINE | frozenset(_DROPPED)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})

# Markers in text that is about to be laid out; cleaned text contains neither.
_LINE = "\x01"
_BLOCK = "\x02"

# Bounds on what the parsers do, in steps: each is some tenths of a second.
_MAX_TAGS_COST = 3_000_000_000
_MAX_OPEN = 1_000_000
_ALLOWED = nh3.ALLOWED_TAGS | {
    "address", "audio", "big", "main", "picture", "section", "source", "tfoot", "track", "video",
}  # fmt: skip
_LINKING = (
    "a", "area", "audio", "blockquote", "del", "img", "ins", "q", "source", "track", "video",
)  # fmt: skip
_LINKS = ("cite", "href", "poster", "src")
_REFUSED_BLOCKS = _BLOCKS - {"body"} - _ALLOWED
_GONE = "gone"
_WRITTEN_CONTROL = "&#xFFFD;"  # how libxml2 writes a control character that it decoded
_SPACE = " \t\n\f\r"
_TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT
_CLEANER = nh3.Cleaner(
    tags=_ALLOWED,
    attributes=nh3.ALLOWED_ATTRIBUTES
    | {
        "*": {"dir", "lang", "title"},
        "audio": {"controls", "preload", "src"},
        "img": {"alt", "height", "loading", "sizes", "src", "srcset", "width"},
        "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
        "time": {"datetime"},
        "track": {"kind", "label", "src", "srclang"},
        "video": {"controls", "height", "loop", "muted", "poster", "preload", "src", "width"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer",
)


def sanitise(html: str, base: str | None) -> str:
    """Return markup that is safe to show, with its links absolute.

    Scripts, handlers, styles, forms, frames, images of one pixel and addresses other than
    http, https, mailto and tel are gone; tables, figures, audio, video and ``srcset`` stay. A
    relative link that ``base`` does not resolve loses its address.
    """
    if "<" not in html:
        text = escape(printable(unescape(printable(html[:MAX_HTML]))), quote=False)
        return text.replace("\xa0", "&nbsp;").strip(_SPACE)
    body = _tree(html)
    if body is None:
        return from_text(plain(html))
    for element in body.iter(*_LINKING):
        _resolve_links(element, base)
    for block in body.iter(*_REFUSED_BLOCKS):
        block.tag = "div"  # else nh3 joins the words before and after it
    for image in body.iter("img"):
        if not _shows(image):
            image.tag = _GONE
    etree.strip_elements(body, _GONE, with_tail=False)
    return _CLEANER.clean(_serialised(body)).strip(_SPACE)


def plain(html: str) -> str:
    """Return the text of markup: blocks separated by an empty line, ``<br>`` a line end.

    Inline elements add nothing, so that they split no word; entities are decoded once; white
    space is collapsed; soft hyphens are dropped, alternative texts are no text.
    """
    if "<" not in html:
        return _laid_out(unescape(printable(html[:MAX_HTML])))
    body = _tree(html)
    return _laid_out(_without_tags(html) if body is None else _marked_text(body))


def from_text(text: str) -> str:
    """Return plain text as markup: paragraphs at empty lines, line ends kept."""
    blocks = re.split(r"\n\s*\n", printable(text[:MAX_HTML]).strip())
    return "".join(f"<p>{_with_line_ends(block)}</p>" for block in blocks if block)


def decode_title(raw: RawText) -> str:
    """Return a title as one line of plain text, its entities decoded once if it is markup.

    Only what names an element of HTML is a tag: ``a < b``, ``List<String>`` and ``<3`` are text.
    """
    text = raw.value[: 10 * MAX_TITLE]
    if raw.kind == "html":
        text = unescape(_TAG.sub(_title_tag, text))
    return single_line(_INVISIBLE.sub("", printable(text)))[:MAX_TITLE].rstrip()


def printable(text: str) -> str:
    """Return ``text`` without control characters (white space stays) and lone surrogates."""
    return _UNPRINTABLE.sub("", text)


# --- the tree ----------------------------------------------------------------------------------


def _tree(html: str) -> etree._Element | None:
    """Return the body of a document, without what is never shown; None if it is out of bounds."""
    source = _DOCUMENT_END.sub("", _INLINE_DATA.sub("", printable(html))[:MAX_HTML])
    if _tags_cost(source) > _MAX_TAGS_COST:
        return None
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    body = etree.fromstring("<html><body>" + source, parser).find("body")
    if body is None or any(e.type == _TOO_DEEP for e in parser.error_log):
        return None
    etree.strip_elements(body, *_DROPPED, with_tail=False)
    # Browsers read <image> as <img>, libxml2 does not: its address would stay unresolved.
    etree.strip_tags(body, "noscript", "image")
    return None if _overgrown(body) else body


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


def _resolve_links(element: etree._Element, base: str | None) -> None:
    for name in _LINKS:
        link = element.get(name)
        if link is None or (name == "href" and link.startswith(("mailto:", "tel:"))):
            continue
        _set(element, name, resolve(base, link))
    candidates = element.get("srcset")
    if candidates is not None:
        _set(element, "srcset", _resolved_candidates(candidates, base))


def _set(element: etree._Element, name: str, value: str | None) -> None:
    if value:
        element.set(name, value)
    else:
        del element.attrib[name]


def _resolved_candidates(candidates: str, base: str | None) -> str:
    """Resolve the addresses in a ``srcset``: ``a.jpg 480w, b.jpg 960w`` (HTML §4.8.4.2.1)."""
    kept = []
    for candidate in _CANDIDATE_END.split(candidates):
        link, _, descriptor = candidate.strip().partition(" ")
        absolute = resolve(base, link.rstrip(","))
        if absolute:
            kept.append(f"{absolute} {descriptor.strip()}".strip())
    return ", ".join(kept)


def _shows(image: etree._Element) -> bool:
    """Tell whether an image has a source, and is more than the pixel that counts readers."""
    sizes = {(image.get(side) or "").strip().removesuffix("px") for side in ("width", "height")}
    return bool(image.get("src") or image.get("srcset")) and not sizes <= {"0", "1"}


def _serialised(body: etree._Element) -> str:
    # As XML, because libxml2 percent-encodes readable addresses when it writes HTML; an empty
    # text makes it write <p></p>, which <p/> is not in HTML.
    for element in body.iter(etree.Element):
        if element.text is None and element.tag not in _VOID:
            element.text = ""
    written = etree.tostring(body, encoding="unicode").replace(_WRITTEN_CONTROL, "")
    return printable(written)


# --- the text ----------------------------------------------------------------------------------


def _marked_text(body: etree._Element) -> str:
    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = element.tag
        pieces.append(_BLOCK if name in _BLOCKS else "")
        if event == "start":
            pieces.append(_LINE if name == "br" else element.text or "")
        else:
            pieces.append(element.tail or "")
    return "".join(pieces)


def _without_tags(html: str) -> str:
    """Return the marked text of markup that no tree can be built of."""
    return unescape(_TAG.sub(_mark, printable(html)[:MAX_HTML]))


def _mark(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    return _LINE if name == "br" else _BLOCK if name in _BLOCKS else ""


def _laid_out(marked: str) -> str:
    blocks = (_block(block) for block in _INVISIBLE.sub("", marked).split(_BLOCK))
    return "\n\n".join(block for block in blocks if block)


def _block(marked: str) -> str:
    lines = "\n".join(single_line(printable(line)) for line in marked.split(_LINE))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _title_tag(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    if name and name not in _ELEMENTS:
        return tag[0]
    return " " if name == "br" or name in _BLOCKS else ""


def _with_line_ends(block: str) -> str:
    return "<br>".join(escape(line, quote=False) for line in block.split("\n"))
