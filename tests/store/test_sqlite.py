"""The store on SQLite means what every store means."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from aggregator.model.feeds import Validators
from aggregator.politeness import Ask, Busy, Granted
from aggregator.query.syntax import parse
from aggregator.store import searching
from aggregator.store.base import Place, Search, Store
from aggregator.store.committing import KEPT_POLLS
from aggregator.store.sqlite import SqliteStore
from tests.builders import FEED, NOW, entry, subscription, tagged
from tests.empty import empty_store
from tests.store.contract import StoreContract
from tests.store.steps import LATER, LEASE, claim, poll, subscribe, titles

GAP = timedelta(seconds=2)


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, path: Path) -> Iterator[Store]:
        with closing(SqliteStore(path)) as store:
            yield store

    def fresh(self) -> AbstractContextManager[Store]:
        return empty_store()


@pytest.mark.parametrize("query", ["mali", "lead:mali", "mali -niger"])
@pytest.mark.parametrize("stretch", [0, 1, 3, 6, 7, 20])
def test_what_is_found_is_the_same_wherever_the_first_stretch_ends(
    monkeypatch: pytest.MonkeyPatch, query: str, stretch: int
) -> None:
    monkeypatch.setattr(searching, "_STRETCH", stretch)
    with empty_store() as store:
        subscribe(store)
        # Four at each instant: a stretch may end amid what arrived together.
        times = {
            f"{name} mali": NOW + GAP * (number // 4) for number, name in enumerate("abcdefgh")
        }
        poll(store, new=tuple(tagged(entry(title), seen_at=at) for title, at in times.items()))
        poll(store, new=(tagged(entry("Rain"), seen_at=NOW + GAP),))
        every = store.search(Search(NOW))
        expected = [each for each in every if "mali" in each.entry.title]
        for limit in (None, 1, 5):
            asked = Search(NOW, parse(query), limit=limit)
            assert store.search(asked) == tuple(expected[:limit])
        middle = Place(expected[2].arrived_at, expected[2].entry.id)
        behind = Search(NOW, parse(query), since=NOW, until=NOW + 2 * GAP, behind=middle)
        assert titles(store.search(behind)) == titles(tuple(expected[3:]))
        only_newer = Search(NOW, parse(query), since=NOW + GAP)
        assert titles(store.search(only_newer)) == titles(tuple(expected[:4]))
        assert store.search(Search(NOW, parse(query), until=NOW)) == ()


def test_polls_are_not_remembered_for_ever_but_counted() -> None:
    with closing(SqliteStore(Path(":memory:"))) as store:
        subscribe(store)
        for number in range(KEPT_POLLS + 5):
            poll(store, at=NOW + timedelta(minutes=number), feed=None)
        polls = store.polls(FEED, 1000)
        assert len(polls) == KEPT_POLLS
        assert polls[-1].started_at == NOW + timedelta(minutes=5)
        assert store.figures().polls == KEPT_POLLS + 5


def test_a_url_that_follows_a_redirect_keeps_validators_and_schedule(store: SqliteStore) -> None:
    moved = "https://moved.example/feed.xml"
    subscribe(store)
    poll(store, due_at=LATER)
    store.database.execute("UPDATE feed SET fetch_url = ?", (moved,))
    for url in (FEED, moved):
        subscribe(store, subscription(url))
        state = claim(store)
        assert (state.fetch_url, state.due_at) == (moved, LATER)
        assert state.validators != Validators()
        store.release([state])


def test_a_tick_that_finds_all_due_feeds_leased_does_not_wait_for_who_writes(path: Path) -> None:
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path)) as other:
        subscribe(store)
        claim(store)
        other.execute("BEGIN IMMEDIATE")
        store.database.execute("PRAGMA busy_timeout = 0")
        assert store.claim(NOW, 10, lease=LEASE) == ()


def test_feeds_that_are_in_line_already_are_subscribed_while_another_process_writes(
    path: Path,
) -> None:
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path)) as other:
        subscribe(store, subscription(labels=("wire",)))
        other.execute("BEGIN IMMEDIATE")
        store.database.execute("PRAGMA busy_timeout = 0")
        subscribe(store, subscription(labels=("wire",)))
        for changed in (subscription(labels=("press",)), subscription("https://b.example/")):
            with pytest.raises(StoreError):
                subscribe(store, changed)
        with pytest.raises(StoreError):
            store.subscribe((), NOW)


def test_a_turn_that_nobody_can_have_does_not_wait_for_who_writes(path: Path) -> None:
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path)) as other:
        subscribe(store)
        ask = Ask(FEED, claim(store).token, "news.example", "news.example", GAP)
        assert store.take_turns([ask], NOW, 1) == (Granted(),)
        other.execute("BEGIN IMMEDIATE")
        store.database.execute("PRAGMA busy_timeout = 0")
        assert store.take_turns([ask], NOW, 1) == (Busy(),)


class Meddler:
    """Does something through another connection, right before ours begins to write, once."""

    def __init__(self) -> None:
        self.meddle: Callable[[], object] | None = None

    def __call__(self, statement: str) -> None:
        if self.meddle and statement.startswith("BEGIN IMMEDIATE"):
            meddle, self.meddle = self.meddle, None
            meddle()


def test_two_connections_never_claim_one_feed(path: Path) -> None:
    meddler = Meddler()
    with closing(SqliteStore(path)) as other, closing(SqliteStore(path, tracer=meddler)) as store:
        subscribe(store, *(subscription(f"https://news.example/{number}") for number in range(2)))
        meddler.meddle = lambda: other.claim(NOW, 1, lease=LEASE)
        (ours,) = store.claim(NOW, 1, lease=LEASE)
        assert ours.key == "https://news.example/1"
        meddler.meddle = lambda: other.claim(NOW + LEASE, 9, lease=LEASE)
        assert store.claim(NOW + LEASE, 9, lease=LEASE) == ()


def test_two_connections_never_take_one_turn(path: Path) -> None:
    meddler = Meddler()
    with closing(SqliteStore(path)) as other, closing(SqliteStore(path, tracer=meddler)) as store:
        urls = [f"https://news.example/{number}" for number in range(2)]
        subscribe(store, *map(subscription, urls))
        ours, theirs = (
            Ask(each.key, each.token, "news.example", "news.example", GAP)
            for each in store.claim(NOW, 2, lease=LEASE)
        )
        meddler.meddle = lambda: other.take_turns([theirs], NOW, 1)
        assert store.take_turns([ours], NOW, 1) == (Busy(),)


def test_the_version_is_another_one_once_another_store_committed(path: Path) -> None:
    with closing(SqliteStore(path)) as store, closing(SqliteStore(path)) as other:
        version = store.version()
        assert store.version() == version
        subscribe(other)
        assert store.version() != version
