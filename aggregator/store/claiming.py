"""Who polls which feed just now: leases, so that no feed is polled twice at once."""

import heapq
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from aggregator.cadence.spreading import outside_skips
from aggregator.model.feeds import FeedState
from aggregator.store import feeds, pauses, turns
from aggregator.store.courtesy_tables import RESTS
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.rows import rhythm_from
from aggregator.store.times import instant, stamp

SHARE = 4
"""How many feeds of one host, site or address may be under lease at once, unless they were asked
for by name."""

_FREE = "(lease_until IS NULL OR lease_until <= ?)"

_ASKED_FOR = "status IN ('active', 'stopped')"
"""What may be polled at somebody's wish."""

SLICE = 100
"""How many due feeds of one class of rests are looked at before full places are left out anew."""

_NOT_FULL = " AND ".join(
    f"({place} IS NULL OR {place} NOT IN (SELECT value FROM json_each(?)))"
    for place in ("host", "domain", "address")
)
_SLICE = (
    "SELECT number, due_at, host, domain, address FROM feed"
    f" WHERE status = 'active' AND rest = ? AND due_at <= ? AND (due_at, host) >= (?, ?)"
    f" AND {_FREE} AND {_NOT_FULL}"
    " AND number NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at, host LIMIT ?"
)

Place = str | None
"""A host, a registrable domain, or an address: whatever a feed shares with others."""


class _Crowd:
    """How many feeds of each place are under lease, or chosen to be."""

    def __init__(self, database: Database, now: datetime) -> None:
        # There is room for none where a site is left alone.
        self._leased = Counter[Place](dict.fromkeys(pauses.in_force(database, now), SHARE))
        for places in database.rows(
            "SELECT host, domain, address FROM feed WHERE lease_until > ?", (stamp(now),)
        ):
            self.add(places)

    @property
    def full(self) -> list[Place]:
        """Return the places that have no room."""
        return [place for place, leased in self._leased.items() if leased >= SHARE]

    def has_room(self, places: Iterable[Place]) -> bool:
        """Tell whether one more may come."""
        return all(self._leased[place] < SHARE for place in places if place is not None)

    def add(self, places: Iterable[Place]) -> None:
        """Count one more; a host that is its own domain is one place."""
        self._leased.update({place for place in places if place is not None})


def overdue(database: Database, now: datetime, limit: int, due_by: datetime) -> list[int]:
    """Return the numbers of free due feeds, first those most overdue as measured by their rests.

    They were ``due_by`` then, and are now: a clock that was set back lets nobody come early.

    The feeds of a host beyond its share are passed over, however many they are, so that they
    hold up nobody else's; so are those of a site or an address, whose hosts take turns, and
    those of sites that are left alone. The index alone is read, until ``limit`` are found.
    """
    crowd = _Crowd(database, now)
    classes = [_due(database, now, rest, crowd, min(now, due_by)) for rest in range(RESTS)]
    chosen: list[int] = []
    for _, number, places in heapq.merge(*classes):
        # Another class may have taken the last place since this one was looked at.
        if crowd.has_room(places):
            crowd.add(places)
            chosen.append(number)
            if len(chosen) >= limit:
                break
    return chosen


def _due(
    database: Database, now: datetime, rest: int, crowd: _Crowd, due_by: datetime
) -> Iterator[tuple[float, int, Sequence[Place]]]:
    """Yield the due feeds of one class of rests for which there is room, most overdue first.

    They are read in slices: of a crowd that fills the front, SQLite passes over all but one.
    """
    at, by, unit = stamp(now), stamp(due_by), timedelta(hours=2**rest)
    seen: list[int] = []
    last = ("", "")
    while True:
        full = [listed(crowd.full)] * 3
        rows = list(database.rows(_SLICE, (rest, by, *last, at, *full, listed(seen), SLICE)))
        for number, due_at, *places in rows:
            seen.append(number)
            if places[0] is not None:
                # Nobody compares with NULL; what has no host comes first of those due together.
                last = (due_at, places[0])
            if crowd.has_room(places):
                yield (instant(due_at) - now) / unit, number, places
        if len(rows) < SLICE:
            return


def claimable(database: Database, keys: Collection[str]) -> frozenset[str]:
    """Return those of the keys whose feeds `named` finds while they are free."""
    rows = database.rows(
        f"SELECT key FROM feed WHERE key {AMONG} AND {_ASKED_FOR}", (listed(keys),)
    )
    return frozenset(row["key"] for row in rows)


def named(database: Database, now: datetime, limit: int, keys: Collection[str]) -> list[int]:
    """Return the numbers of the free feeds among ``keys``, due or not, those stopped too."""
    rows = database.rows(
        f"SELECT number FROM feed WHERE key {AMONG}"
        f" AND {_ASKED_FOR} AND {_FREE} ORDER BY due_at LIMIT ?",
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
    due_by: datetime | None,
) -> tuple[FeedState, ...]:
    """Lease feeds, as `Store.claim` says."""
    if limit <= 0:
        return ()

    def chosen() -> list[int]:
        if keys is None:
            return overdue(database, now, limit, due_by or now)
        return named(database, now, limit, keys)

    with database.reading():
        # A tick that finds nothing must not wait for another process that writes.
        found, version = chosen(), database.version
    if not found:
        return ()
    with database.writing():
        if database.version != version:
            found = chosen()
        while keys is None and found and _put_off(database, found, now):
            found = chosen()
        return lease(database, found, now + duration) if found else ()


def _put_off(database: Database, numbers: Sequence[int], now: datetime) -> bool:
    """Put off the feeds whose publisher wants no request at this hour; say whether there are any.

    None is due at such an hour, but nobody may have been there to poll it when it was.
    """
    rows = database.rows(
        f"SELECT * FROM feed WHERE number {AMONG} AND (skip_hours <> '[]' OR skip_days <> '[]')",
        (listed(numbers),),
    )
    times = {row["number"]: outside_skips(row["key"], rhythm_from(row), now) for row in rows}
    put_off = [
        {
            "number": number,
            "due_at": stamp(at),
            "due_reason": "it is late, and not in the hours that its publisher asks to skip",
        }
        for number, at in times.items()
        if at > now
    ]
    database.update("feed", put_off)
    return bool(put_off)


def release(database: Database, claimed: Sequence[FeedState]) -> None:
    """End the leases of feeds that are still the caller's, and the turns of their visits."""
    turns.end(database, [(state.key, state.token) for state in claimed])
    database.execute_many(
        "UPDATE feed SET lease_token = NULL, lease_until = NULL WHERE key = ? AND lease_token = ?",
        ((state.key, state.token) for state in claimed),
    )
