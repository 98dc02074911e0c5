"""The table of what outputs that remember have published."""

from sqlite_utils import Database


def remember_archives(database: Database) -> None:
    """Keep which archive an entry was in that was gone and is back: no number is used again."""
    database.execute("ALTER TABLE published ADD COLUMN former INTEGER")


def create(database: Database) -> None:
    """Add it."""
    # By ids: what is kept of an entry outlasts it.
    database.execute("""
        CREATE TABLE published (
            output TEXT NOT NULL,
            entry TEXT NOT NULL,             -- its id
            public_id TEXT NOT NULL,         -- what readers know it by
            page INTEGER,                    -- the archive that it is in, empty: the feed itself
            gone TEXT,                       -- since when it is no longer published
            PRIMARY KEY (output, entry)
        ) WITHOUT ROWID""")
