"""The store on SQLite means what every store means."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.store.base import Store
from aggregator.store.sqlite import SqliteStore
from tests.store.contract import StoreContract


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, path: Path) -> Iterator[Store]:
        with closing(SqliteStore(path)) as store:
            yield store
