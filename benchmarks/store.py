"""What the store costs: committing polls, claiming among many feeds, searching.

Run it with ``python -m benchmarks.store [FEEDS]``; it works in a directory of its own and
prints one line for each measurement.
"""

import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.model.entries import Dated, Entry, Evidence, Feed, Source, Tag, TaggedEntry
from aggregator.model.feeds import FeedState, Subscription, Validators
from aggregator.model.fetching import Hop
from aggregator.model.polls import Asked, Outcome, PollRecord, Refresh
from aggregator.politeness import Ask
from aggregator.query.syntax import parse
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
SENTENCE = (
    "the ministers of Mali Niger and Burkina Faso met in Bamako on Monday to discuss security"
    " cooperation and the withdrawal of troops from the Sahel while talks on elections went on"
)
WORDS = tuple(SENTENCE.split())


def text(seed: int, length: int) -> str:
    """Return some words, others for another seed."""
    return " ".join(WORDS[(seed * 7 + n * (seed % 5 + 1)) % len(WORDS)] for n in range(length))


def tagged(feed: str, number: int, at: datetime) -> TaggedEntry:
    """Return an entry of about 1,500 characters that carries two tags."""
    seed = hash((feed, number)) & 0xFFFF
    content = text(seed, 250)
    entry = Entry(
        id=f"{seed:04x}{abs(hash(feed)) % 16**8:08x}{number:04d}",
        feed=feed,
        identity=f"guid:{number}",
        content_hash=f"{number}",
        link=f"{feed}/{number}",
        canonical_link=f"{feed}/{number}",
        title=text(seed + 1, 9),
        summary=text(seed, 30),
        content=content,
        content_html=f"<p>{content}</p>",
        published=Dated(at, at.isoformat(), "rfc3339"),
        language="en",
    )
    tags = tuple(Tag(name, "1", (Evidence("content", 3, 12, "ministers"),)) for name in ("a", "b"))
    return TaggedEntry(entry, Source(feed, feed), at, at, tags)


def refresh(state: FeedState, at: datetime, news: tuple[TaggedEntry, ...]) -> Refresh:
    """Return what a poll learned that found these entries, from an address of its own."""
    hop = Hop(state.fetch_url, at, 0.2, True, 304, 0, f"address-{state.key}")
    return Refresh(
        key=state.key,
        token=state.token,
        poll=PollRecord(at, at, Outcome.NEW if news else Outcome.NOT_MODIFIED, 200),
        rhythm=state.rhythm,
        due_at=at + timedelta(hours=1),
        due_reason="an hour is the floor",
        validators=Validators(b'"1"'),
        body_hash="0",
        fetch_url=state.fetch_url,
        feed=Feed("Title", "rss20") if news else None,
        asked=(Asked(hop, "poll", "it is due"),),
        new=news,
        present=frozenset(each.entry.id for each in news) if news else None,
    )


def measured(what: str, work: Callable[[], int], unit: str) -> None:
    """Do the work, which returns how much it did, and print a line of the table."""
    begun = time.perf_counter()
    amount = work()
    took = time.perf_counter() - begun
    print(f"{what:<58} {took * 1e3:>9.1f} ms {amount / took:>12,.0f} {unit}/s")


def commit_polls(store: SqliteStore) -> None:
    """Measure commits of 250 polls of 20 new entries each, and of as many without news."""
    urls = [f"https://commit-{number}.example" for number in range(250)]
    store.subscribe([Subscription(url, url) for url in urls], NOW)
    states = store.claim(NOW, 250, lease=LEASE, keys=urls)
    news = [
        refresh(state, NOW, tuple(tagged(state.key, number, NOW) for number in range(20)))
        for state in states
    ]

    def in_one(refreshes: list[Refresh]) -> int:
        store.apply(refreshes)
        return sum(max(1, len(each.new)) for each in refreshes)

    measured("apply 250 polls × 20 new entries, one transaction", lambda: in_one(news), "entries")
    states = store.claim(NOW, 250, lease=LEASE, keys=urls)
    changed = [
        replace(
            refresh(state, NOW, ()),
            changed=tuple(
                replace(each, entry=replace(each.entry, content_hash="x", title="Changed"))
                for each in (tagged(state.key, number, NOW) for number in range(20))
            ),
        )
        for state in states
    ]
    measured("apply 250 polls × 20 changed entries", lambda: in_one(changed) * 20, "entries")
    states = store.claim(NOW, 250, lease=LEASE, keys=urls)
    quiet = [refresh(state, NOW, ()) for state in states]
    measured("apply 250 polls without news, one transaction", lambda: in_one(quiet), "polls")
    states = store.claim(NOW, 250, lease=LEASE, keys=urls)
    quiet = [refresh(state, NOW, ()) for state in states]
    measured(
        "apply 250 polls without news, a transaction each",
        lambda: sum(in_one([each]) for each in quiet),
        "polls",
    )
    measured(
        "known: 250 feeds × 20 entries",
        lambda: sum(len(store.known(each.key, [one.entry for one in each.new])) for each in news),
        "entries",
    )


def take_turns(store: SqliteStore) -> None:
    """Measure turns: a hundred at once, one by one, and asking in vain."""
    urls = [f"https://commit-{number}.example" for number in range(250)]
    asks = [
        Ask(each.key, each.token, each.key[8:], each.key[8:], timedelta(seconds=2))
        for each in store.claim(NOW, 250, lease=LEASE, keys=urls)
    ]
    at = NOW + timedelta(minutes=10)
    some, others = asks[:100], asks[100:200]
    measured("take 100 turns at once", lambda: len(store.take_turns(some, at, 100)), "turns")
    measured("ask for them in vain", lambda: len(store.take_turns(some, at, 100)), "asks")
    measured(
        "take 100 turns, a transaction each",
        lambda: sum(len(store.take_turns([ask], at, 1)) for ask in others),
        "turns",
    )


def search_entries(store: SqliteStore) -> None:
    """Measure searches over what was committed."""
    query = parse('"security cooperation" AND Mali')
    for what, search in (
        ("search: the newest 50", Search(NOW, limit=50)),
        ("search: a phrase and a word, 50", Search(NOW, query, limit=50)),
        ("search: the same by relevance, 50", Search(NOW, query, limit=50, sort="relevance")),
        ("search: a tag, 50", Search(NOW, parse("tag:a"), limit=50)),
    ):
        measured(what, lambda search=search: len(store.search(search)), "entries")  # type: ignore[misc]
    measured("count: a phrase and a word", lambda: store.count(Search(NOW, query)), "entries")


def claim_among(store: SqliteStore, feeds: int) -> None:
    """Measure subscribing and claiming; a third of the feeds live on twenty giant hosts."""
    giants = [f"https://giant-{number % 20}.example/{number}" for number in range(feeds // 3)]
    others = [f"https://host-{number}.example/" for number in range(feeds - len(giants))]
    subscriptions = [Subscription(url, url) for url in (*giants, *others)]

    def subscribe() -> int:
        store.subscribe(subscriptions, NOW)
        return feeds

    measured(f"subscribe {feeds:,} feeds", subscribe, "feeds")
    measured("subscribe to the same again", subscribe, "feeds")

    def claim() -> int:
        return len(store.claim(NOW, 200, lease=LEASE))

    measured("claim 200, all overdue, giant hosts in front", claim, "feeds")
    measured("claim 200 more", claim, "feeds")
    with store.database.writing():
        store.database.execute(
            "UPDATE feed SET due_at = '2026-03-03' || substr(due_at, 11), lease_until = NULL"
        )
    measured("claim when nothing is due", lambda: claim() + 1, "ticks")
    measured("next_due_at", lambda: bool(store.next_due_at()) + 0, "answers")
    measured("feeds (health of all)", lambda: len(store.feeds()), "feeds")


def claim_past_a_crowd(store: SqliteStore, feeds: int) -> None:
    """Measure claims in a backlog whose front is one host's feeds, and one site's hosts."""
    part = feeds * 3 // 10
    urls = (
        *(f"https://giant.example/{number}" for number in range(part)),
        *(f"https://{number}.site.example/" for number in range(part)),
        *(f"https://host-{number}.example/" for number in range(feeds - 2 * part)),
    )
    store.subscribe([Subscription(url, url) for url in urls], NOW)
    rests = (1, 2, 4, 14, 24, 84)
    with store.database.writing():
        store.database.execute_many(
            "UPDATE feed SET wait_seconds = 3600 * ?, due_at = ? WHERE key = ?",
            (
                (rests[number % 6], f"2026-03-02T{(number >= 2 * part) * 6:02}:00:00.000000Z", url)
                for number, url in enumerate(urls)
            ),
        )
    took = []
    for second in range(100):
        now = NOW + timedelta(seconds=second)
        begun = time.perf_counter()
        claimed = store.claim(now, 128, lease=LEASE)
        took.append((time.perf_counter() - begun) * 1e3)
        if second % 2:
            store.release(claimed)
    took.sort()
    what = f"claim 128 of {feeds:,} overdue, past a host and a site"
    print(f"{what:<58} {took[50]:>9.1f} ms p50 {took[98]:>9.1f} ms p99")
    measured("the planned rate", lambda: bool(store.planned_rate(own=False)) + 0, "answers")


def main() -> None:
    """Print the table."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with TemporaryDirectory() as directory:
        entries = Path(directory, "entries.db")
        with closing(SqliteStore(entries)) as store:
            commit_polls(store)
            take_turns(store)
            search_entries(store)
        size = entries.stat().st_size
        print(f"{'size of 5,000 entries, each with a revision':<58} {size / 1e6:>9.1f} MB")
        with closing(SqliteStore(Path(directory, "feeds.db"))) as store:
            claim_among(store, feeds)
        with closing(SqliteStore(Path(directory, "crowd.db"))) as store:
            claim_past_a_crowd(store, feeds)


if __name__ == "__main__":
    main()
