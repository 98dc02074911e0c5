"""How the store does: what it reads is little, however much is stored."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from aggregator.store import pauses, telling
from aggregator.store.counting import size_bytes, tag_counts
from aggregator.store.database import Database, Row, listed
from aggregator.store.measures import RECENT, Ended, Measures
from aggregator.store.times import instant, stamp

_MOST_RECENT = 20_000
"""How many polls of the last hour are looked at, at most."""


def measures(database: Database, now: datetime) -> Measures:
    """Return how the store does at an instant."""
    recent = list(
        database.rows(
            "SELECT outcome, error_code, started, ended, body_bytes FROM poll"
            " WHERE number > (SELECT max(number) FROM poll) - ? AND ended > ?",
            (_MOST_RECENT, stamp(now - RECENT)),
        )
    )
    statuses = database.rows("SELECT status, count(*) FROM feed GROUP BY status")
    due, overdue = _waiting(database, now)
    return Measures(
        feeds=tuple((status, feeds) for status, feeds in statuses),
        due=due,
        overdue=overdue,
        polls=database.value("SELECT coalesce(sum(polls), 0) FROM feed"),
        last=_ended(
            database.rows(
                "SELECT poll.outcome, poll.error_code FROM feed JOIN poll ON poll.number ="
                " (SELECT max(number) FROM poll WHERE poll.feed = feed.number)"
                " WHERE feed.status = 'active'"
            )
        ),
        recent=_ended(recent),
        durations=tuple(sorted(instant(row["ended"]) - instant(row["started"]) for row in recent)),
        recent_bytes=sum(row["body_bytes"] for row in recent),
        entries=database.value(
            "SELECT (SELECT count(*) FROM entry) - (SELECT count(*) FROM retracted)"
        ),
        tags=tag_counts(database),
        untold=telling.untold(database, now),
        size_bytes=size_bytes(database.path),
    )


def _waiting(database: Database, now: datetime) -> tuple[int, timedelta]:
    """Return how many feeds are due and free, and for how long the first has been.

    Those of sites that are left alone do not wait.
    """
    row = next(
        database.rows(
            "SELECT count(*) AS due, min(due_at) AS since FROM feed"
            " WHERE status = 'active' AND due_at <= ?"
            " AND (lease_until IS NULL OR lease_until <= ?)"
            " AND (domain IS NULL OR domain NOT IN (SELECT value FROM json_each(?)))",
            (stamp(now), stamp(now), listed(pauses.in_force(database, now))),
        )
    )
    return row["due"], now - instant(row["since"]) if row["due"] else timedelta()


def _ended(rows: Iterable[Row]) -> tuple[Ended, ...]:
    counts = Counter((row["outcome"], row["error_code"] or "") for row in rows)
    return tuple(Ended(*how, polls) for how, polls in sorted(counts.items()))
