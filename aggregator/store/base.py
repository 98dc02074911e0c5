"""What a store is: the narrow protocol that SQLite fulfils now and PostgreSQL later.

A store is used by one thread at a time. Every method raises `StoreError` or one of its kinds
where the database cannot do what is asked; whatever was committed before stays.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from aggregator.model.entries import Entry, KnownEntry, TaggedEntry
from aggregator.model.feeds import FeedState, Rhythm, Subscription
from aggregator.model.fetching import Link, Strict
from aggregator.model.polls import Asked, PollRecord, Refresh
from aggregator.politeness import Ask, Verdict
from aggregator.query.nodes import Node
from aggregator.store.hubs import HubStore
from aggregator.store.measures import MeasureStore
from aggregator.store.outputs import OutputStore
from aggregator.store.rules import RuleStore
from aggregator.store.webhooks import WebhookStore

Sort = Literal["newest", "relevance"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in the order of arrival: its `TaggedEntry.arrived_at` and its id."""

    arrived_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for, how much of it, and in which order; ``query`` None means everything.

    ``since`` is inclusive, ``until`` exclusive, both on `TaggedEntry.arrived_at`. ``now`` is the
    instant that times relative to now are counted from. ``limit`` None means all. ``behind``
    leaves out what stands at that place or before it in the order ``newest``, ``beside`` what is
    in the archives of the output of that name.
    """

    now: datetime
    query: Node | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    sort: Sort = "newest"
    behind: Place | None = None
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How one feed is doing, for `feeds` and the page.

    ``language`` is the one that the feed declares, a BCP 47 tag.
    ``status`` is ``active``, ``paused`` (by the config), ``stopped`` (gone for good, 410 twice, or
    moved to where another feed is) or ``archived`` (no longer in the config). ``due_reason`` says
    in words why ``due_at``.
    ``url`` is the subscription's of today, ``location`` what it asks us to request; ``earlier``
    is where its document says that older entries are. ``document_bytes`` is the decoded size of
    the last document that was read, 0 if none was.
    """

    key: str
    fetch_url: str
    name: str
    labels: tuple[str, ...]
    status: Literal["active", "paused", "stopped", "archived"]
    title: str | None
    format: str | None
    problem: str | None
    entries: int
    last_poll: PollRecord | None
    last_success_at: datetime | None
    rhythm: Rhythm
    due_at: datetime
    due_reason: str
    language: str | None = None
    url: str = ""
    location: str = ""
    earlier: Link | None = None
    document_bytes: int = 0

    @property
    def moved_to(self) -> str | None:
        """Where permanent redirects have led, None while that is what the configuration says."""
        return self.fetch_url if self.fetch_url != self.location else None


FeedOrder = Literal["name", "success", "due", "rate", "failures", "entries", "size"]


@dataclass(frozen=True, slots=True)
class FeedsWanted:
    """Which feeds to list: of all but archived ones, in an order, some from the first on.

    Ties are by name. Whoever never succeeded comes before all who did, whoever is not to be
    polled after all who are; ``descending`` turns all that around. ``rate`` is by how often a
    feed publishes as of ``now``.
    """

    now: datetime
    order: FeedOrder = "name"
    descending: bool = False
    limit: int = 100
    first: int = 0


@dataclass(frozen=True, slots=True)
class FeedsListed:
    """Some feeds, of ``total`` in all, of which ``failing`` could not be read the last time."""

    feeds: tuple[FeedHealth, ...]
    total: int
    failing: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A former state of an entry: texts as they were until ``replaced_at``."""

    entry: Entry
    seen_at: datetime
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class TagDay:
    """How many entries carrying a tag arrived on one UTC day."""

    tag: str
    day: date
    entries: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over the whole store.

    ``feeds`` and ``failing`` leave archived ones out, ``tagged`` counts entries, ``polls`` all
    that there ever were; ``oldest_at`` and ``newest_at`` are by arrival. ``size_bytes`` is the
    database on disk, its log included.
    """

    feeds: int
    failing: int
    entries: int
    revisions: int
    tagged: int
    polls: int
    oldest_at: datetime | None
    newest_at: datetime | None
    size_bytes: int


class Store(HubStore, MeasureStore, OutputStore, RuleStore, WebhookStore, Protocol):
    """Feeds, their entries, tags and schedules; what is known of hubs, of outputs and of rules."""

    def subscribe(self, subscriptions: Sequence[Subscription], now: datetime) -> None:
        """Make the feeds those of the configuration, in one transaction.

        A new one is due ``now``. One that is gone is archived: its entries stay. One that
        came back is active again. A changed interval may bring ``due_at`` forward, never before
        ``rhythm.not_before`` and ``rhythm.fresh_until``; a changed location drops the
        validators and all else that the old one said, voids a poll under way, and is due at
        once; names, labels and pauses touch no schedule.

        A feed's key is its first url. A subscription whose url is new is an old feed all the
        same if exactly one that this call would archive was fetched from its location, or
        bears its configured name: then only its url and location change.
        """

    def subscribe_by(self, edit: Callable[[], Sequence[Subscription]], now: datetime) -> None:
        """`subscribe` to what ``edit`` returns, both in one transaction.

        Nobody sees the feeds without the edit, nor finds after the edit that they are not there.
        What it raises is raised, and nothing is stored.
        """

    def move(
        self, key: str, url: str, edit: Callable[[], Sequence[Subscription]], now: datetime
    ) -> None:
        """Do what `subscribe_by` does, for an edit that gives the feed of this key another url.

        It stays the same feed, whatever else speaks for it or not.
        """

    def has_read(self, url: str) -> bool:
        """Tell whether an archive was read: it never changes (RFC 5005 §4), so once is enough."""

    def claim(
        self,
        now: datetime,
        limit: int,
        *,
        lease: timedelta,
        keys: Collection[str] | None = None,
        due_by: datetime | None = None,
    ) -> tuple[FeedState, ...]:
        """Lease feeds to the caller, in one transaction.

        Without ``keys``: active feeds that are due, and were ``due_by`` then already, first those
        most overdue as measured by how long they were to rest; but no more of one host,
        registrable domain or address than four under lease at once, so that a giant holds up
        nobody, and none of a site that is left alone. With them: those feeds, due or not, active
        or stopped. Never one whose lease has not run out.
        """

    def claimable(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of the keys whose feeds can be claimed by them, now or once they are free.

        Those of paused and of archived feeds cannot, nor those of feeds that there are not.
        """

    def release(self, claimed: Sequence[FeedState]) -> None:
        """Give feeds back unpolled: their leases and turns end, nothing else changes."""

    def take_turns(self, asks: Sequence[Ask], now: datetime, most: int) -> tuple[Verdict, ...]:
        """Begin the visits whose turn it is, ``most`` of them at most, in one transaction.

        Return for each ask, in their order, what `politeness.judge` says of it in view of all
        visits of all processes on this store. A turn ends when its feed is applied or released,
        or after five minutes. Nothing is written where no visit may begin.
        """

    def end_turns(self, asks: Sequence[Ask]) -> None:
        """End the turns of visits that were no polls: nobody applies or releases a feed then."""

    def record(self, asked: Sequence[Asked]) -> None:
        """Enter requests into the ledger that were made for no feed."""

    def requests(self, key: str, limit: int) -> tuple[Asked, ...]:
        """Return a feed's latest requests, latest first; the last 200 of a feed are remembered."""

    def requests_to(self, host: str, limit: int) -> tuple[Asked, ...]:
        """Return the latest requests to a host, or to any of a registrable domain, latest first.

        Those for feeds, and those for none, of which the last 200 to a host are remembered.
        """

    def hosts_to_probe(self, limit: int) -> tuple[str, ...]:
        """Return hosts of active feeds of the public internet, to tell whether it is there.

        Those first whose feeds answered when they were asked, the longest ago of them first.
        """

    def due_nearby(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the keys of free feeds that are due and need no network but our own."""

    def known(self, key: str, entries: Sequence[Entry]) -> tuple[KnownEntry, ...]:
        """Return what decides about ``entries``.

        These are the feed's entries that share an identity, an id or a canonical link with one
        of them, and all that stood in its last document.
        """

    def apply(self, refreshes: Sequence[Refresh]) -> tuple[str, ...]:
        """Commit whole polls in one transaction; return the keys of those applied.

        It ends the lease and the turn, and enters the poll's requests into the ledger. Where it
        brings a pause, that puts off every feed of the site. A refresh whose token is no longer
        the feed's is left out: somebody else polled the feed meanwhile, or this very refresh
        was applied before. On an error nothing of any of them is stored.

        An entry that is stored already keeps when it was first seen and its place in the order,
        whether it comes as new or as changed; if its ``content_hash`` differs, its former state
        becomes a revision and it is revised as of the poll's end. Its tags become those given:
        the others end, those kept get today's evidence. Entries are present that the document
        named, all others of the feed are not.

        A feed that has moved to where another active feed is requested is stopped, and keeps
        its address: its entries stay. It is active again when the other is archived.
        """

    def strict_hosts(self) -> tuple[Strict, ...]:
        """Return which hosts want to be asked by https alone, and until when.

        That is the last word of each, as far as it was committed with a poll; those that took
        it back are left out.
        """

    def kappa(self) -> timedelta:
        """Return the pace of all feeds that was kept last, the built-in one if none was."""

    def keep_kappa(self, found: timedelta) -> None:
        """Keep another pace; the daemon alone does."""

    def planned_rate(self, *, own: bool) -> float:
        """Return how many polls a second the schedule comes to: what each active feed rests for.

        Feeds that were never polled do not count; those of networks of our ``own`` do if asked.
        """

    def search(self, search: Search) -> tuple[TaggedEntry, ...]:
        """Return the entries that match, in the order asked for.

        ``newest`` is by ``arrived_at``, latest first, ties by id; ``relevance`` puts entries
        whose words match better first, then the newest.
        """

    def count(self, search: Search) -> int:
        """Return how many entries match, whatever the limit."""

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """Return for each of these folded words in how many entries' texts it stands, 0 or more.

        Titles, summaries and contents count, an entry once; authors and categories do not.
        """

    def entry(self, prefix: str) -> TaggedEntry:
        """Return the one entry whose id begins with ``prefix`` (four characters or more, any case).

        Raises `NoSuchEntryError` when there is none, or several (it names some).
        """

    def revisions(self, entry_id: str) -> tuple[Revision, ...]:
        """Return an entry's former states, latest first."""

    def twins(self, entry_id: str) -> tuple[TaggedEntry, ...]:
        """Return the entries of other feeds that lead to the same page, first seen first.

        Those withdrawn are left out, and of very many all but the first fifty.
        """

    def feeds(self) -> tuple[FeedHealth, ...]:
        """Return every feed's health, by name."""

    def list_feeds(self, wanted: FeedsWanted) -> FeedsListed:
        """Return the health of some feeds."""

    def feed(self, feed_id: str) -> FeedHealth | None:
        """Return the health of the feed that `identity.feed_id` calls so, None without it."""

    def polls(self, key: str, limit: int) -> tuple[PollRecord, ...]:
        """Return a feed's latest polls, latest first; some 200 of a feed are remembered."""

    def next_due_at(self) -> datetime | None:
        """Return when the next active feed can be claimed, None without any.

        For a leased one that is when its lease runs out, if that is later than when it is due.
        """

    def tag_days(self, since: datetime, tag: str | None = None) -> tuple[TagDay, ...]:
        """Return, for each tag and UTC day since then, how many entries arrived that carry it.

        For this ``tag`` alone, if one is given.
        """

    def tag_counts(self) -> tuple[tuple[str, int], ...]:
        """Return each tag that some entry carries with how many do, most frequent first."""

    def figures(self) -> Figures:
        """Return counts over everything."""

    def interrupt(self) -> None:
        """End what another thread is asking: it raises `StoreInterruptedError`, nothing is stored.

        Without effect where nothing is being asked, and the only method for another thread.
        """

    def close(self) -> None:
        """Release the database. Nothing more may be asked of this store."""
