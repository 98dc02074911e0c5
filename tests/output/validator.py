"""A feed validator for tests: the rules of the W3C's as far as they bear on what we may write.

It knows nothing of our writers: a document comes in, findings by their names go out. Elements
that it does not expect where they stand are errors, those of namespaces that it does not know a
warning each.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from xml.parsers import expat

from tests.output import findings as f
from tests.output.findings import Rule

ATOM = "http://www.w3.org/2005/Atom"
_PREFIXES = {
    ATOM: "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://search.yahoo.com/mrss/": "media",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.georss.org/georss": "georss",
    "http://backend.userland.com/creativeCommonsRssModule": "creativeCommons",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
_UNSUPPORTED = frozenset({"https://podcastindex.org/namespace/1.0"})
_RELATIONS = frozenset(
    {
        *("alternate", "current", "enclosure", "first", "hub", "last", "license", "next"),
        *("next-archive", "prev-archive", "previous", "related", "replies", "self", "up", "via"),
    }
)
_HISTORY = frozenset(
    {"current", "first", "last", "next", "next-archive", "prev-archive", "previous"}
)


@dataclass(slots=True)
class Node:
    """An element; ``pieces`` is its text as a parser hands it out, ``lines`` where it stands."""

    name: str
    attributes: Mapping[str, str]
    line: int
    parent: "Node | None"
    pieces: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    last_line: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()

    def all(self, name: str) -> list["Node"]:
        return [child for child in self.children if child.name == name]


def check(body: bytes, *, location: str | None = None) -> list[str]:
    """Return what is wrong with a document that lies at ``location``, by name."""
    if body.lstrip().startswith(b"{"):
        return list(_json(body))
    return list(_Document(body).findings(location))


def errors(found: list[str]) -> list[str]:
    """Return the findings that make a document invalid."""
    return [name for name in found if name not in f.WARNINGS]


def unexpected(found: list[str]) -> list[str]:
    """Return what a document of ours must not earn."""
    return [name for name in found if name not in f.ALLOWED]


# --- XML: which values stand where ---------------------------------------------------------------

_REPEATED = frozenset(
    {
        *("atom:author", "atom:category", "atom:contributor", "atom:entry", "atom:link", "item"),
        *("category", "dc:creator", "dc:contributor", "media:content", "media:thumbnail"),
        *("thr:in-reply-to", "georss:point", "georss:featureName", "creativeCommons:license"),
    }
)
_MODULES: dict[str, Rule] = {
    "dc:language": f.language,
    "dc:rights": f.plain,
    "dc:contributor": f.anything,
    "media:content": f.anything,
    "media:thumbnail": f.anything,
    "slash:comments": f.count,
    "wfw:commentRss": f.uri,
    "thr:in-reply-to": f.anything,
    "thr:total": f.count,
    "georss:point": f.pair,
    "georss:featureName": f.anything,
    "creativeCommons:license": f.uri,
}
_HEAD: dict[str, Rule] = {
    "atom:title": f.blank,
    "atom:subtitle": f.blank,
    "atom:rights": f.blank,
    "atom:id": f.canonical,
    "atom:updated": f.date_3339,
    "atom:generator": f.blank,
    "atom:icon": f.uri,
    "atom:logo": f.uri,
    "atom:link": f.anything,
    "atom:author": f.anything,
    "atom:contributor": f.anything,
    "atom:category": f.anything,
}
_HISTORY_MARKS: dict[str, Rule] = {"fh:archive": f.anything, "fh:complete": f.anything}
_PERSON: dict[str, Rule] = {"atom:name": f.name, "atom:uri": f.uri, "atom:email": f.mail}
_CHILDREN: dict[str, dict[str, Rule]] = {
    "atom:feed": {**_HEAD, **_HISTORY_MARKS, "atom:entry": f.anything},
    "atom:source": _HEAD,
    "atom:author": _PERSON,
    "atom:contributor": _PERSON,
    "atom:entry": {
        **{name: rule for name, rule in _HEAD.items() if name != "atom:subtitle"},
        "atom:published": f.date_3339,
        "atom:summary": f.blank,
        "atom:content": f.blank,
        "atom:source": f.anything,
        **_MODULES,
    },
    "rss": {"channel": f.anything},
    "channel": {
        "title": f.plain_in_rss,
        "link": f.uri,
        "description": f.plain_in_rss,
        "generator": f.anything,
        "copyright": f.plain_in_rss,
        "lastBuildDate": f.date_822,
        "docs": f.uri,
        "language": f.language,
        "atom:link": f.anything,
        "item": f.anything,
        **_HISTORY_MARKS,
    },
    "item": {
        "title": f.plain_in_rss,
        "link": f.uri,
        "description": f.html,
        "content:encoded": f.html,
        "guid": f.anything,
        "pubDate": f.date_822,
        "atom:updated": f.date_3339,
        "comments": f.uri,
        "category": f.plain_in_rss,
        "enclosure": f.anything,
        "source": f.plain_in_rss,
        "dc:creator": f.anything,
        "atom:link": f.anything,
        **_MODULES,
    },
    "media:content": {"media:title": f.plain, "media:thumbnail": f.anything},
}
_REQUIRED: dict[str, tuple[str, ...]] = {
    "atom:feed": ("atom:title", "atom:id", "atom:updated"),
    "atom:source": ("atom:title", "atom:id", "atom:updated"),
    "atom:entry": ("atom:title", "atom:id", "atom:updated"),
    "atom:author": ("atom:name",),
    "atom:contributor": ("atom:name",),
    "channel": ("title", "link", "description"),
    "item": ("title",),
}
_ATTRIBUTES: dict[str, dict[str, Rule]] = {
    "rss": {"version": f.anything},
    "atom:link": {
        **{"rel": f.blank, "href": f.uri, "type": f.media_type, "length": f.count},
        **{"title": f.name, "hreflang": f.language, "thr:count": f.count},
    },
    "atom:category": {"term": f.anything, "scheme": f.uri, "label": f.plain},
    "atom:generator": {"uri": f.uri, "version": f.blank},
    "category": {"domain": f.anything},
    "guid": {"isPermaLink": f.anything},
    "source": {"url": f.uri},
    "enclosure": {"url": f.web_file, "length": f.count, "type": f.media_type},
    "media:thumbnail": {"url": f.uri, "width": f.positive, "height": f.positive},
    "media:content": {
        **{"url": f.uri, "type": f.media_type, "fileSize": f.positive, "medium": f.anything},
        **{"duration": f.positive, "width": f.positive, "height": f.positive},
    },
    "thr:in-reply-to": {"ref": f.canonical, "href": f.uri, "type": f.media_type},
}
_CONSTRUCTS = ("atom:title", "atom:subtitle", "atom:rights", "atom:summary", "atom:content")


class _Document:
    """A document of XML, read at once."""

    def __init__(self, body: bytes) -> None:
        self._lines = body.decode("utf-8").split("\n")
        self._found: list[str] = []
        self._now: Node | None = None
        self._root: Node | None = None
        self._parser = expat.ParserCreate(namespace_separator="\n")
        self._parser.buffer_text = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartNamespaceDeclHandler = self._declare
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError:
            self._found.append("SAXError")

    def findings(self, location: str | None) -> Iterator[str]:
        yield from self._found
        if self._root and self._root.name in {"atom:feed", "rss"}:
            yield from self._element(self._root)
            head = self._root if self._root.name == "atom:feed" else self._root.all("channel")[0]
            yield from _addresses(head, location)
            yield from _entries(head)
        else:
            yield "UndefinedElement"

    def _declare(self, _: str | None, uri: str) -> None:
        if uri in _UNSUPPORTED:
            self._found.append("UnsupportedNamespace")
        elif uri not in _PREFIXES:
            self._found += [*f.uri(uri), "UnknownNamespace"]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        named = {_short(key): value for key, value in attributes.items()}
        node = Node(_short(name), named, self._parser.CurrentLineNumber, self._now)
        if self._now:
            self._now.children.append(node)
        self._root = self._root or node
        self._now = node

    def _end(self, _: str) -> None:
        if self._now:
            self._now.last_line = self._parser.CurrentLineNumber
            self._now = self._now.parent

    def _text(self, piece: str) -> None:
        if self._now:
            self._now.pieces.append(piece)

    def _by_number(self, node: Node) -> bool:
        return any("&#x" in line for line in self._lines[node.line - 1 : node.last_line])

    def _element(self, node: Node) -> Iterator[str]:
        for piece in (*node.pieces, *node.attributes.values()):
            yield from f.characters(piece)
        if "\n" in node.name:  # of a namespace that says itself what may stand in it
            for child in node.children:
                yield from self._element(child)
            return
        if node.children and node.text:
            yield "UnexpectedText"
        yield from self._attributes(node)
        yield from self._children(node)
        if node.name in _CONSTRUCTS:
            yield from self._construct(node)

    def _attributes(self, node: Node) -> Iterator[str]:
        known = _ATTRIBUTES.get(node.name, {})
        for name, value in node.attributes.items():
            if name == "xml:lang":
                yield from f.language(value)
            elif name == "type" and node.name in _CONSTRUCTS:
                continue
            elif name in known:
                yield from known[name](value, self._by_number(node))
            else:
                yield "UnexpectedAttribute"

    def _children(self, node: Node) -> Iterator[str]:
        known = _CHILDREN.get(node.name, {})
        counted = Counter(child.name for child in node.children)
        for name in _REQUIRED.get(node.name, ()):
            yield from () if counted[name] else ("MissingElement",)
        for child in node.children:
            if "\n" not in child.name:
                if child.name not in known:
                    yield "UndefinedElement"
                elif counted[child.name] > 1 and child.name not in _REPEATED:
                    yield "DuplicateElement"
                else:
                    yield from known[child.name](child.text, self._by_number(child))
            yield from self._element(child)
            if child.name == "atom:link":
                yield from _link(child)

    def _construct(self, node: Node) -> Iterator[str]:
        match node.attributes.get("type", "text"):
            case "html":
                yield from f.html(node.text)
            case "text":
                yield from f.plain(node.text, self._by_number(node))
            case _:
                yield "InvalidTextType"


def _short(name: str) -> str:
    uri, separator, local = name.rpartition("\n")
    if not separator:
        return local
    return f"{_PREFIXES[uri]}:{local}" if uri in _PREFIXES else name


def _link(link: Node) -> Iterator[str]:
    relation = link.attributes.get("rel", "alternate")
    if relation not in _RELATIONS:
        yield "UnregisteredAtomLinkRel"
    if "href" not in link.attributes:
        yield "MissingHref"
    if link.parent and link.parent.name == "atom:entry" and relation in _HISTORY:
        yield "FeedHistoryRelInEntry"
    told = link.attributes.get("type")
    if relation == "self" and told not in {None, "application/atom+xml", "application/rss+xml"}:
        yield "SelfNotAtom"


def _addresses(head: Node, location: str | None) -> Iterator[str]:
    links = [
        (one.attributes.get("rel"), one.attributes.get("href", "")) for one in head.all("atom:link")
    ]
    relations = {relation for relation, _ in links}
    if "self" not in relations:
        yield "MissingSelf"
    for relation, address in links:
        if relation == "self":
            if "://" not in address or not address.partition("://")[2].partition("/")[0]:
                yield "RelativeSelf"
            if address != location:
                yield "SelfDoesntMatchLocation"
    if sum(1 for relation, _ in links if relation == "alternate") > 1:
        yield "DuplicateAtomLink"
    if head.all("fh:archive"):
        if not relations & {"prev-archive", "next-archive"}:
            yield "ArchiveIncomplete"
        if "current" not in relations:
            yield "MissingCurrentInArchive"


def _entries(head: Node) -> Iterator[str]:
    entries = [*head.all("atom:entry"), *head.all("item")]
    names = [child.name for child in head.children]
    if any(
        one in {"atom:entry", "item"}
        and other[:5] in {"atom:", "title", "link"}
        and other != "atom:entry"
        for one, other in pairwise(names)
    ):
        yield "MisplacedItem"
    for kind in ("atom:id", "guid"):
        ids = [one.text for entry in entries for one in entry.all(kind)]
        if len(set(ids)) < len(ids):
            yield "DuplicateValue"
    times = [one.text for entry in entries for one in entry.all("atom:updated")]
    if len(set(times)) < len(times):
        yield "DuplicateUpdated"
    for entry in entries:
        yield from _atom_entry(entry) if entry.name == "atom:entry" else _item(entry, head)


def _atom_entry(entry: Node) -> Iterator[str]:
    links = [one for one in entry.all("atom:link") if one.attributes.get("rel") == "alternate"]
    if not entry.all("atom:author"):
        yield "MissingElement"
    if not entry.all("atom:summary") and not entry.all("atom:content"):
        yield "MissingTextualContent"
    if not entry.all("atom:content") and not links:
        yield "MissingContentOrAlternate"
    if len(links) > 1:
        yield "DuplicateAtomLink"


def _item(item: Node, channel: Node) -> Iterator[str]:
    order = [child.name for child in item.children]
    if "content:encoded" in order and "description" not in order[: order.index("content:encoded")]:
        yield "NeedDescriptionBeforeContent"
    if "slash:comments" in order and not channel.all("lastBuildDate"):
        yield "SlashDate"
    for guid in item.all("guid"):
        permanent = guid.attributes.get("isPermaLink", "true")
        if permanent == "true":
            yield from f.uri(guid.text)
            if guid.text.lower().startswith(("tag:", "urn:uuid:")):
                yield "InvalidPermalink"
        elif len(guid.text) < 9 and guid.text.isdigit():
            yield "NotSufficientlyUnique"
    if not item.all("guid"):
        yield "MissingGuid"
    for source in item.all("source"):
        yield from () if "url" in source.attributes else ("MissingAttribute",)
    for enclosure in item.all("enclosure"):
        yield from () if len(enclosure.attributes) == 3 else ("MissingAttribute",)


# --- JSON Feed 1.1 -------------------------------------------------------------------------------

_TOP = {
    **dict.fromkeys(("version", "title", "home_page_url", "feed_url", "description"), str),
    **dict.fromkeys(("user_comment", "next_url", "icon", "favicon", "language"), str),
    **dict.fromkeys(("authors", "hubs", "items"), list),
    **{"expired": bool, "_aggregator": dict},
}
_ITEM = {
    **dict.fromkeys(("id", "url", "external_url", "title", "content_html", "content_text"), str),
    **dict.fromkeys(("summary", "image", "banner_image", "date_published", "date_modified"), str),
    **{"language": str, "authors": list, "tags": list, "attachments": list, "_aggregator": dict},
}


def _json(body: bytes) -> Iterator[str]:
    """Find what jsonfeed.org/version/1.1 forbids."""
    document = json.loads(body.decode("utf-8"))
    yield from _keys(document, _TOP)
    if document.get("version") != "https://jsonfeed.org/version/1.1" or not document.get("title"):
        yield "MissingElement"
    for hub in document.get("hubs", ()):
        yield from () if {"type", "url"} == set(hub) else ("MissingAttribute",)
    items = document.get("items", [])
    if len({item.get("id") for item in items}) < len(items):
        yield "DuplicateValue"
    for item in items:
        yield from _keys(item, _ITEM)
        if not item.get("id") or not {"content_html", "content_text"} & set(item):
            yield "MissingElement"
        for key in ("date_published", "date_modified"):
            if key in item:
                yield from (n for n in f.date_3339(item[key]) if n != "ImplausibleDate")
        for one in item.get("attachments", ()):
            yield from () if {"url", "mime_type"} <= set(one) else ("MissingAttribute",)
        for author in (*item.get("authors", ()), *document.get("authors", ())):
            yield from () if {"name", "url", "avatar"} & set(author) else ("MissingElement",)


def _keys(found: Mapping[str, object], known: Mapping[str, type]) -> Iterator[str]:
    for key, value in found.items():
        if key not in known:
            yield "UndefinedElement"
        elif not isinstance(value, known[key]):
            yield "InvalidValue"
