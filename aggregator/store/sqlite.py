"""The store on SQLite: each method is one transaction over the modules beside this one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.model.entries import Entry, KnownEntry, TaggedEntry
from aggregator.model.feeds import FeedState, Subscription
from aggregator.model.fetching import Strict
from aggregator.model.polls import Asked, PollRecord, Refresh
from aggregator.politeness import Ask, Verdict
from aggregator.query.nodes import Node
from aggregator.retagging import Candidates, Judged, TagStates
from aggregator.store import (
    archives,
    budget,
    claiming,
    committing,
    counting,
    feeds,
    listing,
    loading,
    metering,
    nearness,
    placing,
    pushes,
    requests,
    retags,
    rulebook,
    searching,
    strictness,
    subscribing,
    telling,
    turns,
    vocabulary,
    words,
)
from aggregator.store.base import (
    FeedHealth,
    FeedsListed,
    FeedsWanted,
    Figures,
    Revision,
    Search,
    TagDay,
)
from aggregator.store.database import Database, Tracer
from aggregator.store.measures import Measures
from aggregator.store.outputs import Placed
from aggregator.store.rules import Judge, KeptRule
from aggregator.store.webhooks import Stretch, Webhook
from aggregator.websub.subscription import Prospect, Push


class SqliteStore:
    """`aggregator.store.base.Store` in one SQLite file, which is made if it is not there.

    It may be made in one thread and used in another, by one at a time. ``database`` is its
    connection, for tests and repairs. ``tracer`` is told every SQL statement just before it
    runs.
    """

    def __init__(self, path: Path, *, tracer: Tracer | None = None) -> None:
        """Open the database and bring it up to date.

        Raises `NewerDatabaseError`, having changed nothing, where a newer version of this
        program wrote it, and `StoreError` where it cannot be opened or is not ours.
        """
        self.database = Database(path, tracer)
        with self.database.reading():
            is_current = words.is_current(self.database)
        if not is_current:
            with self.database.writing():
                words.rebuild(self.database)

    def subscribe(self, subscriptions: Sequence[Subscription], now: datetime) -> None:
        """Make the feeds those of the configuration, in one transaction.

        Where they are already, nothing is written, and no writer waited for.
        """
        with self.database.reading():
            if subscribing.is_in_line(self.database, subscriptions, now):
                return
        with self.database.writing():
            subscribing.subscribe(self.database, subscriptions, now)

    def subscribe_by(self, edit: Callable[[], Sequence[Subscription]], now: datetime) -> None:
        """`subscribe` to what ``edit`` returns, both in one transaction."""
        with self.database.writing():
            subscribing.subscribe(self.database, edit(), now)

    def move(
        self, key: str, url: str, edit: Callable[[], Sequence[Subscription]], now: datetime
    ) -> None:
        """Do the same for an edit that gives the feed of this key another url."""
        with self.database.writing():
            subscriptions = edit()
            subscribing.rename(self.database, key, url)
            subscribing.subscribe(self.database, subscriptions, now)

    def has_read(self, url: str) -> bool:
        """Tell whether an archive was read."""
        with self.database.reading():
            return archives.has_read(self.database, url)

    def claim(
        self,
        now: datetime,
        limit: int,
        *,
        lease: timedelta,
        keys: Collection[str] | None = None,
        due_by: datetime | None = None,
    ) -> tuple[FeedState, ...]:
        """Lease feeds to the caller, those most overdue first."""
        return claiming.claim(self.database, now, limit, lease, keys, due_by)

    def claimable(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of the keys whose feeds can be claimed by them, now or later."""
        with self.database.reading():
            return claiming.claimable(self.database, keys)

    def release(self, claimed: Sequence[FeedState]) -> None:
        """Give feeds back unpolled: their leases and turns end, nothing else changes."""
        with self.database.writing():
            claiming.release(self.database, claimed)

    def take_turns(self, asks: Sequence[Ask], now: datetime, most: int) -> tuple[Verdict, ...]:
        """Begin the visits whose turn it is; say of each ask what becomes of it."""
        return turns.take(self.database, asks, now, most)

    def end_turns(self, asks: Sequence[Ask]) -> None:
        """End the turns of visits that are no polls."""
        with self.database.writing():
            turns.end(self.database, [(ask.key, ask.token) for ask in asks])

    def record(self, asked: Sequence[Asked]) -> None:
        """Enter requests into the ledger that were made for no feed."""
        if asked:
            with self.database.writing():
                requests.keep(self.database, [(None, each) for each in asked])
                turns.note(self.database, asked, alone=False)

    def requests(self, key: str, limit: int) -> tuple[Asked, ...]:
        """Return a feed's latest requests, latest first."""
        with self.database.reading():
            return requests.of_feed(self.database, key, limit)

    def requests_to(self, host: str, limit: int) -> tuple[Asked, ...]:
        """Return the latest requests to a host or a whole domain, latest first."""
        with self.database.reading():
            return requests.to_host(self.database, host, limit)

    def hosts_to_probe(self, limit: int) -> tuple[str, ...]:
        """Return hosts of active feeds of the public internet, those that last answered first."""
        with self.database.reading():
            return nearness.hosts_to_probe(self.database, limit)

    def due_nearby(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the keys of free feeds that are due and need no network but our own."""
        with self.database.reading():
            return nearness.due_nearby(self.database, now, limit)

    def known(self, key: str, entries: Sequence[Entry]) -> tuple[KnownEntry, ...]:
        """Return what decides whether entries of a feed are new or changed."""
        with self.database.reading():
            return loading.known(self.database, key, entries)

    def apply(self, refreshes: Sequence[Refresh]) -> tuple[str, ...]:
        """Commit whole polls in one transaction; return the keys of those applied."""
        with self.database.writing():
            return committing.apply(self.database, refreshes)

    def prospects(self, now: datetime, limit: int) -> tuple[Prospect, ...]:
        """Return the feeds about whose hub there is something to do, the longest due first."""
        with self.database.reading():
            return pushes.prospects(self.database, now, limit)

    def prospect(self, key: str) -> Prospect | None:
        """Return what there is about a feed's hub, None without such a feed."""
        with self.database.reading():
            return pushes.prospect(self.database, key)

    def called(self, token: str) -> Prospect | None:
        """Return the feed whose hub has a callback with this token."""
        with self.database.reading():
            return pushes.called(self.database, token)

    def keep_push(self, push: Push) -> None:
        """Store how we stand with the hub of a feed."""
        with self.database.writing():
            pushes.keep(self.database, push)

    def postpone_pushes(self, until: Sequence[tuple[str, datetime]]) -> None:
        """Let the hubs of these feeds be, until their times."""
        if until:
            with self.database.writing():
                pushes.postpone(self.database, until)

    def move_pushes(self, address: str, now: datetime) -> None:
        """See to it that every hub is told that callbacks are below this address."""
        with self.database.reading():
            if not pushes.is_anybody_told_otherwise(self.database, address):
                return
        with self.database.writing():
            pushes.move(self.database, address, now)

    def forget_push(self, key: str) -> None:
        """Keep nothing about a feed's hub but what its document offers."""
        with self.database.writing():
            pushes.forget(self.database, key)

    def forget_pushes(self) -> None:
        """Rely on no hub any more, because nobody listens to them."""
        with self.database.reading():
            if not pushes.is_any_relied_on(self.database):
                return
        with self.database.writing():
            pushes.forget_all(self.database)

    def strict_hosts(self) -> tuple[Strict, ...]:
        """Return which hosts want to be asked by https alone, and until when."""
        with self.database.reading():
            return strictness.known(self.database)

    def kappa(self) -> timedelta:
        """Return the pace of all feeds that was kept last."""
        with self.database.reading():
            return budget.kappa(self.database)

    def keep_kappa(self, found: timedelta) -> None:
        """Keep another pace."""
        with self.database.writing():
            budget.keep_kappa(self.database, found)

    def planned_rate(self, *, own: bool) -> float:
        """Return how many polls a second the schedule comes to."""
        with self.database.reading():
            return budget.planned_rate(self.database, own=own)

    def search(self, search: Search) -> tuple[TaggedEntry, ...]:
        """Return the entries that match, in the order asked for."""
        with self.database.reading():
            return tuple(searching.found(self.database, search))

    def count(self, search: Search) -> int:
        """Return how many entries match, whatever the limit."""
        with self.database.reading():
            return searching.count(self.database, search)

    def placed(self, output: str) -> tuple[Placed, ...]:
        """Return every entry that an output has, or had, by the entries' ids."""
        with self.database.reading():
            return placing.placed(self.database, output)

    def keep_placed(self, output: str, placed: Sequence[Placed]) -> None:
        """Take it that an output has these entries so; what is kept of others stays."""
        with self.database.writing():
            placing.keep(self.database, output, placed)

    def ceased(self, output: str, query: Node | None, now: datetime) -> frozenset[str]:
        """Return which entries an output has, or had, that should not be in it any more."""
        with self.database.reading():
            return searching.ceased(self.database, output, Search(now, query))

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """Return for each of these folded words in how many entries' texts it stands."""
        with self.database.reading():
            return vocabulary.frequencies(self.database, words)

    def entry(self, prefix: str) -> TaggedEntry:
        """Return the one entry whose id begins with ``prefix``. Raises `NoSuchEntryError`."""
        with self.database.reading():
            return loading.named(self.database, prefix)

    def revisions(self, entry_id: str) -> tuple[Revision, ...]:
        """Return an entry's former states, latest first."""
        with self.database.reading():
            return loading.revisions(self.database, entry_id)

    def twins(self, entry_id: str) -> tuple[TaggedEntry, ...]:
        """Return the entries of other feeds that lead to the same page, first seen first."""
        with self.database.reading():
            return loading.twins(self.database, entry_id)

    def feeds(self) -> tuple[FeedHealth, ...]:
        """Return every feed's health, by name."""
        with self.database.reading():
            return feeds.health(self.database)

    def list_feeds(self, wanted: FeedsWanted) -> FeedsListed:
        """Return the health of some feeds."""
        with self.database.reading():
            return listing.listed_feeds(self.database, wanted)

    def feed(self, feed_id: str) -> FeedHealth | None:
        """Return the health of the feed that `identity.feed_id` calls so, None without it."""
        with self.database.reading():
            return listing.called(self.database, feed_id)

    def polls(self, key: str, limit: int) -> tuple[PollRecord, ...]:
        """Return a feed's latest polls, latest first."""
        with self.database.reading():
            return feeds.polls(self.database, key, limit)

    def next_due_at(self) -> datetime | None:
        """Return when the next active feed may be claimed, None without any."""
        with self.database.reading():
            return feeds.next_due_at(self.database)

    def tag_days(self, since: datetime, tag: str | None = None) -> tuple[TagDay, ...]:
        """Return, for each tag and UTC day since then, how many entries arrived."""
        with self.database.reading():
            return counting.tag_days(self.database, since, tag)

    def tag_counts(self) -> tuple[tuple[str, int], ...]:
        """Return each tag that some entry carries with how many do, most frequent first."""
        with self.database.reading():
            return counting.tag_counts(self.database)

    def figures(self) -> Figures:
        """Return counts over everything."""
        with self.database.reading():
            return counting.figures(self.database)

    def keep_rules(self, rules: Sequence[KeptRule]) -> None:
        """Keep the rules that are not kept yet; for good."""
        rulebook.keep(self.database, rules)

    def kept_rules(self, tag: str) -> tuple[KeptRule, ...]:
        """Return every version of a tag's rule that was kept, that first used last first."""
        with self.database.reading():
            return rulebook.kept(self.database, tag)

    def follow_rules(self, versions: Mapping[str, str]) -> None:
        """Take it that polls tag by these versions from now on, and give no other tag."""
        rulebook.follow(self.database, versions)

    def tag_states(self) -> TagStates:
        """Return how far what is stored follows the rules, for every tag that was heard of."""
        with self.database.reading():
            return rulebook.tag_states(self.database)

    def candidates(self, wanted: Candidates, after: int) -> Sequence[int]:
        """Return the numbers above ``after`` of the entries that are wanted, ascending."""
        with self.database.reading():
            return retags.candidates(self.database, wanted, after)

    def numbered(self, numbers: Sequence[int]) -> tuple[TaggedEntry, ...]:
        """Return the entries that have these numbers."""
        with self.database.reading():
            return tuple(subject for _, subject in retags.existing(self.database, numbers))

    def begin_retag(self, targets: Mapping[str, str], held: Mapping[str, str]) -> int:
        """Begin to make what is stored follow these versions, or go on; return how far it is."""
        with self.database.writing():
            return retags.begin(self.database, targets, held)

    def retag(
        self, numbers: Sequence[int], targets: Mapping[str, str], judge: Judge, now: datetime
    ) -> tuple[Judged, ...]:
        """Make the tags of ``targets`` what ``judge`` says, of these entries, in one transaction.

        Raises `OvertakenError` where another process does, or did, the same.
        """
        with self.database.writing():
            return retags.retag(self.database, numbers, targets, judge, now)

    def finish_retag(self, targets: Mapping[str, str]) -> None:
        """Take it that all that is stored follows these versions. Raises `OvertakenError`."""
        with self.database.writing():
            retags.finish(self.database, targets)

    def measures(self, now: datetime) -> Measures:
        """Return how the store does."""
        with self.database.reading():
            return metering.measures(self.database, now)

    def version(self) -> int:
        """Return a number that is another one once any other store of this database committed."""
        with self.database.reading():
            return self.database.version

    def follow_webhooks(self, names: Collection[str], now: datetime) -> None:
        """Know these webhooks and no others."""
        with self.database.reading():
            if {each.name for each in telling.every(self.database)} == set(names):
                return
        with self.database.writing():
            telling.follow(self.database, names, now)

    def webhooks(self) -> tuple[Webhook, ...]:
        """Return all that are known, by name."""
        with self.database.reading():
            return telling.every(self.database)

    def newly_tagged(self, behind: int, limit: int) -> Stretch:
        """Return the next entries that polls have tagged."""
        with self.database.reading():
            return telling.newly_tagged(self.database, behind, limit)

    def keep_webhook(self, webhook: Webhook, sent: str | None = None) -> None:
        """Store how far a webhook has been told, and which entry it has just taken."""
        with self.database.writing():
            telling.keep(self.database, webhook, sent)

    def was_sent(self, webhook: str, entry_id: str) -> bool:
        """Tell whether a webhook has taken an entry."""
        with self.database.reading():
            return telling.was_sent(self.database, webhook, entry_id)

    def interrupt(self) -> None:
        """End what another thread is asking."""
        self.database.interrupt()

    def close(self) -> None:
        """Release the database. Nothing more may be asked of this store."""
        self.database.close()
