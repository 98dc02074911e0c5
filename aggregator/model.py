"""The values that walk through the rooms: frozen, typed, in UTC.

An entry changes its type at each stage::

    Document ──▶ RawFeed ──▶ Feed, Entry ──▶ TaggedEntry ──▶ Refresh

Every datetime is aware and in UTC. ``raw`` in a name means untrusted: as the publisher sent it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

# --- what the user asked for ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that the configuration names.

    ``url`` is its key, as written; ``location`` is what to request: the same for http and
    https, the absolute ``file:`` URL for a path. ``interval`` is a promise to the publisher
    that replaces the learned rhythm; ``weight`` is how much its entries matter beside those of
    other feeds: four times as much means polled twice as often. ``insecure`` waives the check of
    its server's certificate.
    """

    url: str
    location: str
    name: str | None = None
    labels: tuple[str, ...] = ()
    interval: timedelta | None = None
    paused: bool = False
    weight: float = 1.0
    insecure: bool = False


# --- what we know of a feed before we ask --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of the last whole answer, byte for byte (RFC 9110 §8.8): never parsed.

    ``url`` is the address that issued them where a redirect led there, None for the feed's own:
    they mean nothing to any other.
    """

    etag: bytes | None = None
    last_modified: bytes | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What polling has learned of a feed; absent knowledge is None.

    ``events`` and ``days`` are decayed sums (bursts of new entries, days observed); ``failures``
    counts consecutive failures since ``failing_since``; ``gone`` counts 410s since the last
    success; ``penalty`` multiplies the floor after 429s. ``ttl`` and ``update_period`` are the
    publisher's wishes, ``skip_hours`` (0-23, GMT) and ``skip_days`` (0 is Monday) when it wants
    no request; they are kept here because a 304 repeats none of them. ``fresh_until`` and
    ``not_before`` are the server's last word on freshness and Retry-After. ``validated`` says
    whether the server gives validators, ``unchanged_bytes`` what an unchanged answer costs.
    ``hours`` are decayed counts of events by the hour of the day in UTC: 24 numbers, or none yet.
    """

    events: float = 0.0
    days: float = 0.0
    observed_at: datetime | None = None
    last_event_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    gone: int = 0
    penalty: float = 1.0
    ttl: timedelta | None = None
    update_period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    fresh_until: datetime | None = None
    not_before: datetime | None = None
    validated: bool = False
    unchanged_bytes: int = 0
    hours: tuple[float, ...] = ()


class Sending(StrEnum):
    """Which of the stored validators a feed's requests carry."""

    BOTH = "both"
    ETAG = "etag"
    MODIFIED = "modified"
    NONE = "none"


class Trial(StrEnum):
    """What the next request tries out: it is repeated until an answer has come to it."""

    ETAG = "etag"
    """The ETag alone, because a 304 named another."""
    MODIFIED = "modified"
    """The date alone, because the ETag is ignored."""
    DOUBT = "doubt"
    """Neither, once, because the ETag alone did not settle it."""
    SILENCE = "silence"
    """Neither, once, because nobody who publishes so often is silent for so long."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a server wants to be asked, learned from its answers.

    ``sending`` holds for the next requests, until ``sending_until`` (None: for good, or while
    ``trial`` has no result). ``ignored`` counts whole answers in a row that were, validators and
    all, the one of before. ``whole_at`` is when the last whole answer came, ``probed_at`` when
    the last trial without any validator ended. ``profile`` stands for the headers that the
    stored validators were issued to, empty where that is not known.

    ``bare`` is how many classes of optional headers are left out, because the server took
    offence at them; ``refusals`` counts how often it has since it last gave the feed, and
    ``refused_at`` is when it began to. ``pages`` counts web pages in a row that came instead of
    the feed.
    """

    sending: Sending = Sending.BOTH
    sending_until: datetime | None = None
    trial: Trial | None = None
    ignored: int = 0
    whole_at: datetime | None = None
    probed_at: datetime | None = None
    profile: str = ""
    bare: int = 0
    refusals: int = 0
    refused_at: datetime | None = None
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Moving:
    """Where permanent redirects lead, on how many polls in a row they have, and since when.

    ``polls`` is negative where they lead to another feed.
    """

    target: str
    polls: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Pushed:
    """Since when a hub tells us of a feed's news without a gap, and until when it promised to."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A registrable domain is left alone until then, every feed of it; ``reason`` is in words."""

    domain: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that the store knows of one feed when it is claimed for a poll.

    ``key`` is the subscription's first url, ``url`` that of today; ``name`` is what people call
    the feed (the configured name, else its title, else the url). ``token`` proves the claim:
    applying a refresh with another token does nothing. ``admitted`` says that it was last
    fetched from a network that ``poll.allow_addresses`` admits (or a file), where no floor is
    owed to anybody. ``due_reason`` says in words why it is due. ``pushed`` is there while a hub
    tells us of the feed's news; ``pause`` is the last one of its site, if there was one.
    ``insecure`` is the subscription's.
    """

    key: str
    fetch_url: str
    name: str
    labels: tuple[str, ...]
    token: str
    rhythm: Rhythm
    due_at: datetime
    interval: timedelta | None = None
    title: str | None = None
    link: str | None = None
    validators: Validators = Validators()
    body_hash: str | None = None
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    admitted: bool = False
    url: str = ""
    weight: float = 1.0
    due_reason: str = ""
    manners: Manners = Manners()
    moving: Moving | None = None
    pushed: Pushed | None = None
    pause: Pause | None = None
    insecure: bool = False


# --- fetching ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One conditional GET to be made, or a POST of ``content``; headers in order, as bytes.

    ``headers`` are complete for ``url``; ``validators`` are what a redirect may lead back to,
    and ``sending`` says which of them are sent. ``delta`` allows an answer that holds only what
    is new. ``profile`` stands for all that an answer may depend on beside the address.
    ``insecure`` waives the check of the server's certificate; no other origin inherits it.
    """

    url: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    validators: Validators = Validators()
    sending: Sending = Sending.BOTH
    delta: bool = False
    profile: str = ""
    content: bytes = b""
    insecure: bool = False

    @property
    def method(self) -> str:
        """The method of the request."""
        return "POST" if self.content else "GET"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that a document or its headers (RFC 8288) declare; ``url`` is absolute.

    ``relation`` is one registered name in lower case: ``self``, ``hub``, ``next`` …
    """

    relation: str
    url: str
    media_type: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """A WebSub hub, and the ``topic``: the address by which it knows the document."""

    url: str
    topic: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Who would tell us of a document's news: a hub, or an rssCloud (which we never ask)."""

    hub: Hub | None = None
    cloud: str | None = None


@dataclass(frozen=True, slots=True)
class Distrust:
    """A hub is not relied on until then, for a reason in words."""

    until: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Strict:
    """A host that wants to be asked by https alone, until then (RFC 6797 §6.1).

    ``subdomains`` says that it speaks for all below it as well. An ``until`` that is past takes
    back what was said before.
    """

    host: str
    until: datetime
    subdomains: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """One request and what came back, whatever it was: for the ledger, and for its host's turns.

    ``url`` carries no credentials; ``conditional`` says that validators were sent. ``status`` is
    None where no answer came. ``seconds`` is from the first look-up to the end of the body;
    ``address`` is whom it reached; ``error`` is the code of what went wrong.
    """

    url: str
    at: datetime
    seconds: float
    conditional: bool = False
    status: int | None = None
    wire_bytes: int = 0
    address: str | None = None
    method: str = "GET"
    strict: Strict | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole answer. ``url`` is where it came from after redirects; ``body`` is decoded.

    ``lifetime`` is how long the server calls it fresh (RFC 9111 §4.2.1), ``retry_after`` how
    long it asks us to stay away; ``body_hash`` is the hex sha256 of ``body``. ``admitted`` says
    that it came from a file or an address outside the public internet that the config admits.
    ``permanent`` is where the permanent redirects lead that began the way to it, None if there
    were none; ``links`` are its Link headers.
    ``partial`` says that it holds only what is new (RFC 3229 §10.5.3: a feed delta).
    ``profile`` is that of the request.
    """

    url: str
    body: bytes
    body_hash: str
    fetched_at: datetime
    content_type: str | None = None
    validators: Validators = Validators()
    lifetime: timedelta | None = None
    retry_after: timedelta | None = None
    status: int = 200
    admitted: bool = False
    permanent: str | None = None
    links: tuple[Link, ...] = ()
    partial: bool = False
    profile: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304. ``validators`` are those to keep from now on; else as in `Document`.

    ``named`` is the ETag that came with it, which may be of another document.
    """

    fetched_at: datetime
    validators: Validators
    lifetime: timedelta | None = None
    retry_after: timedelta | None = None
    admitted: bool = False
    permanent: str | None = None
    named: bytes | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A 410: the publisher says that the feed will not come back (RFC 9110 §15.5.11)."""

    fetched_at: datetime
    admitted: bool = False


Fetched = Document | NotModified | Gone


# --- parsing: what the document says -------------------------------------------------------------


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
class Person:
    """An author; at least one of the three is not empty."""

    name: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """The publisher's word for what an entry is about; never our tag."""

    term: str
    scheme: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an entry. ``length_bytes`` is the publisher's claim."""

    url: str
    media_type: str | None = None
    length_bytes: int | None = None


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


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A document as a feed. ``format`` is like ``rss20``, ``atom10``, ``json11``.

    ``problem`` is one sentence on what is wrong with the document, None if it is well-formed.
    ``ttl``, ``update_period``, ``skip_hours`` and ``skip_days`` are as in `Rhythm`. ``links`` are
    those that say something about the document itself: hub, self, next, prev-archive …
    ``complete`` says that it holds every entry there is (RFC 5005 §2).
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


# --- normalised: what we keep --------------------------------------------------------------------


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
    """What the publisher says of the feed itself; texts are plain, links absolute."""

    title: str
    format: str
    description: str = ""
    link: str | None = None
    language: str | None = None
    problem: str | None = None


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
    sha256 of what makes a revision.
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
    updated: Dated | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    language: str | None = None


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


# --- tagged --------------------------------------------------------------------------------------


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


# --- one poll's result ---------------------------------------------------------------------------


class Outcome(StrEnum):
    """How a poll ended; a failure's own code stands beside it."""

    NEW = "new"
    """A document with new or changed entries."""
    UNCHANGED = "unchanged"
    """A document without any."""
    NOT_MODIFIED = "not_modified"
    """A 304, or the very bytes of last time."""
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the ledger: one request that we made, and why.

    ``purpose`` is what it was for (``poll``, ``redirect``, ``discovery``, ``archive``, ``hub``
    …), ``reason`` why just then, in words.
    """

    hop: Hop
    purpose: str
    reason: str


@dataclass(frozen=True, slots=True)
class PollRecord:
    """What one poll came to, for the feed's health and history.

    ``error_code`` and ``sentence`` are set for failures alone; ``body_bytes`` is the decoded
    size, 0 where there was no document.
    """

    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    status: int | None = None
    error_code: str | None = None
    sentence: str | None = None
    new: int = 0
    changed: int = 0
    body_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Further:
    """An older document of a feed, to be read next on a walk through its pages or archives.

    ``relation`` is by which it was named; ``left`` counts the documents that may still be read,
    with this one; ``walked`` are those that were. ``is_wished`` says that somebody asked for it.
    """

    url: str
    relation: str
    left: int
    walked: tuple[str, ...] = ()
    is_wished: bool = False


@dataclass(frozen=True, slots=True)
class Refresh:
    """All that one poll learned, to be committed in one transaction.

    Every value is absolute, so that applying it twice is the same as once. ``feed`` is None
    where no document was read; ``present`` are the ids of the entries in the document, None
    where there was none to look at. ``stopped`` means that the feed is polled no more (a second
    410). ``changed`` entries carry the id of the entry they revise. ``fetch_url`` is what is to be
    requested from now on; ``asked`` are the requests that the poll made. ``polled`` is False
    where the feed itself was not asked for, because its entries came another way: then the time
    of its last poll stays. ``offer`` is what the document offers, if one was read.
    ``unpushed_due_at`` is when the feed would be due if no hub told us of its news, None where
    that is ``due_at``; ``distrust`` says that its hub did not. ``pause`` says that its whole site
    is to be left alone. ``complete`` says that the feed has no other entries than those
    ``present``: all others were withdrawn. ``earlier`` is where its document says that older
    entries are; ``further`` is the older document that is to be read now. ``walked`` is the one
    that was read: its entries are no news.
    """

    key: str
    token: str
    poll: PollRecord
    rhythm: Rhythm
    due_at: datetime
    due_reason: str
    validators: Validators
    body_hash: str | None
    fetch_url: str
    manners: Manners = Manners()
    moving: Moving | None = None
    asked: tuple[Asked, ...] = ()
    polled: bool = True
    admitted: bool = False
    stopped: bool = False
    feed: Feed | None = None
    new: tuple[TaggedEntry, ...] = ()
    changed: tuple[TaggedEntry, ...] = ()
    present: frozenset[str] | None = None
    offer: Offer = Offer()
    unpushed_due_at: datetime | None = None
    distrust: Distrust | None = None
    pause: Pause | None = None
    complete: bool = False
    earlier: Link | None = None
    further: Further | None = None
    walked: Further | None = None
