"""A database and a clock: all that commands need which only read."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from aggregator.store.base import Store
from aggregator.store.sqlite import SqliteStore


def utc_now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


@contextmanager
def opened_store(database: Path) -> Iterator[Store]:
    """Open a database, made or migrated if need be. Raises `StoreError`."""
    with closing(SqliteStore(database)) as store:
        yield store
