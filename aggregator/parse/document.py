"""From a document to a raw feed: decode, see what it is, hand it to the reader of that format."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import assert_never

from aggregator.dates import date_order, read_date
from aggregator.dating.clues import NO_CLUES, Clues, clues
from aggregator.errors import NotAFeedError
from aggregator.model.entries import Dated
from aggregator.model.fetching import Document
from aggregator.model.raw import RawEntry, RawFeed
from aggregator.parse.encoding import decode
from aggregator.parse.jsonfeed import read_json_feed
from aggregator.parse.sniff import JsonObject, Nothing, Other, WebPage, XmlFeed, sniff
from aggregator.parse.xml import read_xml

MOST_ENTRIES = 2_000
"""How many entries of a document are read, besides those that are newer than all of these."""


def parse_document(document: Document) -> RawFeed:
    """Read any body as a feed; what it is, is judged by itself and not by the Content-Type.

    Raises `NotAFeedError` (empty, a web page, something else), `ParserFailedError` or
    `ParserLimitError`. A feed without entries is a feed. What is wrong with a document that could
    be read all the same is in the feed's ``problem``.
    """
    decoded = decode(document.body, document.content_type)
    match sniff(decoded.text):
        case XmlFeed(start):
            feed, remarks = read_xml(_from(decoded.text, start), document.url)
            if start:
                remarks = ("something else stands before the feed", *remarks)
        case JsonObject():
            feed, remarks = read_json_feed(decoded.text, document.url)
        case WebPage():
            raise NotAFeedError(
                f"{document.url} is a web page, not a feed:"
                f" try `aggregator feeds discover {document.url}`."
            )
        case Nothing():
            raise NotAFeedError(f"{document.url} is empty.")
        case Other(what):
            raise NotAFeedError(f"{document.url} is not a feed: it is {what}.")
        case unexpected:
            assert_never(unexpected)
    order = date_order(_dates(feed))
    known = clues(feed.language, (document.url, feed.link), order)
    entries = bounded(feed.entries, known)
    if left := len(feed.entries) - len(entries):
        remarks = (*remarks, f"of its {len(feed.entries):,} entries {left:,} were left out")
    flaws = (*decoded.remarks, *remarks)
    # What could not be read of a document is not what its publisher has withdrawn.
    complete = feed.complete and not flaws
    return replace(
        feed,
        entries=entries,
        problem=_sentence(flaws),
        complete=complete,
        date_order=order,
    )


def bounded(entries: tuple[RawEntry, ...], known: Clues = NO_CLUES) -> tuple[RawEntry, ...]:
    """Return the first `MOST_ENTRIES`, in document order, and every later one newer than them.

    Many archives are in ascending order: their news stand at the end.
    """
    first, rest = entries[:MOST_ENTRIES], entries[MOST_ENTRIES:]
    if not rest:
        return first
    newest = max((dated.at for entry in first if (dated := _dated(entry, known))), default=None)
    return (
        *first,
        *(
            entry
            for entry in rest
            if newest is not None and (dated := _dated(entry, known)) and dated.at > newest
        ),
    )


def _dated(entry: RawEntry, known: Clues) -> Dated | None:
    raw = entry.published or entry.updated
    return read_date(raw, clues=known) if raw else None


def _dates(feed: RawFeed) -> Iterator[str]:
    own = (feed.updated,)
    for raw in chain(own, *((entry.published, entry.updated) for entry in feed.entries)):
        if raw:
            yield raw


def _from(text: str, start: int) -> str:
    """Return ``text`` from ``start`` on, with its line numbers kept."""
    return "\n" * text.count("\n", 0, start) + text[start:]


def _sentence(remarks: tuple[str, ...]) -> str | None:
    return f"This document has flaws: {'; '.join(remarks)}." if remarks else None
