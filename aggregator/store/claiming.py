"""Who polls which feed just now: leases, so that no feed is polled twice at once."""

import heapq
import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from aggregator.model import FeedState
from aggregator.store import feeds, pauses, turns
from aggregator.store.courtesy_tables import RESTS
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.times import instant, stamp

SHARE = 4
"""How many feeds of one host, site or address may be under lease at once, unless they were asked
for by name."""

_FREE = "(lease_until IS NULL OR lease_until <= ?)"

Place = str | None
"""A host, a registrable domain, or an address: whatever a feed shares with others."""


class _Crowd:
    """How many feeds of each place are under lease, or chosen to be."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._left_alone = frozenset(pauses.in_force(database, now))
        self._leased = Counter[Place]()
        for places in database.rows(
            "SELECT host, domain, address FROM feed WHERE lease_until > ?", (stamp(now),)
        ):
            self.add(*places)

    def has_room(self, host: Place, domain: Place, address: Place) -> bool:
        """Tell whether one more may come."""
        leased = self._leased
        return (
            (host is None or leased[host] < SHARE)
            and (domain is None or (leased[domain] < SHARE and domain not in self._left_alone))
            and (address is None or leased[address] < SHARE)
        )

    def add(self, *places: Place) -> None:
        """Count one more; a host that is its own domain is one place."""
        self._leased.update({place for place in places if place is not None})


def overdue(database: Database, now: datetime, limit: int) -> list[int]:
    """Return the numbers of free due feeds, first those most overdue as measured by their rests.

    The feeds of a host beyond its share are passed over, however many they are, so that they
    hold up nobody else's; so are those of a site or an address, whose hosts take turns, and
    those of sites that are left alone. The index alone is read, until ``limit`` are found.
    """
    crowd = _Crowd(database, now)
    chosen: list[int] = []
    for _, number, places in heapq.merge(
        *(_due(database, now, rest, crowd) for rest in range(RESTS))
    ):
        # Another class may have taken the last place since this one was looked at.
        if crowd.has_room(*places):
            crowd.add(*places)
            chosen.append(number)
            if len(chosen) >= limit:
                break
    return chosen


def _due(
    database: Database, now: datetime, rest: int, crowd: _Crowd
) -> Iterator[tuple[float, int, tuple[Place, Place, Place]]]:
    """Yield the due feeds of one class of rests for which there is room, the latest last."""
    at, unit = stamp(now), timedelta(hours=2**rest)
    for number, due_at, host, domain, address in database.rows(
        "SELECT number, due_at, host, domain, address FROM feed"
        f" WHERE status = 'active' AND rest = ? AND due_at <= ? AND {_FREE} ORDER BY due_at",
        (rest, at, at),
    ):
        if crowd.has_room(host, domain, address):
            yield (instant(due_at) - now) / unit, number, (host, domain, address)


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
    """End the leases of feeds that are still the caller's, and the turns of their visits."""
    turns.end(database, [(state.key, state.token) for state in claimed])
    database.execute_many(
        "UPDATE feed SET lease_token = NULL, lease_until = NULL WHERE key = ? AND lease_token = ?",
        ((state.key, state.token) for state in claimed),
    )
