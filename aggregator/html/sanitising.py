"""Markup that is safe to show."""

from html import escape, unescape
from typing import Any

import nh3
from lxml import etree

from aggregator.html.layout import from_text, plain
from aggregator.html.links import OTHER_SCHEMES, resolve_links
from aggregator.html.seen import MATHEMATICS, drop
from aggregator.html.tree import BLOCKS, MAX_HTML, VOID, printable, tree

_ALLOWED = nh3.ALLOWED_TAGS | MATHEMATICS | {
    "address", "audio", "big", "main", "picture", "section", "source", "tfoot", "track", "video",
}  # fmt: skip
_ALIGNED = ("caption", "div", "h1", "h2", "h3", "h4", "h5", "h6", "p")
_CELL = {"abbr", "align", "char", "charoff", "colspan", "headers", "nowrap", "rowspan", "valign"}
_SIZES = {"height", "width"}
_REFUSED_BLOCKS = BLOCKS - {"body"} - _ALLOWED
_WRITTEN_CONTROL = "&#xFFFD;"  # how libxml2 writes a control character that it decoded
_SPACE = " \t\n\f\r"
_RULES: dict[str, Any] = {
    "tags": _ALLOWED,
    "attributes": nh3.ALLOWED_ATTRIBUTES
    | {name: {"align"} for name in _ALIGNED}
    | {
        "*": {"dir", "lang", "title"},
        "audio": {"controls", "loop", "muted", "preload", "src"},
        "br": {"clear"},
        "data": {"value"},
        "details": {"open"},
        "img": {"align", "alt", "loading", "sizes", "src", "srcset"} | _SIZES,
        "li": {"value"},
        "math": {"display"},
        "ol": {"reversed", "start", "type"},
        "source": {"media", "sizes", "src", "srcset", "type"} | _SIZES,
        "table": {"align", "border", "cellpadding", "cellspacing", "summary", "width"},
        "td": _CELL | {"width"},
        "th": _CELL | {"scope", "width"},
        "time": {"datetime"},
        "track": {"kind", "label", "src", "srclang"},
        "ul": {"type"},
        "video": {"controls", "loop", "muted", "poster", "preload", "src"} | _SIZES,
    },
    "set_tag_attribute_values": {"audio": {"controls": ""}, "video": {"controls": ""}},
    "url_schemes": {"http", "https", *OTHER_SCHEMES},
    "link_rel": "noopener noreferrer",
}
_CLEANER = nh3.Cleaner(**_RULES)
_NOTED_CLEANER = nh3.Cleaner(
    **_RULES, allowed_classes={"mark": {"evidence"}, "span": {"boilerplate"}}
)


def sanitise(html: str, base: str | None, page: str | None = None) -> str:
    """Return markup that is safe to show, with its links absolute.

    Scripts, handlers, styles, forms, frames, what is hidden, pictures that count readers and
    addresses that run something are gone; tables, figures, audio, video, MathML and ``srcset``
    stay, and a frame that plays something becomes a link. A relative link that ``base`` does not
    resolve loses its address; a mere fragment leads to the ``page``, where there is one.
    """
    if "<" not in html:
        text = escape(printable(unescape(printable(html[:MAX_HTML]))), quote=False)
        return text.replace("\xa0", "&nbsp;").strip(_SPACE)
    body = tree(html)
    if body is None:
        return from_text(plain(html))
    resolve_links(body, base, page)
    for block in body.iter(*_REFUSED_BLOCKS):
        block.tag = "div"  # else nh3 joins the words before and after it
    for image in tuple(body.iter("img")):
        if not (image.get("src") or image.get("srcset")):
            drop(image)
    return _CLEANER.clean(_serialised(body)).strip(_SPACE)


def clean_noted(body: etree._Element) -> str:
    """Return the tree of markup that was sanitised as markup again, with the notes put into it."""
    return _NOTED_CLEANER.clean(_serialised(body)).strip(_SPACE)


def _serialised(body: etree._Element) -> str:
    # As XML, because libxml2 percent-encodes readable addresses when it writes HTML; an empty
    # text makes it write <p></p>, which <p/> is not in HTML.
    for element in body.iter(etree.Element):
        if element.text is None and element.tag not in VOID:
            element.text = ""
    written = etree.tostring(body, encoding="unicode").replace(_WRITTEN_CONTROL, "")
    return printable(written)
