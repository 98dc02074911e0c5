"""Databases without any feed: to make their tables takes longer than most tests."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.store.sqlite import SqliteStore


def empty_database(path: Path) -> Path:
    """Write a database whose tables are made; return its path."""
    path.write_bytes(_made_once())
    return path


@contextmanager
def empty_store() -> Iterator[SqliteStore]:
    """Open a store of its own for those that need many, one after the other."""
    with (
        TemporaryDirectory() as directory,
        closing(SqliteStore(empty_database(Path(directory) / "aggregator.db"))) as store,
    ):
        yield store


@cache
def _made_once() -> bytes:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "empty.db"
        SqliteStore(path).close()
        return path.read_bytes()
