"""The columns for what comes with an entry beside its texts, and for what a feed says of itself."""

from sqlite_utils import Database


def create(database: Database) -> None:
    """Add them; what was stored before says nothing there until its feed is read again."""
    for table in ("entry", "revision"):
        # A JSON object like `aggregator.model.details.Details`, without what is unknown.
        database.execute(f"ALTER TABLE {table} ADD COLUMN details TEXT NOT NULL DEFAULT '{{}}'")
    for column in ("image", "icon", "updated"):
        database.execute(f"ALTER TABLE feed ADD COLUMN {column} TEXT")
    for column in ("rights", "generator"):
        database.execute(f"ALTER TABLE feed ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    for column in ("authors", "categories"):  # JSON arrays of objects, as of an entry
        database.execute(f"ALTER TABLE feed ADD COLUMN {column} TEXT NOT NULL DEFAULT '[]'")
