"""The turns of hosts, kept where every process on the store sees them, and after a restart."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from aggregator import politeness
from aggregator.domains import registrable
from aggregator.model.polls import Asked
from aggregator.politeness import Ask, Granted, KnownHost, Picture, Underway, Verdict
from aggregator.store import pauses
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.times import instant, stamp
from aggregator.urls import host

LONGEST_TURN = timedelta(minutes=5)
"""After that the turn of a process that was killed ends by itself, as its leases do."""


def take(database: Database, asks: Sequence[Ask], now: datetime, most: int) -> tuple[Verdict, ...]:
    """Begin the visits whose turn it is, as `Store.take_turns` says."""
    with database.reading():
        # Where nobody may start, another process that writes is not waited for.
        verdicts = politeness.judge(asks, _picture(database, asks, now), now, most)
    if not any(isinstance(verdict, Granted) for verdict in verdicts):
        return verdicts
    with database.writing():
        picture = _picture(database, asks, now)
        verdicts = politeness.judge(asks, picture, now, most)
        granted = [
            ask for ask, verdict in zip(asks, verdicts, strict=True) if isinstance(verdict, Granted)
        ]
        _begin(database, granted, picture, now)
    return verdicts


def end(database: Database, claims: Iterable[tuple[str, str]]) -> None:
    """End the turns of claims: pairs of a feed's key and the lease's token."""
    database.execute_many(
        "DELETE FROM turn WHERE feed = (SELECT number FROM feed WHERE key = ?) AND token = ?",
        claims,
    )


def note(database: Database, asked: Iterable[Asked], *, alone: bool) -> None:
    """Remember of each host that was asked when that was, how long it took and where it is.

    The hosts that a redirect leads to count as asked, too. ``alone`` says that they are our own.
    """
    rows = []
    for hop in (each.hop for each in asked):
        name = host(hop.url)
        if name is not None:
            domain = None if alone else registrable(name)
            rows.append((name, domain, hop.address, stamp(hop.at), hop.seconds))
    database.execute_many(
        "INSERT INTO host (name, domain, address, started, seconds) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET domain = excluded.domain,"
        " address = coalesce(excluded.address, address),"
        " started = max(started, excluded.started), seconds = excluded.seconds",
        rows,
    )


def _picture(database: Database, asks: Sequence[Ask], now: datetime) -> Picture:
    names = listed({ask.host for ask in asks})
    rows = database.rows(
        # Theirs; and of each address at which one of them was reached, the host asked last.
        f"SELECT name, started, seconds, address FROM host WHERE name {AMONG}"
        " UNION SELECT name, started, seconds, address FROM host WHERE name IN ("
        " SELECT (SELECT name FROM host WHERE address = here.address"
        "  ORDER BY started DESC LIMIT 1)"
        f" FROM host AS here WHERE name {AMONG} AND address IS NOT NULL)",
        (names, names),
    )
    hosts = {
        row["name"]: KnownHost(
            instant(row["started"]), timedelta(seconds=row["seconds"]), row["address"]
        )
        for row in rows
    }
    under_way = tuple(
        Underway(row["host"], row["domain"], row["address"])
        for row in database.rows(
            "SELECT host, domain, address FROM turn WHERE expires > ?", (stamp(now),)
        )
    )
    return Picture(hosts, under_way, pauses.in_force(database, now))


def _begin(database: Database, granted: Sequence[Ask], picture: Picture, now: datetime) -> None:
    database.execute("DELETE FROM turn WHERE expires <= ?", (stamp(now),))
    began, expires = stamp(now), stamp(now + LONGEST_TURN)
    visits = [(ask, politeness.under_way(ask, picture)) for ask in granted]
    database.execute_many(
        "INSERT OR IGNORE INTO turn (feed, token, host, domain, address, started, expires)"
        " SELECT number, ?, ?, ?, ?, ?, ? FROM feed WHERE key = ?",
        [
            (ask.token, visit.host, visit.domain, visit.address, began, expires, ask.key)
            for ask, visit in visits
        ],
    )
    database.execute_many(
        "INSERT INTO host (name, domain, started) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET started = excluded.started",
        [(ask.host, ask.domain, began) for ask in granted],
    )
