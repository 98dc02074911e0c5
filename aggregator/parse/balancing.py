"""Text whose tags do not fit together → text in which they do, with its line numbers.

What is put right, and how::

    <item><title>a</item>        what is open within an element ends with it
    <title>a</titel>             a misspelt end tag ends what is open
    <title>a</b>                 any other end tag without a beginning is dropped
    <item>…<item>…               an entry ends where the next begins
    <title>a<pubDate>…           so does what holds text only, where the next such begins
    a < b, <3                    what is no tag is text
    <a b=c d='e' d="f" g>        attributes are quoted, each has a value and stands there once
    <media:content>              a prefix that the root does not declare is declared there
    </channel></rss><item>…      entries after the end still belong to the feed

An entity, a comment or a document type is none of its business (`aggregator.parse.mending`).
"""

import re
from collections import defaultdict
from difflib import SequenceMatcher
from xml.sax.saxutils import quoteattr, unescape

_TOKEN = re.compile(
    r"""<!\[CDATA\[.*?(?:\]\]>|\Z)"""
    r"""|<(?P<end>/?)(?P<name>[A-Za-z_][^\s<>/="'&;]*)"""
    r"""(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>"""
    r"""|<(?P<end2>/?)(?P<name2>[A-Za-z_][^\s<>/="'&;]*)(?P<attributes2>(?:[\s/][^<>]*)?)>"""
    r"""|</(?P<name3>[A-Za-z_][\w:.-]*)(?=\s*<)"""
    r"""|<""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)"""
    r"""(?:\s*=\s*("[^"]*"|'[^']*'|[“”][^“”]*[“”]|[^\s"'<>]+))?"""
)
_ENTRY_START = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[^\w.-]")

_ENTRIES = frozenset({"item", "entry"})
_FEEDS = ("rss", "rdf:rdf", "feed", "channel")
_HOLDERS = frozenset({"rss", "rdf", "feed", "channel"}) | _ENTRIES
_OF_TEXT = frozenset(
    {
        *("category", "comments", "copyright", "created", "docs", "enclosure", "generator", "guid"),
        *("id", "issued", "language", "lastbuilddate", "link", "managingeditor", "modified"),
        *("pubdate", "published", "title", "ttl", "updated", "webmaster"),
    }
)
"""Elements of feeds, by their local names, that hold no others."""

_OF_MARKUP = frozenset({"content", "description", "encoded", "subtitle", "summary", "tagline"})
"""Elements that may hold HTML's, among which are a title and a link."""

_ONLY_OF_FEEDS = (_OF_TEXT | _OF_MARKUP) - {"title", "link", "id", "category", "content", "summary"}

_PEOPLE_AND_PICTURES = frozenset({"author", "contributor", "image", "source", "textinput"})

_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
"""What publishers mean by a prefix that they do not declare."""

_MOST_OPEN = 300
"""How deep elements are followed: what begins deeper is left out, as parsers look no deeper."""

_MOST_ATTRIBUTES = 250
_MOST_PREFIXES = 100
_ALIKE = 0.65


def balance(text: str) -> str:
    """Return ``text`` with its tags put right; total, in linear time.

    What is open at the end remains open: a document that breaks off shall be seen to.
    """
    return _Balancer(text).balanced()


class _Balancer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []
        self._depths: defaultdict[str, list[int]] = defaultdict(list)
        self._entries: list[int] = []
        self._written: list[str] = []
        self._prefixes: dict[str, None] = {}
        self._root: tuple[int, str, str, bool] | None = None
        self._declared: frozenset[str] = frozenset()
        self._last_entry = max((entry.start() for entry in _ENTRY_START.finditer(text)), default=-1)

    def balanced(self) -> str:
        position = 0
        for token in _TOKEN.finditer(self._text):
            self._written.append(self._text[position : token.start()])
            position = token.end()
            self._take(token)
        self._written.append(self._text[position:])
        if self._root is not None:
            at, name, attributes, alone = self._root
            self._written[at] = f"<{name}{attributes}{self._missing()}{'/' if alone else ''}>"
        return "".join(self._written)

    def _take(self, token: re.Match[str]) -> None:
        name = token["name"] or token["name2"] or token["name3"]
        if name is None:
            self._written.append(token[0] if len(token[0]) > 1 else "&lt;")
            return
        written = token["attributes"] or token["attributes2"] or ""
        if token["end"] or token["end2"] or token["name3"]:
            self._ends(self._name(name), token.start())
        else:
            self._begins(self._name(name), written)
        # The lines of an element that is written anew stay.
        self._written.append("\n" * token[0].count("\n"))

    def _name(self, written: str) -> str:
        """Return a name with one colon at most, and only what may be in names."""
        prefix, colon, local = written.partition(":")
        if not colon or not local or not (local[0].isalpha() or local[0] == "_"):
            return _NOT_IN_NAMES.sub("_", written)
        prefix = _NOT_IN_NAMES.sub("_", prefix)
        if prefix.lower() not in ("xml", "xmlns") and not self._is_known(prefix):
            return _NOT_IN_NAMES.sub("_", written)
        return f"{prefix}:{_NOT_IN_NAMES.sub('_', local)}"

    # --- beginnings ---

    def _begins(self, name: str, written: str) -> None:
        self._make_room(_local(name))
        if len(self._open) == _MOST_OPEN:
            return
        alone = written.rstrip().endswith("/")
        attributes = self._attributes(written.rstrip().removesuffix("/"))
        if self._root is None:
            self._root = (len(self._written), name, attributes, alone)
        self._written.append(f"<{name}{attributes}{'/' if alone else ''}>")
        if not alone:
            self._opens(name)

    def _opens(self, name: str) -> None:
        self._depths[name.lower()].append(len(self._open))
        if _local(name) in _ENTRIES:
            self._entries.append(len(self._open))
        self._open.append(name)

    def _make_room(self, local: str) -> None:
        """Close what cannot hold an element of that name."""
        if local in _ENTRIES:
            self._close(self._within_feed())
            return
        if local not in _OF_TEXT | _OF_MARKUP:
            return
        for depth in range(len(self._open) - 1, 0, -1):
            holder = _local(self._open[depth])
            if holder in _HOLDERS | _PEOPLE_AND_PICTURES:
                return
            full = holder in _OF_TEXT or (holder in _OF_MARKUP and local in _ONLY_OF_FEEDS)
            if full and _local(self._open[depth - 1]) in _HOLDERS:
                self._close(depth)
                return

    def _within_feed(self) -> int:
        """Return how deep an entry may begin: none stands in another, nor in what the feed says."""
        if self._entries:
            return self._entries[0]
        holders = [self._depths[holder][-1] for holder in _FEEDS if self._depths[holder]]
        return max(holders, default=len(self._open) - 1) + 1

    def _attributes(self, written: str) -> str:
        met: dict[str, str] = {}
        for attribute in _ATTRIBUTE.finditer(written):
            name, value = attribute[1], attribute[2]
            prefix, colon, declared = name.partition(":")
            if colon and prefix == "xmlns" and (declared in ("xml", "xmlns") or not value):
                continue
            if colon and prefix not in ("xml", "xmlns") and not self._is_known(prefix):
                continue
            met.setdefault(name, name if value is None else _unquoted(value))
            if len(met) == _MOST_ATTRIBUTES:
                break
        if not self._open and self._root is None:
            self._declared = frozenset(name[6:] for name in met if name.startswith("xmlns:"))
        return "".join(
            f" {name}={quoteattr(value)}"
            for name, value in met.items()
            if value or not name.startswith("xmlns:")
        )

    def _is_known(self, prefix: str) -> bool:
        """Remember a prefix, unless there are too many."""
        if len(self._prefixes) < _MOST_PREFIXES:
            self._prefixes[prefix] = None
        return prefix in self._prefixes

    def _missing(self) -> str:
        return "".join(
            f' xmlns:{prefix}="{_NAMESPACES.get(prefix.lower(), f"urn:undeclared:{prefix}")}"'
            for prefix in self._prefixes
            if prefix not in self._declared
        )

    # --- ends ---

    def _ends(self, name: str, at: int) -> None:
        if self._is_early(_local(name), at):
            return
        depth = self._depth(name)
        if depth is not None:
            self._close(depth)
        elif self._open and _alike(name, self._open[-1]):
            self._close(len(self._open) - 1)

    def _is_early(self, local: str, at: int) -> bool:
        """Tell whether entries come after the end of what should hold them."""
        if at > self._last_entry or not self._open:
            return False
        root = _local(self._open[0])
        return (local == root and local in _HOLDERS) or (local == "channel" and root == "rss")

    def _depth(self, name: str) -> int | None:
        """Return how deep the element that ends is; none ends before the entry it stands in."""
        depths = self._depths[name.lower()]
        if not depths:
            return None
        within = self._entries[-1] if self._entries and _local(name) not in _HOLDERS else -1
        return depths[-1] if depths[-1] > within else None

    def _close(self, depth: int) -> None:
        for name in reversed(self._open[depth:]):
            self._written.append(f"</{name}>")
            self._depths[name.lower()].pop()
        del self._open[depth:]
        while self._entries and self._entries[-1] >= depth:
            self._entries.pop()


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _alike(name: str, other: str) -> bool:
    """Tell whether one is the other misspelt: ``</titel>`` is, ``</title>`` is no ``item``."""
    if len(name) > 40 or len(other) > 40 or _local(name) in _OF_TEXT | _OF_MARKUP | _HOLDERS:
        return False
    return SequenceMatcher(None, name.lower(), other.lower()).ratio() >= _ALIKE


def _unquoted(value: str) -> str:
    plain = value[1:-1] if value[0] in "\"'“”" else value
    return unescape(plain, {"&quot;": '"', "&apos;": "'"})
