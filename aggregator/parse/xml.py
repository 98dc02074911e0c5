"""RSS, RDF and Atom → `RawFeed`; the only place that knows feedparser.

feedparser is used for what nobody else has: twenty years of knowledge of how publishers write
these formats. Its two parsers are driven by hand, because `feedparser.parse` opens a local file
when the content names one, takes the whole document for another encoding after one bad byte,
raises on some document types, and hands the text to libexpat in pieces (quadratic before 2.6).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from html import unescape
from typing import ClassVar
from xml.sax.xmlreader import AttributesNSImpl

import feedparser.api

from aggregator.errors import NotAFeedError, ParserFailedError
from aggregator.model.raw import RawFeed
from aggregator.parse import asides, driving, hints, linked
from aggregator.parse.asides import ASIDES, Recorder
from aggregator.parse.dated import NAMESPACES, DateHandlers
from aggregator.parse.dictionaries import BASE, Found
from aggregator.parse.driving import EnoughError
from aggregator.parse.found import raw_feed
from aggregator.parse.mending import mend
from aggregator.parse.modules import ModuleHandlers
from aggregator.parse.permalinks import GuidHandlers
from aggregator.urls import fetchable

MOST_LOOKED_AT = 20_000
"""How many entries of a document are read at all, so that the longest ends in time."""

MOST_ELEMENTS = 300_000
"""How many elements of a document are read: ten times what two thousand rich entries have."""

_RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"
_NETSCAPE = "http://channel.netscape.com/rdf/simple/0.9/"
_ANOTHER = "podcast:liveitem"
"""A broadcast with a title, a guid and a link of its own."""

_NAMES = frozenset({"author", "category", "generator", "publisher", "name", "id"})
_INLINE = frozenset({"a", "abbr", "b", "br", "em", "font", "i", "p", "span", "strong", "u"})
"""Elements that some publishers write, unescaped, where a name belongs: their text is the name."""

_ENTRIES = frozenset({"item", "entry"})
_MOST_CATEGORIES = 500
_MOST_ATTRIBUTES = 200
_REST = "the rest was not read"
_NO_ATTRIBUTES = AttributesNSImpl({}, {})
_FORMATS = {"rss091n": "rss091", "rss091u": "rss091"}


def read_xml(text: str, url: str) -> tuple[RawFeed, tuple[str, ...]]:
    """Read a document whose root is that of a feed, and clauses on what is wrong with it.

    ``url`` is the base of what is relative. Raises `NotAFeedError` if nothing of a feed is in it,
    `ParserFailedError` if feedparser gives up.
    """
    mended = mend(text)
    # Joined to the address of a file, links would be none; left alone, the feed's link serves.
    base = url if fetchable(url) else ""
    result = driving.read(
        mended.text,
        strict=lambda: _Strict(base, None, "utf-8"),
        loose=lambda: _Loose(base, None, "utf-8", {}),
    )
    parser = result.handler
    if result.gave_up:
        raise ParserFailedError(f"{url} cannot be read: {result.remarks[0]}.")
    form = _FORMATS.get(parser.version, parser.version or "rss")
    feed = raw_feed(parser.feeddata, driving.finished(parser), form)
    if not (parser.version or feed.entries or feed.title or feed.link or feed.description):
        raise NotAFeedError(f"{url} is XML, but neither RSS nor Atom.")
    skipped = hints.read_skipped(mended.text)
    feed = replace(
        feed,
        skip_hours=skipped.hours,
        skip_days=skipped.days,
        links=linked.links(parser.feeddata),
        complete=linked.is_complete(parser.feeddata),
    )
    return feed, (*mended.remarks, *result.remarks)


# --- feedparser's handlers -----------------------------------------------------------------------


class _Ours(DateHandlers, GuidHandlers, ModuleHandlers):
    """What both of feedparser's parsers shall do otherwise.

    A guid is compared and never followed, so it is not resolved. An author is kept as written:
    feedparser knows no domain longer than four letters, and would cut ``anna@paper.example
    (Anna)`` in the middle. So is a link: feedparser joins even a whole address to the base, which
    may change it, and a hub compares topics by the byte. What stands in `podcast:liveItem` is
    another entry's.
    """

    namespaces = feedparser.api.StrictFeedParser.namespaces | {
        _NETSCAPE: "",
        **asides.NAMESPACES,
        **NAMESPACES,
        linked.HISTORY: "history",
    }
    _matchnamespaces: ClassVar[dict[str, str]] = {}
    can_be_relative_uri = feedparser.api.StrictFeedParser.can_be_relative_uri - {"id"}
    resolve_relative_uris = False
    sanitize_html = False

    version: str
    entries: list[Found]
    feeddata: Found
    baseuri: str
    basestack: list[str]
    inentry: int
    incontent: int
    namespacemap: dict[str, str]
    _asides = Recorder()  # takes nothing before the first entry
    _normalize_attributes: Callable[[tuple[str, str]], tuple[str, str]]
    inauthor: int
    elementstack: list[tuple[str, int, list[str]]]
    _elements = 0
    _within_another = False

    def unknown_starttag(self, tag: str, attributes: Iterable[tuple[str, str]]) -> None:
        """Read an element; raises `EnoughError` after the last that is looked at."""
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise EnoughError(f"it has more than {MOST_ELEMENTS:,} elements, {_REST}")
        pairs, name = tuple(attributes), self._known_name(tag)
        self._within_another = name == _ANOTHER or (self._within_another and tag not in _ENTRIES)
        if self._within_another or self._is_markup_of_a_name(tag):
            return
        if self.inentry and not self.incontent:
            told = [self._normalize_attributes(pair) for pair in pairs]
            self._asides.start(name, told)
            self._asides.heard |= bool(told)
        super().unknown_starttag(tag, pairs)  # type: ignore[misc]  # feedparser's

    def unknown_endtag(self, tag: str) -> None:
        """Read the end of an element."""
        name = self._known_name(tag)
        if self._within_another:
            self._within_another = name != _ANOTHER
            return
        if self._is_markup_of_a_name(tag):
            return
        self._asides.end(name)
        super().unknown_endtag(tag)  # type: ignore[misc]  # feedparser's
        self.baseuri = self.basestack[-1] if self.basestack else self.baseuri  # else never ""

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        """Learn what a prefix stands for; RSS 0.90 has two addresses."""
        known = _RSS_090 if uri.lower() == _NETSCAPE else uri
        super().track_namespace(prefix, known)  # type: ignore[misc]  # feedparser's

    def handle_data(self, text: str, escape: int = 1) -> None:
        """Read text."""
        if self._within_another:
            return
        self._asides.text(text)
        self._asides.heard |= bool(self.inentry and text.strip())
        super().handle_data(text, escape)  # type: ignore[misc]  # feedparser's

    def _is_markup_of_a_name(self, tag: str) -> bool:
        inside = self.elementstack[-1][0] if self.elementstack else ""
        return tag in _INLINE and inside in _NAMES

    def _known_name(self, tag: str) -> str:
        prefix, colon, name = tag.partition(":")
        return f"{self.namespacemap.get(prefix, prefix)}:{name}" if colon else tag

    def _start_item(self, attributes: Found) -> None:
        super()._start_item(attributes)  # type: ignore[misc]  # feedparser's
        self._asides = self.entries[-1][ASIDES] = Recorder()  # type: ignore[index]  # feedparser's
        self.entries[-1][BASE] = self.baseuri  # type: ignore[index]  # feedparser's dictionary

    _start_entry = _start_item

    def _start_channel(self, attributes: Found) -> None:
        super()._start_channel(attributes)  # type: ignore[misc]  # feedparser's
        self.feeddata[BASE] = self.baseuri  # type: ignore[index]  # feedparser's dictionary

    def _start_feed(self, attributes: Found) -> None:
        super()._start_feed(attributes)  # type: ignore[misc]  # feedparser's
        self.feeddata[BASE] = self.baseuri  # type: ignore[index]  # feedparser's dictionary

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        """Take a category; feedparser compares each with all before it."""
        context = self._get_context()
        if "tags" not in context or len(context["tags"]) < _MOST_CATEGORIES:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]  # feedparser's

    def _end_author(self) -> None:
        written = self.pop("author")
        self.inauthor = 0
        context = self._get_context()
        people = context["authors"] if "authors" in context else ()  # noqa: SIM401 - see `Found`
        if written and people and not people[-1]:
            people[-1]["written"] = written

    _end_managingeditor = _end_author

    def _sync_author_detail(self, key: str = "author") -> None:
        """Take nobody's name apart."""

    def _start_link(self, attributes: dict[str, object]) -> None:
        if "href" in attributes:
            own = {"written": attributes["href"], "declared": attributes.get("type")}
            attributes |= {**own, "within": self.baseuri}
        super()._start_link(attributes)  # type: ignore[misc]  # feedparser's, which comes next

    def _start_history_complete(self, _: Found) -> None:
        if not self.inentry:
            self.feeddata[linked.COMPLETE] = True  # type: ignore[index]  # feedparser's dictionary

    def _end_history_complete(self) -> None:
        """Take nothing off the stack, as nothing was put there."""


class _Strict(_Ours, feedparser.api.StrictFeedParser):  # type: ignore[misc]  # untyped library
    """For well-formed documents."""

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attributes: AttributesNSImpl
    ) -> None:
        """Read an element; feedparser's time grows with the square of its attributes' number.

        Raises `EnoughError` after the last entry that is looked at.
        """
        if len(self.entries) > MOST_LOOKED_AT:
            self.entries.pop()
            raise EnoughError(f"it has more than {MOST_LOOKED_AT:,} entries, {_REST}")
        bounded = attributes if len(attributes) <= _MOST_ATTRIBUTES else _NO_ATTRIBUTES
        super().startElementNS(name, qname, bounded)


class _Loose(_Ours, feedparser.api.LooseFeedParser):  # type: ignore[misc]  # untyped library
    """For all others: reads tags where it finds them."""

    def handle_charref(self, ref: str) -> None:
        """Read a character by its number."""
        self._asides.text(unescape(f"&#{ref};"))
        super().handle_charref(ref)

    def handle_entityref(self, ref: str) -> None:
        """Read a character by its name."""
        self._asides.text(unescape(f"&{ref};"))
        super().handle_entityref(ref)
