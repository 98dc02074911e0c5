"""The canonical links of stored entries, in the form that addresses are compared in by now."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from aggregator.canonical.form import canonical
from aggregator.identity import renamed

_Row = Mapping[str, Any]


def renew(database: Database) -> None:
    """Give every entry today's canonical link, and the identity that follows from it.

    Without this, entries that are known by their link would come as new at the next poll, and
    those that no document holds any more would equal no other's again. Their ids stay.
    """
    rows = database.query(
        "SELECT number, feed, identity, guid, title, link, canonical_link FROM entry"
        " WHERE link IS NOT NULL AND canonical_link IS NOT NULL"
    )
    changed = [
        (row, after) for row in rows if (after := canonical(row["link"])) != row["canonical_link"]
    ]
    moved = {(row["feed"], _renew(database, row, after)) for row, after in changed}
    _count_generations(database, moved)


def _renew(database: Database, row: _Row, after: str) -> str:
    identity = renamed(
        row["identity"],
        guid=row["guid"],
        title=row["title"],
        link=row["link"],
        before=row["canonical_link"],
        after=after,
    )
    database.execute(
        "UPDATE entry SET canonical_link = ?, identity = ? WHERE number = ?",
        (after, identity, row["number"]),
    )
    return identity


def _count_generations(database: Database, moved: Iterable[tuple[int, str]]) -> None:
    """Count entries that share an identity by now; the last stands in the feed's document."""
    for feed, identity in moved:
        sharing = database.execute(
            "SELECT number, generation FROM entry WHERE feed = ? AND identity = ?"
            " ORDER BY present, generation, number",
            (feed, identity),
        ).fetchall()
        if len({generation for _, generation in sharing}) == len(sharing):
            continue
        for generation, (number, _) in enumerate(sharing):
            database.execute(
                "UPDATE entry SET generation = ? WHERE number = ?", (generation, number)
            )
