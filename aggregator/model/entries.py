"""What we keep: feeds and entries, normalised, and their tags with the evidence."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.boilerplate import Boilerplate
from aggregator.model.details import Details, Enclosure, Person
from aggregator.model.raw import Category


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that the publisher gave, and how we read it.

    ``raw`` is the string in the document, ``read_as`` the name of the form it has (``rfc822``,
    ``rfc3339`` …), ``element`` which claim it was (an entry without a publication date is dated
    by its update), ``sure`` False where the string allows another reading.
    """

    at: datetime
    raw: str
    read_as: str
    element: Literal["published", "updated"] = "published"
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Feed:
    """What the publisher says of the feed itself; texts are plain, links absolute.

    ``image`` is its picture (logo, cover), ``icon`` a small square one.
    """

    title: str
    format: str
    description: str = ""
    link: str | None = None
    language: str | None = None
    problem: str | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    updated: Dated | None = None
    image: str | None = None
    icon: str | None = None
    rights: str = ""
    generator: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as we keep it.

    ``id`` is ours and never changes; ``identity`` is what it was computed from (see
    `aggregator.identity`), with ``generation`` counting re-uses of one guid. ``link`` is the
    publisher's, absolute; ``canonical_link`` serves comparison only and is never shown.
    ``title``, ``summary`` and ``content`` are plain text, at most 100,000 characters, blocks
    separated by an empty line: what is tagged and searched. ``summary_html`` and
    ``content_html`` are sanitised. ``summary_repeats`` says that every word of the summary
    stands in the content, so that it does not count besides it. ``content_hash`` is the hex
    sha256 of what makes a revision, and ``normalised_by`` the version of `aggregator.normalise`
    that wrote all this: what another version reads otherwise, the publisher has not changed.
    ``unread_date`` is what stands in the document of an entry whose date could not be read.
    ``boilerplate`` are the parts of the texts that are neither tagged nor searched, in order.
    """

    id: str
    feed: str
    identity: str
    content_hash: str
    generation: int = 0
    guid: str | None = None
    link: str | None = None
    canonical_link: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    summary_html: str = ""
    content_html: str = ""
    summary_repeats: bool = False
    published: Dated | None = None
    unread_date: str | None = None
    updated: Dated | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    language: str | None = None
    normalised_by: int = 1
    details: Details = field(default_factory=Details)
    boilerplate: tuple[Boilerplate, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What the store remembers of an entry, as far as deciding "new or changed" needs it.

    ``present`` says that it stood in the feed's last document. The times are those of
    `TaggedEntry`.
    """

    id: str
    identity: str
    generation: int
    guid: str | None
    canonical_link: str | None
    title: str
    published: Dated | None
    content_hash: str
    text: str
    present: bool
    first_seen_at: datetime
    arrived_at: datetime
    normalised_by: int = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that made a rule match: characters ``start:end`` of a stored text field.

    For a match in metadata (``lang:fr``, ``category:sport``) ``field`` is the field's name,
    ``start`` and ``end`` delimit the part of the value, and ``value`` is the value that matched.
    """

    field: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag on an entry: which rule gave it, in which version, and why."""

    name: str
    rule_version: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The feed an entry came from, as readers are told: credit, and what ``feed:`` matches.

    ``key`` is the subscription's first url, ``url`` that of today.
    """

    key: str
    name: str
    labels: tuple[str, ...] = ()
    title: str = ""
    link: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class TaggedEntry:
    """An entry with everything that a query may ask about.

    ``first_seen_at`` is when we first saw it. ``arrived_at`` is its place in every order: the
    same, but for entries of a feed's first poll the publication date where that is earlier.
    ``revised_at`` is the last meaningful change that we saw, None if there was none.
    ``duplicated`` says that another feed has an entry with the same canonical link, as far as
    the store knew when it was asked; ``retracted_at`` is when the publisher had withdrawn it, None
    if it is still there.
    """

    entry: Entry
    source: Source
    first_seen_at: datetime
    arrived_at: datetime
    tags: tuple[Tag, ...] = ()
    revised_at: datetime | None = None
    duplicated: bool = False
    retracted_at: datetime | None = None
