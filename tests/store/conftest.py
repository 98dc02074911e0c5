"""A store for each test, without the cost of making its tables each time."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.store.sqlite import SqliteStore


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database without any feed; to be copied, never opened."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    SqliteStore(path).close()
    return path


@pytest.fixture
def path(empty_database: Path, tmp_path: Path) -> Path:
    """Return the path of a database without any feed."""
    return Path(shutil.copy(empty_database, tmp_path / "aggregator.db"))


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """Return a store without any feed."""
    with closing(SqliteStore(path)) as store:
        yield store
