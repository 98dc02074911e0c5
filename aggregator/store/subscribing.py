"""Making the stored feeds those of the configuration.

A subscription is the feed that has its url; else the one whose key it is (an old url again);
else, of those that this very edit drops, the only one that was fetched from its location or
that bears its name: then the url was changed, and the history is kept. Otherwise it is new.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from aggregator.domains import registrable
from aggregator.model.feeds import Subscription
from aggregator.store import feeds, moving
from aggregator.store.database import AMONG, Database, Row, listed
from aggregator.store.rows import Columns, interval, seconds
from aggregator.store.times import instant, instant_if, stamp
from aggregator.store.words import name_words
from aggregator.urls import host, without_credentials

Each = TypeVar("Each")

_MOST_SLOWED = timedelta(days=1)
"""How far 429s push back a floor at most."""


def is_in_line(database: Database, subscriptions: Iterable[Subscription], now: datetime) -> bool:
    """Tell whether `subscribe` would change nothing."""
    wanted = {each.url: each for each in subscriptions}
    stored = {row["number"]: row for row in database.rows("SELECT * FROM feed")}
    kept = assign(wanted, stored)
    dropped = stored.keys() - kept.keys()
    return (
        len(kept) == len(wanted)
        and all(stored[number]["archived"] for number in dropped)
        and not any(
            _differs(stored[number], settled(stored[number], subscription, now))
            for number, subscription in kept.items()
        )
        and not _relabelled(database, kept)
    )


def subscribe(database: Database, subscriptions: Iterable[Subscription], now: datetime) -> None:
    """Bring feeds, labels and schedules in line, as `Store.subscribe` says."""
    wanted = {each.url: each for each in subscriptions}
    stored = {row["number"]: row for row in database.rows("SELECT * FROM feed")}
    kept = assign(wanted, stored)
    dropped = stored.keys() - kept.keys()
    _archive(database, dropped, now)
    moving.resume(database, dropped, now)
    for number, subscription in kept.items():
        _settle(database, stored[number], settled(stored[number], subscription, now))
    known = {each.url for each in kept.values()}
    new = [each for url, each in wanted.items() if url not in known]
    kept |= _insert(database, new, {row["key"] for row in stored.values()}, now)
    _label(database, kept)


def rename(database: Database, key: str, url: str) -> None:
    """Give a feed the url that it is recognised by from now on."""
    database.execute("UPDATE feed SET url = ? WHERE key = ?", (url, key))


# --- which feed is which -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to recognise a feed: the two values that must be equal, and in which feeds to look."""

    of_subscription: Callable[[Subscription], str | None]
    of_feed: Callable[[Row], str | None]
    may_be_archived: bool


_WAYS = (
    _Way(lambda each: each.url, lambda row: row["url"], may_be_archived=True),
    _Way(lambda each: each.url, lambda row: row["key"], may_be_archived=True),
    _Way(lambda each: each.location, lambda row: row["fetch_url"], may_be_archived=False),
    _Way(lambda each: each.name, lambda row: row["configured_name"], may_be_archived=False),
)
"""The surest first: each is tried for all subscriptions before the next."""


def assign(
    wanted: Mapping[str, Subscription], stored: Mapping[int, Row]
) -> dict[int, Subscription]:
    """Return which stored feed is which subscription; new subscriptions are in none."""
    assigned: dict[int, Subscription] = {}
    left = dict(wanted)
    for way in _WAYS:
        free = [
            row
            for number, row in stored.items()
            if number not in assigned and (way.may_be_archived or not row["archived"])
        ]
        candidates = _grouped(way.of_feed, free)
        askers = _grouped(way.of_subscription, left.values())
        for value, asking in askers.items():
            found = candidates.get(value, [])
            if len(found) == len(asking) == 1:
                assigned[found[0]["number"]] = left.pop(asking[0].url)
    return assigned


def _grouped(value_of: Callable[[Each], str | None], each: Iterable[Each]) -> dict[str, list[Each]]:
    groups = defaultdict[str, list[Each]](list)
    for one in each:
        value = value_of(one)
        if value is not None:
            groups[value].append(one)
    return groups


# --- what changes --------------------------------------------------------------------------------


def settled(row: Row, subscription: Subscription, now: datetime) -> Columns:
    """Return what a stored feed becomes under its subscription of today."""
    return {
        **_configured(subscription, row["first_title"] or without_credentials(row["key"])),
        "archived": False,
        **({"stopped": False} if row["archived"] else {}),
        **_rescheduled(row, subscription),
        **_hub_told(row, subscription, now),
        **_relocated(row, subscription, now),
    }


def _configured(subscription: Subscription, otherwise: str) -> Columns:
    name = subscription.name or otherwise
    return {
        "url": subscription.url,
        "location": subscription.location,
        "configured_name": subscription.name,
        "name": name,
        "name_words": name_words(name),
        "interval_seconds": seconds(subscription.interval),
        "weight": subscription.weight,
        "insecure": subscription.insecure,
        "paused": subscription.paused,
    }


def _rescheduled(row: Row, subscription: Subscription) -> Columns:
    """Return the new due time where the promised interval has changed.

    Never sooner than the publisher allows, never later than was planned. What is planned because
    it fails, or because its hub tells of it, is not the interval's to say.
    """
    last_poll_at = instant_if(row["last_poll"])
    if (
        subscription.interval is None
        or subscription.interval == interval(row["interval_seconds"])
        or last_poll_at is None
        or row["failures"]
        or row["gone"]
        or row["pushed_until"]
    ):
        return {}
    slowed = min(subscription.interval * row["penalty"], _MOST_SLOWED)
    planned = min(instant(row["due_at"]), last_poll_at + max(subscription.interval, slowed))
    limits = filter(None, (instant_if(row["not_before"]), instant_if(row["fresh_until"])))
    due_at = stamp(max([planned, *limits]))
    if due_at == row["due_at"]:
        return {}
    return {"due_at": due_at, "due_reason": "its interval was changed in the configuration"}


def _hub_told(row: Row, subscription: Subscription, now: datetime) -> Columns:
    """Return when to tell the hub of a feed that is no longer polled, or is polled again."""
    concerns_it = row["push_at"] is not None or row["hub"] is not None
    if not concerns_it or bool(row["paused"]) == subscription.paused:
        return {}
    return {"push_at": stamp(now)}


def _relocated(row: Row, subscription: Subscription, now: datetime) -> Columns:
    """Return what a new location makes void: all that the old one said, and a poll under way."""
    location = subscription.location
    if location in (row["location"], row["fetch_url"]):
        return {}
    return {
        "fetch_url": location,
        "host": host(location),
        "domain": registrable(host(location)),
        "address": None,
        "etag": None,
        "last_modified": None,
        "validators_url": None,
        "body_hash": None,
        "manners": "{}",
        "moving": None,
        "hub": None,
        "topic": None,
        "cloud": None,
        "push_at": row["push_at"] and stamp(now),
        "stopped": False,
        "failures": 0,
        "failing_since": None,
        "gone": 0,
        "fresh_until": None,
        "not_before": None,
        "due_at": stamp(now),
        "due_reason": "its location was changed in the configuration",
        "lease_token": None,
        "lease_until": None,
    }


# --- writing -------------------------------------------------------------------------------------


def _archive(database: Database, numbers: Iterable[int], now: datetime) -> None:
    """Poll these feeds no more; their hubs need not tell us of them any longer."""
    database.execute(
        "UPDATE feed SET archived = 1, push_at = CASE WHEN push_at IS NOT NULL THEN ? END"
        f" WHERE NOT archived AND number {AMONG}",
        (stamp(now), listed(numbers)),
    )


def _settle(database: Database, row: Row, columns: Columns) -> None:
    if _differs(row, columns):
        database.update("feed", [{"number": row["number"], **columns}])


def _differs(row: Row, columns: Columns) -> bool:
    return any(row[name] != value for name, value in columns.items())


def _insert(
    database: Database, new: Iterable[Subscription], taken: set[str], now: datetime
) -> dict[int, Subscription]:
    numbered = dict(enumerate(new, start=database.next_number("feed")))
    rows = []
    for number, subscription in numbered.items():
        key = _free_key(subscription.url, taken)
        taken.add(key)
        rows.append(
            {
                "number": number,
                "key": key,
                **_configured(subscription, without_credentials(key)),
                "fetch_url": subscription.location,
                "host": host(subscription.location),
                "domain": registrable(host(subscription.location)),
                "subscribed": stamp(now),
                "due_at": stamp(now),
                "due_reason": "it is new",
            }
        )
    database.insert("feed", rows)
    return numbered


def _free_key(url: str, taken: set[str]) -> str:
    """Return the url; if a feed that has moved on still bears that key, the url and a number."""
    if url not in taken:
        return url
    return next(key for number in count(2) if (key := f"{url} ({number})") not in taken)


def _label(database: Database, kept: Mapping[int, Subscription]) -> None:
    changed = _relabelled(database, kept)
    database.execute(
        f"DELETE FROM feed_label WHERE feed {AMONG}",
        (listed(changed),),
    )
    database.insert(
        "feed_label",
        [{"feed": number, "label": label} for number, told in changed.items() for label in told],
    )


def _relabelled(database: Database, kept: Mapping[int, Subscription]) -> dict[int, tuple[str, ...]]:
    """Return the labels of today of the feeds that have others in the database."""
    labels = feeds.labels(database, kept.keys())
    told = {number: tuple(dict.fromkeys(each.labels)) for number, each in kept.items()}
    return {number: of_one for number, of_one in told.items() if labels[number] != of_one}
