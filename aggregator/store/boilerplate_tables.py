"""The column and the table of what is not about an entry, and of what a feed's blocks were."""

from sqlite_utils import Database


def create(database: Database) -> None:
    """Add them; nothing that was stored before is boilerplate, and nothing is remembered."""
    for table in ("entry", "revision"):
        # A JSON array of objects like `aggregator.model.boilerplate.Boilerplate`.
        database.execute(f"ALTER TABLE {table} ADD COLUMN boilerplate TEXT NOT NULL DEFAULT '[]'")
    database.execute("""
        CREATE TABLE fingerprints (
            feed INTEGER PRIMARY KEY REFERENCES feed(number),
            blocks TEXT NOT NULL             -- JSON: of each of the last entries, its own hashes
        )""")
