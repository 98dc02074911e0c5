"""Feeds as they are listed: in many orders, a part of them at a time; and one by its id."""

from collections.abc import Callable
from datetime import datetime

from aggregator.cadence import rhythm as rhythms
from aggregator.identity import feed_id
from aggregator.model.feeds import Rhythm
from aggregator.store.base import FeedHealth, FeedOrder, FeedsListed, FeedsWanted
from aggregator.store.database import AMONG, Database, Row, listed
from aggregator.store.feeds import BY_NAME, health_from
from aggregator.store.retracting import THERE
from aggregator.store.times import instant_if

_SQL: dict[FeedOrder, str] = {
    "name": "name COLLATE NOCASE {way}",
    "success": "last_success {way}",
    "due": "status <> 'active' {way}, due_at {way}",
    "failures": "failures {way}",
    "entries": f"(SELECT count(*) FROM entry WHERE entry.feed = feed.number AND {THERE}) {{way}}",
    "size": "document_bytes {way}",
}


def listed_feeds(database: Database, wanted: FeedsWanted) -> FeedsListed:
    """Return the feeds that are wanted."""
    numbers = _numbers(database, wanted)
    shown = numbers[wanted.first : wanted.first + wanted.limit]
    found = database.rows(f"SELECT * FROM feed WHERE number {AMONG}", (listed(shown),))
    rows = {row["number"]: row for row in found}
    health = health_from(database, [rows[number] for number in shown])
    failing = database.value("SELECT count(*) FROM feed WHERE NOT archived AND failures > 0")
    return FeedsListed(health, len(numbers), int(failing))


def called(database: Database, name: str) -> FeedHealth | None:
    """Return the feed of this id."""
    for row in database.rows("SELECT number, key FROM feed"):
        if feed_id(row["key"]) == name:
            rows = database.rows("SELECT * FROM feed WHERE number = ?", (row["number"],))
            return health_from(database, list(rows))[0]
    return None


def _numbers(database: Database, wanted: FeedsWanted) -> list[int]:
    """Return the numbers of all feeds that are not archived, in the order that is wanted."""
    if wanted.order == "rate":
        return _by_rate(database, wanted)
    order = _SQL[wanted.order].format(way="DESC" if wanted.descending else "ASC")
    rows = database.rows(f"SELECT number FROM feed WHERE NOT archived ORDER BY {order}, {BY_NAME}")
    return [row["number"] for row in rows]


def _by_rate(database: Database, wanted: FeedsWanted) -> list[int]:
    rows = database.rows(
        f"SELECT number, events, days, last_event FROM feed WHERE NOT archived ORDER BY {BY_NAME}"
    )
    ordered = sorted(rows, key=_rate_at(wanted.now), reverse=wanted.descending)
    return [row["number"] for row in ordered]


def _rate_at(now: datetime) -> Callable[[Row], float]:
    def rate(row: Row) -> float:
        last = instant_if(row["last_event"])
        return rhythms.rate(Rhythm(row["events"], row["days"], last_event_at=last), now)

    return rate
