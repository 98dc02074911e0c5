"""Markup that is safe to show."""

from html import escape, unescape

import nh3
from lxml import etree

from aggregator.html.layout import from_text, plain
from aggregator.html.links import LINKING, resolve_links
from aggregator.html.tree import BLOCKS, MAX_HTML, VOID, printable, tree

_ALLOWED = nh3.ALLOWED_TAGS | {
    "address", "audio", "big", "main", "picture", "section", "source", "tfoot", "track", "video",
}  # fmt: skip
_REFUSED_BLOCKS = BLOCKS - {"body"} - _ALLOWED
_GONE = "gone"
_WRITTEN_CONTROL = "&#xFFFD;"  # how libxml2 writes a control character that it decoded
_SPACE = " \t\n\f\r"
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
    body = tree(html)
    if body is None:
        return from_text(plain(html))
    for element in body.iter(*LINKING):
        resolve_links(element, base)
    for block in body.iter(*_REFUSED_BLOCKS):
        block.tag = "div"  # else nh3 joins the words before and after it
    for image in body.iter("img"):
        if not _shows(image):
            image.tag = _GONE
    etree.strip_elements(body, _GONE, with_tail=False)
    return _CLEANER.clean(_serialised(body)).strip(_SPACE)


def _shows(image: etree._Element) -> bool:
    """Tell whether an image has a source, and is more than the pixel that counts readers."""
    sizes = {(image.get(side) or "").strip().removesuffix("px") for side in ("width", "height")}
    return bool(image.get("src") or image.get("srcset")) and not sizes <= {"0", "1"}


def _serialised(body: etree._Element) -> str:
    # As XML, because libxml2 percent-encodes readable addresses when it writes HTML; an empty
    # text makes it write <p></p>, which <p/> is not in HTML.
    for element in body.iter(etree.Element):
        if element.text is None and element.tag not in VOID:
            element.text = ""
    written = etree.tostring(body, encoding="unicode").replace(_WRITTEN_CONTROL, "")
    return printable(written)
