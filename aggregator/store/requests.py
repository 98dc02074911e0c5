"""The ledger: every request that was made, so that a publisher's complaint can be answered."""

from collections.abc import Iterable, Sequence

from aggregator.model.fetching import Hop
from aggregator.model.polls import Asked
from aggregator.store.database import Database, Row
from aggregator.store.rows import Columns
from aggregator.store.times import instant, stamp
from aggregator.urls import host

KEPT_REQUESTS = 200
"""How many requests of a feed are remembered; and of those for no feed, how many to a host."""


def keep(database: Database, asked: Sequence[tuple[int | None, Asked]]) -> None:
    """Enter requests, each with the number of its feed; the oldest are forgotten."""
    rows = [{"feed": feed, **_columns(each)} for feed, each in asked]
    database.insert("request", rows)
    _forget(database, "feed = ?", {(row["feed"],) for row in rows if row["feed"] is not None})
    _forget(
        database, "host IS ? AND feed IS NULL", {(row["host"],) for row in rows if not row["feed"]}
    )


def of_feed(database: Database, key: str, limit: int) -> tuple[Asked, ...]:
    """Return a feed's latest requests, latest first."""
    return _asked(
        database.rows(
            "SELECT request.* FROM request JOIN feed ON feed.number = request.feed"
            " WHERE feed.key = ? ORDER BY request.number DESC LIMIT ?",
            (key, limit),
        )
    )


def to_host(database: Database, name: str, limit: int) -> tuple[Asked, ...]:
    """Return the latest requests to a host, or to all of a registrable domain, latest first."""
    return _asked(
        database.rows(
            "SELECT * FROM request WHERE host IN ("
            " SELECT ? UNION SELECT name FROM host WHERE domain = ?)"
            " ORDER BY number DESC LIMIT ?",
            (name, name, limit),
        )
    )


def _forget(database: Database, which: str, values: Iterable[tuple[object, ...]]) -> None:
    database.execute_many(
        f"DELETE FROM request WHERE {which} AND number <= ("
        f" SELECT number FROM request WHERE {which} ORDER BY number DESC LIMIT 1 OFFSET ?)",
        [(*value, *value, KEPT_REQUESTS) for value in values],
    )


def _columns(asked: Asked) -> Columns:
    hop = asked.hop
    return {
        "host": host(hop.url),
        "at": stamp(hop.at),
        "method": hop.method,
        "url": hop.url,
        "purpose": asked.purpose,
        "reason": asked.reason,
        "conditional": hop.conditional,
        "status": hop.status,
        "error_code": hop.error,
        "wire_bytes": hop.wire_bytes,
        "seconds": hop.seconds,
        "address": hop.address,
    }


def _asked(rows: Iterable[Row]) -> tuple[Asked, ...]:
    return tuple(Asked(_hop(row), row["purpose"], row["reason"]) for row in rows)


def _hop(row: Row) -> Hop:
    return Hop(
        url=row["url"],
        at=instant(row["at"]),
        seconds=row["seconds"],
        conditional=bool(row["conditional"]),
        status=row["status"],
        wire_bytes=row["wire_bytes"],
        address=row["address"],
        method=row["method"],
        error=row["error_code"],
    )
