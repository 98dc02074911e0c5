"""Questions to the store from pages: answered in order, ended when they take too long."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.errors import NoSuchEntryError, StoreInterruptedError
from aggregator.serve.desk import Desk
from aggregator.store.base import Figures, Store
from aggregator.store.sqlite import SqliteStore
from tests.empty import empty_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return empty_database(tmp_path / "aggregator.db")


def count_for_ever(store: Store) -> None:
    assert isinstance(store, SqliteStore)
    with store.database.reading():
        store.database.value(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        )


def test_what_takes_too_long_is_ended_and_the_next_is_answered(path: Path) -> None:
    async def both(desk: Desk) -> Figures:
        with pytest.raises(StoreInterruptedError):
            await desk.ask(count_for_ever, seconds=0.01)
        return await desk.ask(lambda store: store.figures())

    with closing(Desk(lambda: SqliteStore(path))) as desk:
        assert asyncio.run(both(desk)).entries == 0


def test_many_questions_share_a_few_stores(path: Path) -> None:
    opened: list[SqliteStore] = []

    def open_another() -> SqliteStore:
        opened.append(SqliteStore(path))
        return opened[-1]

    async def many(desk: Desk) -> list[Figures]:
        return await asyncio.gather(*(desk.ask(lambda store: store.figures()) for _ in range(40)))

    with closing(Desk(open_another)) as desk:
        assert len(asyncio.run(many(desk))) == 40
    assert 1 <= len(opened) <= 4


def test_what_a_question_raises_is_raised(path: Path) -> None:
    async def ask(desk: Desk) -> object:
        return await desk.ask(lambda store: store.entry("aaaaaa"))

    with closing(Desk(lambda: SqliteStore(path))) as desk, pytest.raises(NoSuchEntryError):
        asyncio.run(ask(desk))
