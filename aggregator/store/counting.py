"""Counts: of tags, by day, and over the whole store."""

from datetime import date, datetime
from pathlib import Path

from aggregator.store.base import Figures, TagDay
from aggregator.store.database import Database
from aggregator.store.retracting import THERE
from aggregator.store.times import instant_if, stamp

_THERE = "entry_tag.entry NOT IN (SELECT entry FROM retracted)"


def tag_counts(database: Database) -> tuple[tuple[str, int], ...]:
    """Return each tag that some entry carries with how many do, most frequent first."""
    rows = database.rows(
        "SELECT tag, count(*) AS entries FROM entry_tag WHERE removed IS NULL"
        f" AND {_THERE}"
        " GROUP BY tag ORDER BY entries DESC, tag"
    )
    return tuple((row["tag"], row["entries"]) for row in rows)


def tag_days(database: Database, since: datetime, tag: str | None) -> tuple[TagDay, ...]:
    """Return, for each tag or for one, and UTC day since then, how many entries arrived."""
    # A CROSS JOIN keeps its order: from the entries of the period to their tags, or from those
    # of the tag to their arrivals, which stand in an index far smaller than the entries are.
    every, one = "entry CROSS JOIN entry_tag", "entry_tag CROSS JOIN entry INDEXED BY entry_arrival"
    tables = every if tag is None else one
    rows = database.rows(
        "SELECT tag, substr(entry.arrived, 1, 10) AS day, count(*) AS entries"
        f" FROM {tables} ON entry_tag.entry = entry.number"
        f" WHERE entry_tag.removed IS NULL AND entry.arrived >= ? AND {THERE}"
        f"{'' if tag is None else ' AND tag = ?'} GROUP BY tag, day",
        (stamp(since),) if tag is None else (stamp(since), tag),
    )
    return tuple(TagDay(row["tag"], date.fromisoformat(row["day"]), row["entries"]) for row in rows)


def figures(database: Database) -> Figures:
    """Return counts over everything."""
    row = next(
        database.rows(
            "SELECT"
            " (SELECT count(*) FROM feed WHERE NOT archived) AS feeds,"
            " (SELECT count(*) FROM feed WHERE NOT archived AND failures > 0) AS failing,"
            " (SELECT count(*) FROM entry) - (SELECT count(*) FROM retracted) AS entries,"
            " (SELECT count(*) FROM revision) AS revisions,"
            " (SELECT count(DISTINCT entry) FROM entry_tag"
            f" WHERE removed IS NULL AND {_THERE}) AS tagged,"
            " (SELECT coalesce(sum(polls), 0) FROM feed) AS polls,"
            f" (SELECT arrived FROM entry WHERE {THERE} ORDER BY arrived LIMIT 1) AS oldest,"
            f" (SELECT arrived FROM entry WHERE {THERE} ORDER BY arrived DESC LIMIT 1) AS newest"
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
        size_bytes=size_bytes(database.path),
    )


def size_bytes(path: Path) -> int:
    """Return the size of a database on disk, its log included."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
