"""OPML ↔ subscriptions: the lists that feed readers exchange (OPML 2.0, http://opml.org/spec2.opml).

A list is as untrusted as a feed: no entities, no network, bounded in size and nesting, and only
web addresses are taken from it, since a stranger's list must not make us read files.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from aggregator.errors import UsageError
from aggregator.model.feeds import Subscription
from aggregator.urls import without_feed_scheme

MAX_BYTES = 20_000_000
MAX_NESTING = 20


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed of a list; ``labels`` are the titles of the outlines around it and its categories."""

    url: str
    title: str | None = None
    labels: tuple[str, ...] = ()


def read_opml(body: bytes) -> tuple[OpmlFeed, ...]:
    """Read every feed of a list once, in its order.

    Raises `UsageError` if it is no OPML, too large or nested too deep, or if one of its feeds is
    not a web address.
    """
    if len(body) > MAX_BYTES:
        raise UsageError("The OPML file is too large: 20 MB at most.")
    root = _root(body)
    if _name(root) != "opml":
        raise UsageError(f"This is no OPML: it begins with <{_name(root)}> instead of <opml>.")
    found = root.find("{*}body")
    if found is None:
        raise UsageError("The OPML has no <body>, hence no feeds.")
    feeds: dict[str, OpmlFeed] = {}
    for feed in _feeds(found, ()):
        feeds.setdefault(feed.url, feed)
    return tuple(feeds.values())


def _root(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        told = (error.msg or "it is no XML").partition(", line ")[0]
        raise UsageError(f"The OPML is broken in line {line}: {told}.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UsageError("The OPML declares a document type, which is refused: take it out.")
    return root


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _feeds(parent: etree._Element, around: tuple[str, ...]) -> Iterator[OpmlFeed]:
    if len(around) > MAX_NESTING:
        raise UsageError(f"The OPML's outlines are nested more than {MAX_NESTING} deep.")
    for outline in parent.iterchildren("{*}outline"):
        title = _text(outline, "title") or _text(outline, "text")
        url = _text(outline, "xmlUrl")
        if url is not None:
            labels = dict.fromkeys((*filter(None, around), *_categories(outline)))
            yield OpmlFeed(_web(url, outline), title, tuple(labels))
        # An outline may be a feed and still hold others; a feed's title is not their label.
        yield from _feeds(outline, around if url is not None else (*around, title or ""))


def _text(outline: etree._Element, attribute: str) -> str | None:
    # Readers differ in how they write the attributes' capitals.
    for name, value in outline.attrib.items():
        if str(name).lower() == attribute.lower():
            return " ".join(str(value).split()) or None
    return None


def _categories(outline: etree._Element) -> tuple[str, ...]:
    """Return the category attribute's words: separated by commas, each a path like ``/a/b``."""
    written = (_text(outline, "category") or "").split(",")
    return tuple(word for part in written if (word := part.strip().strip("/").strip()))


def _web(url: str, outline: etree._Element) -> str:
    address = without_feed_scheme(url)
    if address.lower().startswith(("http://", "https://")):
        return address
    raise UsageError(
        f"Line {outline.sourceline} of the OPML names {url!r}, which is not a web address:"
        " files are subscribed to in the configuration alone."
    )


def write_opml(subscriptions: Iterable[Subscription], title: str) -> bytes:
    """Write the web addresses among subscriptions as OPML 2.0; the same input gives the same bytes.

    Files are left out: they are of no use on another machine. Characters that XML 1.0 cannot
    hold are left out as well.
    """
    web = (each for each in subscriptions if each.location.startswith(("http:", "https:")))
    return write_list(
        (OpmlFeed(each.location, each.name or each.url, each.labels) for each in web), title
    )


def write_list(feeds: Iterable[OpmlFeed], title: str) -> bytes:
    """Write feeds as OPML 2.0, as above."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _allowed(title)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        etree.SubElement(body, "outline", _attributes(feed))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _attributes(feed: OpmlFeed) -> dict[str, str]:
    name = _allowed(feed.title or feed.url)
    attributes = {
        "type": "rss",
        "text": name,
        "title": name,
        "xmlUrl": _allowed(feed.url),
    }
    if feed.labels:
        # A comma separates categories, so that a label cannot keep its own.
        labels = (_allowed(label).replace(",", " ") for label in feed.labels)
        attributes["category"] = ",".join(labels)
    return attributes


def _allowed(text: str) -> str:
    """Leave out what XML 1.0 §2.2 does not allow."""
    return "".join(
        character
        for character in text
        if character in "\t\n\r"
        or " " <= character <= "\ud7ff"
        or "\ue000" <= character <= "\ufffd"
        or character >= "\U00010000"
    )
