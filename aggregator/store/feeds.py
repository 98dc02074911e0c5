"""Feeds as they are read: their states, labels, health and history."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from aggregator.model.feeds import FeedState
from aggregator.model.polls import PollRecord
from aggregator.store.archives import link_from
from aggregator.store.base import FeedHealth
from aggregator.store.courtesy_tables import RESTS
from aggregator.store.database import AMONG, Database, Row, listed
from aggregator.store.retracting import THERE
from aggregator.store.rows import feed_state_from, poll_from, rhythm_from
from aggregator.store.times import instant, instant_if

BY_NAME = "name COLLATE NOCASE, key"
"""The order of feeds by name."""


def labels(database: Database, feeds: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return each feed's labels, in the order of the configuration."""
    found = defaultdict[int, list[str]](list)
    for row in database.rows(
        f"SELECT feed, label FROM feed_label WHERE feed {AMONG} ORDER BY rowid",
        (listed(feeds),),
    ):
        found[row["feed"]].append(row["label"])
    return {feed: tuple(found[feed]) for feed in feeds}


def states(database: Database, feeds: Collection[int], token: str) -> tuple[FeedState, ...]:
    """Return the states of feeds claimed by ``token``, in the order of their numbers given."""
    labels_of = labels(database, feeds)
    rows = database.rows(
        "SELECT feed.*, pause.until AS paused_until, pause.reason AS paused_reason,"
        " fingerprints.blocks AS fingerprints FROM feed LEFT JOIN pause USING (domain)"
        f" LEFT JOIN fingerprints ON fingerprints.feed = feed.number WHERE number {AMONG}",
        (listed(feeds),),
    )
    found = {row["number"]: row for row in rows}
    return tuple(feed_state_from(found[one], labels_of[one], token) for one in feeds)


def health(database: Database) -> tuple[FeedHealth, ...]:
    """Return every feed's health, by name."""
    return health_from(database, list(database.rows(f"SELECT * FROM feed ORDER BY {BY_NAME}")))


def health_from(database: Database, rows: Sequence[Row]) -> tuple[FeedHealth, ...]:
    """Return the health of the feeds of these rows, in their order."""
    numbers = [row["number"] for row in rows]
    labels_of = labels(database, numbers)
    entries = _by_feed(
        database.rows(
            "SELECT feed, count(*) AS entries FROM entry"
            f" WHERE feed {AMONG} AND {THERE} GROUP BY feed",
            (listed(numbers),),
        )
    )
    last_polls = _by_feed(
        database.rows(
            "SELECT poll.* FROM json_each(?) AS feed JOIN poll ON poll.number ="
            " (SELECT max(number) FROM poll WHERE poll.feed = feed.value)",
            (listed(numbers),),
        )
    )
    return tuple(
        _health_from(
            row,
            labels_of[row["number"]],
            entries.get(row["number"]),
            last_polls.get(row["number"]),
        )
        for row in rows
    )


def _by_feed(rows: Iterable[Row]) -> dict[int, Row]:
    return {row["feed"]: row for row in rows}


def _health_from(
    row: Row, labels: tuple[str, ...], entries: Row | None, last_poll: Row | None
) -> FeedHealth:
    return FeedHealth(
        key=row["key"],
        fetch_url=row["fetch_url"],
        name=row["name"],
        labels=labels,
        status=row["status"],
        title=row["title"],
        format=row["format"],
        problem=row["problem"],
        entries=entries["entries"] if entries else 0,
        last_poll=poll_from(last_poll) if last_poll else None,
        last_success_at=instant_if(row["last_success"]),
        rhythm=rhythm_from(row),
        due_at=instant(row["due_at"]),
        due_reason=row["due_reason"],
        language=row["language"],
        url=row["url"],
        location=row["location"],
        earlier=link_from(row["earlier"]),
        document_bytes=row["document_bytes"],
    )


def polls(database: Database, key: str, limit: int) -> tuple[PollRecord, ...]:
    """Return a feed's latest polls, latest first."""
    rows = database.rows(
        "SELECT poll.* FROM poll JOIN feed ON feed.number = poll.feed"
        " WHERE feed.key = ? ORDER BY poll.number DESC LIMIT ?",
        (key, limit),
    )
    return tuple(poll_from(row) for row in rows)


def next_due_at(database: Database) -> datetime | None:
    """Return when the next active feed may be claimed: when due, or when its lease runs out."""
    moment: Any = database.value(
        "SELECT min(at) FROM ("
        " SELECT (SELECT min(due_at) FROM feed WHERE status = 'active' AND lease_until IS NULL"
        "  AND rest = classes.value) AS at FROM json_each(?) AS classes"
        " UNION ALL SELECT min(max(due_at, lease_until)) FROM feed"
        " WHERE status = 'active' AND lease_until IS NOT NULL)",
        (listed(range(RESTS)),),
    )
    return instant_if(moment)
