"""Counts: of tags, by day, and over the whole store."""

from datetime import date, datetime
from pathlib import Path

from aggregator.store.base import Figures, TagDay
from aggregator.store.database import Database
from aggregator.store.times import instant_if, stamp


def tag_counts(database: Database) -> tuple[tuple[str, int], ...]:
    """Return each tag that some entry carries with how many do, most frequent first."""
    rows = database.rows(
        "SELECT tag, count(*) AS entries FROM entry_tag WHERE removed IS NULL"
        " GROUP BY tag ORDER BY entries DESC, tag"
    )
    return tuple((row["tag"], row["entries"]) for row in rows)


def tag_days(database: Database, since: datetime) -> tuple[TagDay, ...]:
    """Return, for each tag and UTC day since then, how many entries arrived."""
    # A CROSS JOIN keeps its order: from the entries of the period to their tags.
    rows = database.rows(
        "SELECT tag, substr(entry.arrived, 1, 10) AS day, count(*) AS entries"
        " FROM entry CROSS JOIN entry_tag ON entry_tag.entry = entry.number"
        " WHERE entry_tag.removed IS NULL AND entry.arrived >= ? GROUP BY tag, day",
        (stamp(since),),
    )
    return tuple(TagDay(row["tag"], date.fromisoformat(row["day"]), row["entries"]) for row in rows)


def figures(database: Database) -> Figures:
    """Return counts over everything."""
    row = next(
        database.rows(
            "SELECT"
            " (SELECT count(*) FROM feed WHERE NOT archived) AS feeds,"
            " (SELECT count(*) FROM feed WHERE NOT archived AND failures > 0) AS failing,"
            " (SELECT count(*) FROM entry) AS entries,"
            " (SELECT count(*) FROM revision) AS revisions,"
            " (SELECT count(DISTINCT entry) FROM entry_tag WHERE removed IS NULL) AS tagged,"
            " (SELECT coalesce(sum(polls), 0) FROM feed) AS polls,"
            " (SELECT min(arrived) FROM entry) AS oldest,"
            " (SELECT max(arrived) FROM entry) AS newest"
        )
    )
    return Figures(
        feeds=row["feeds"],
        failing=row["failing"],
        entries=row["entries"],
        revisions=row["revisions"],
        tagged=row["tagged"],
        polls=row["polls"],
        oldest_at=instant_if(row["oldest"]),
        newest_at=instant_if(row["newest"]),
        size_bytes=_size_bytes(database.path),
    )


def _size_bytes(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
