"""Who polls which feed just now: leases, so that no feed is polled twice at once."""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from aggregator.model import FeedState
from aggregator.store import feeds
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.times import stamp

HOST_SHARE = 4
"""How many feeds of one host may be under lease at once, unless they were asked for by name."""

_FREE = "(lease_until IS NULL OR lease_until <= ?)"


def overdue(database: Database, now: datetime, limit: int) -> list[int]:
    """Return the numbers of free due feeds, the longest overdue first.

    The feeds of a host beyond its share are passed over, however many they are, so that they
    hold up nobody else's: the index alone is read until ``limit`` are found.
    """
    at = stamp(now)
    crowd = Counter[str](
        row["host"]
        for row in database.rows("SELECT host FROM feed WHERE lease_until > ?", (at,))
        if row["host"]
    )
    chosen: list[int] = []
    for row in database.rows(
        "SELECT number, host FROM feed"
        f" WHERE status = 'active' AND due_at <= ? AND {_FREE} ORDER BY due_at",
        (at, at),
    ):
        host = row["host"]
        if host and crowd[host] >= HOST_SHARE:
            continue
        crowd[host] += 1
        chosen.append(row["number"])
        if len(chosen) >= limit:
            break
    return chosen


def named(database: Database, now: datetime, limit: int, keys: Collection[str]) -> list[int]:
    """Return the numbers of the free feeds among ``keys``, due or not, those stopped too."""
    rows = database.rows(
        f"SELECT number FROM feed WHERE key {AMONG}"
        f" AND status IN ('active', 'stopped') AND {_FREE} ORDER BY due_at LIMIT ?",
        (listed(keys), stamp(now), limit),
    )
    return [row["number"] for row in rows]


def lease(database: Database, numbers: Sequence[int], until: datetime) -> tuple[FeedState, ...]:
    """Give the feeds to the caller until then; return their states with the proof of the claim."""
    token = secrets.token_hex(16)
    database.execute(
        f"UPDATE feed SET lease_token = ?, lease_until = ? WHERE number {AMONG}",
        (token, stamp(until), listed(numbers)),
    )
    return feeds.states(database, numbers, token)


def claim(
    database: Database,
    now: datetime,
    limit: int,
    duration: timedelta,
    keys: Collection[str] | None,
) -> tuple[FeedState, ...]:
    """Lease feeds, as `Store.claim` says."""
    with database.reading():
        # A tick that finds nothing must not wait for another process that writes.
        if limit <= 0 or (keys is None and not overdue(database, now, 1)):
            return ()
    with database.writing():
        chosen = (
            overdue(database, now, limit) if keys is None else named(database, now, limit, keys)
        )
        return lease(database, chosen, now + duration) if chosen else ()


def release(database: Database, claimed: Sequence[FeedState]) -> None:
    """End the leases of feeds that are still the caller's."""
    database.execute_many(
        "UPDATE feed SET lease_token = NULL, lease_until = NULL WHERE key = ? AND lease_token = ?",
        ((state.key, state.token) for state in claimed),
    )
