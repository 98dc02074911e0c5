"""The table of the hosts that want to be asked by https alone."""

from sqlite_utils import Database


def create(database: Database) -> None:
    """Make it, empty."""
    database.execute("""
        CREATE TABLE strict_host (
            host TEXT PRIMARY KEY,           -- in lower case, without a trailing dot
            until TEXT NOT NULL,
            subdomains INTEGER NOT NULL      -- whether it speaks for all below it as well
        ) WITHOUT ROWID""")
