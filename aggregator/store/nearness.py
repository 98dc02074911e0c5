"""Which feeds need the public internet, and which do not: for when it may be away."""

from datetime import datetime

from aggregator.store.database import Database
from aggregator.store.times import stamp

_NEAR = "(admitted OR fetch_url NOT LIKE 'http%')"


def hosts_to_probe(database: Database, limit: int) -> tuple[str, ...]:
    """Return hosts of active feeds that need it, as `Store.hosts_to_probe` says."""
    rows = database.rows(
        "SELECT host FROM feed"
        f" WHERE status = 'active' AND host IS NOT NULL AND NOT {_NEAR}"
        " GROUP BY host ORDER BY min(failures) > 0, max(coalesce(last_poll, '')), host LIMIT ?",
        (limit,),
    )
    return tuple(row["host"] for row in rows)


def due_nearby(database: Database, now: datetime, limit: int) -> tuple[str, ...]:
    """Return the keys of free due feeds that do not, the longest overdue first."""
    at = stamp(now)
    rows = database.rows(
        f"SELECT key FROM feed WHERE status = 'active' AND due_at <= ? AND {_NEAR}"
        " AND (lease_until IS NULL OR lease_until <= ?) ORDER BY due_at LIMIT ?",
        (at, at, limit),
    )
    return tuple(row["key"] for row in rows)
