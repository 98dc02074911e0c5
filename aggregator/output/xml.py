"""Elements of an XML feed, with every text cleaned and escaped."""

from html import escape

from lxml import etree

from aggregator.model.entries import Entry
from aggregator.output.characters import clean

HISTORY = "http://purl.org/syndication/history/1.0"
ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MEDIA = "http://search.yahoo.com/mrss/"


def qualified(namespace: str, name: str) -> str:
    """Return an element's name in a namespace, as lxml writes it."""
    return f"{{{namespace}}}{name}"


def add(
    parent: etree._Element, name: str, text: str = "", /, **attributes: str | None
) -> etree._Element:
    """Append an element and return it; an attribute that is None is left out."""
    element = etree.SubElement(parent, name)
    element.text = clean(text) or None
    for key, value in attributes.items():
        if value is not None:
            element.set(key, clean(value))
    return element


def document(root: etree._Element) -> bytes:
    """Return the document in UTF-8, indented, ending with a line end.

    Namespaces that nothing is in are not declared. ``&`` and ``<`` of a text are written by their
    numbers, which no reader takes for escaped HTML (RSS Best Practices Profile, character data).
    """
    etree.cleanup_namespaces(root)
    written = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def summary_html(entry: Entry) -> str:
    """Return the summary as HTML, empty if there is none."""
    return _html(entry.summary_html, entry.summary)


def content_html(entry: Entry) -> str:
    """Return the content as HTML, empty if there is none."""
    return _html(entry.content_html, entry.content)


def _html(html: str, plain: str) -> str:
    """Return the HTML, else the plain text as a paragraph for each block."""
    if (cleaned := clean(html)).strip():
        return cleaned
    blocks = (block.strip() for block in clean(plain).split("\n\n"))
    return "".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block)
