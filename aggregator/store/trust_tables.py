"""The column that says whose certificate need not be valid."""

from sqlite_utils import Database


def create(database: Database) -> None:
    """Add it; every feed's has to be, unless the configuration says otherwise."""
    database.execute("ALTER TABLE feed ADD COLUMN insecure INTEGER NOT NULL DEFAULT 0")
