"""What a document says: strings unread, links unresolved. Untrusted, as the publisher sent it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from aggregator.model.details import Details, Enclosure, Person
from aggregator.model.fetching import Link

Order = Literal["day", "month"]
"""Which of two numbers comes first in a date of three that ends in the year."""


@dataclass(frozen=True, slots=True)
class RawText:
    """A text construct: ``kind`` says how the publisher declared it (RFC 4287 §3.1.1).

    ``base`` is the base URL in scope (xml:base), ``language`` the xml:lang.
    """

    value: str
    kind: Literal["text", "html"] = "html"
    base: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """The publisher's word for what an entry is about; never our tag."""

    term: str
    scheme: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as the document has it: strings unread, links unresolved against ``base``."""

    guid: str | None = None
    link: str | None = None
    title: RawText | None = None
    summary: RawText | None = None
    content: RawText | None = None
    published: str | None = None
    updated: str | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    language: str | None = None
    base: str | None = None
    details: Details = field(default_factory=Details)


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A document as a feed. ``format`` is like ``rss20``, ``atom10``, ``json11``.

    ``problem`` is one sentence on what is wrong with the document, None if it is well-formed.
    ``ttl``, ``update_period``, ``skip_hours`` and ``skip_days`` are as in `Rhythm`. ``links`` are
    those that say something about the document itself: hub, self, next, prev-archive …
    ``complete`` says that it holds every entry there is (RFC 5005 §2). ``image`` is the feed's
    picture (logo, cover), ``icon`` a small square one. ``date_order`` is what the dates of all
    its entries prove together.
    """

    format: str
    entries: tuple[RawEntry, ...]
    title: RawText | None = None
    description: RawText | None = None
    link: str | None = None
    language: str | None = None
    base: str | None = None
    authors: tuple[Person, ...] = ()
    problem: str | None = None
    ttl: timedelta | None = None
    update_period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    links: tuple[Link, ...] = ()
    complete: bool = False
    updated: str | None = None
    date_order: Order | None = None
    categories: tuple[Category, ...] = ()
    image: str | None = None
    icon: str | None = None
    rights: RawText | None = None
    generator: str | None = None
