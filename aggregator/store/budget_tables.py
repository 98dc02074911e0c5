"""The table of the pace that the daemon has found."""

from sqlite_utils import Database


def create(database: Database) -> None:
    """Make it, empty: as long as it is, the built-in pace holds."""
    database.execute("""
        CREATE TABLE pace (
            kappa_seconds REAL NOT NULL      -- how often a feed is polled that has news once a day
        )""")
