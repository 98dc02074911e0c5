"""What outputs have published, by the names of the outputs and the ids of entries."""

from collections.abc import Sequence

from aggregator.store.database import Database
from aggregator.store.outputs import Placed
from aggregator.store.times import instant_if, stamp

ARCHIVED = (
    "entry.id IN (SELECT entry FROM published WHERE output = ? AND page > 0 AND gone IS NULL)"
)
"""What holds for the entries in the archives of an output."""

PLACED = "entry.id IN (SELECT entry FROM published WHERE output = ?)"
"""What holds for the entries that an output has, or had."""


def placed(database: Database, output: str) -> tuple[Placed, ...]:
    """Return every entry that an output has, or had, by the entries' ids."""
    rows = database.rows("SELECT * FROM published WHERE output = ? ORDER BY entry", (output,))
    return tuple(
        Placed(row["entry"], row["public_id"], row["page"], instant_if(row["gone"]), row["former"])
        for row in rows
    )


def keep(database: Database, output: str, given: Sequence[Placed]) -> None:
    """Write what an output has."""
    database.execute_many(
        "INSERT INTO published (output, entry, public_id, page, gone, former)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET public_id = excluded.public_id, page = excluded.page,"
        " gone = excluded.gone, former = excluded.former",
        (
            (
                output,
                each.entry,
                each.public_id,
                each.page,
                each.gone_at and stamp(each.gone_at),
                each.former,
            )
            for each in given
        ),
    )
