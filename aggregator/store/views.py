"""Changes of views: a migration says which part of a statement becomes another."""

from sqlite_utils import Database


def change_view(database: Database, name: str, pattern: str, instead: str) -> None:
    """Replace ``pattern`` in the statement of a view as it stands."""
    (statement,) = next(
        iter(database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)))
    )
    database.execute(f"DROP VIEW {name}")
    database.execute(statement.replace(pattern, instead))
