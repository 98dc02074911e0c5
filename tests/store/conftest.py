"""A store for each test, without the cost of making its tables each time."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.store.sqlite import SqliteStore
from tests.empty import empty_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a database without any feed."""
    return empty_database(tmp_path / "aggregator.db")


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """Return a store without any feed."""
    with closing(SqliteStore(path)) as store:
        yield store
