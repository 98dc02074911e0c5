"""The first look: when the store is asked for turns, and when nobody needs to be."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.errors import StoreFullError
from aggregator.fetch.politeness import Hosts
from aggregator.model.feeds import FeedState, Pause
from aggregator.politeness import Ask, Away, Busy, Granted, Rests, Verdict
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.turns import Turns
from tests.builders import NOW, feed_state
from tests.empty import empty_database

SECOND = timedelta(seconds=1)
HOSTS = Hosts(2 * SECOND, timedelta(0))
PACED = Hosts(2 * SECOND, timedelta(0), paced=True)
ONE, TWO = feed_state("https://one.example/"), feed_state("https://two.example/")


class Scripted(SqliteStore):
    """A store that says of each ask what the test has it say; None: that its disk is full."""

    def __init__(self, path: Path) -> None:
        super().__init__(empty_database(path))
        self.says: Verdict | None = Granted()
        self.rate, self.own_rate = 0.0, 0.0
        self.asked: list[list[str]] = []
        self.most: list[int] = []

    def take_turns(self, asks: Sequence[Ask], now: datetime, most: int) -> tuple[Verdict, ...]:
        self.asked.append([ask.key for ask in asks])
        self.most.append(most)
        if self.says is None:
            raise StoreFullError("The disk is full.")
        return (self.says,) * len(asks)

    def planned_rate(self, *, own: bool) -> float:
        return self.rate + (self.own_rate if own else 0.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Scripted]:
    with closing(Scripted(tmp_path / "aggregator.db")) as store:
        yield store


def start(
    turns: Turns, *waiting: FeedState, hosts: Hosts = HOSTS, at: float = 0, away: int = 0
) -> frozenset[str]:
    return turns.start(hosts, waiting, 9, away, NOW + at * SECOND).going


def next_look(turns: Turns, *waiting: FeedState, hosts: Hosts = HOSTS, at: float = 0) -> object:
    return turns.next_look(hosts, waiting, NOW + at * SECOND)


def test_whose_turn_it_is_goes(store: Scripted) -> None:
    assert start(Turns(store), ONE, TWO) == {ONE.key, TWO.key}


def test_a_host_that_rests_is_asked_about_again_when_it_has(store: Scripted) -> None:
    turns, store.says = Turns(store), Rests(NOW + 2 * SECOND)
    assert not start(turns, ONE)
    assert next_look(turns, ONE) == 2
    assert not start(turns, ONE, at=1)
    assert not start(turns, ONE, at=2)
    assert len(store.asked) == 2
    assert next_look(turns, ONE, at=2) is None


def test_a_host_that_we_visit_is_asked_about_again_when_the_visit_ends(store: Scripted) -> None:
    turns, store.says = Turns(store), Busy()
    assert not start(turns, ONE, away=1)
    assert next_look(turns, ONE) is None
    assert not start(turns, ONE, away=1, at=60)
    assert len(store.asked) == 1
    turns.ended()
    start(turns, ONE, at=60)
    assert len(store.asked) == 2


def test_a_host_that_another_process_visits_is_asked_about_every_second(store: Scripted) -> None:
    turns, store.says = Turns(store), Busy()
    assert not start(turns, ONE)
    assert next_look(turns, ONE) == 1


def test_a_clock_that_was_set_back_holds_nobody_up(store: Scripted) -> None:
    turns, store.says = Turns(store), Rests(NOW + 2 * SECOND)
    start(turns, ONE)
    start(turns, ONE, at=-3600)
    assert len(store.asked) == 2


def test_a_site_that_is_left_alone_is_named_once(store: Scripted) -> None:
    pause = Pause("one.example", NOW + 60 * SECOND, "too many requests")
    turns, store.says = Turns(store), Away(pause)
    assert turns.start(HOSTS, [ONE], 9, 0, NOW).left == ((ONE.key, pause),)
    assert turns.start(HOSTS, [ONE], 9, 0, NOW + SECOND).left == ()


def test_a_full_disk_is_asked_again_in_a_second_and_not_in_between(store: Scripted) -> None:
    turns, store.says = Turns(store), None
    with pytest.raises(StoreFullError):
        start(turns, ONE)
    assert next_look(turns, ONE) == 1
    assert not start(turns, ONE)
    with pytest.raises(StoreFullError):
        start(turns, ONE, at=1)


def test_files_ask_nobody(store: Scripted) -> None:
    file = feed_state("file:///one.xml")
    assert start(Turns(store), file, hosts=PACED) == {file.key}
    assert not store.asked


def test_an_empty_bucket_asks_nobody_and_says_when_there_is_more(store: Scripted) -> None:
    turns = Turns(store)
    states = [feed_state(f"https://{number}.example/") for number in range(5)]
    assert len(start(turns, *states, hosts=PACED)) == 5
    assert not start(turns, ONE, hosts=PACED)
    assert len(store.asked) == 1
    assert next_look(turns, ONE, hosts=PACED) == 0.2
    assert start(turns, ONE, hosts=PACED, at=0.2) == {ONE.key}


@pytest.mark.parametrize(("own_gap", "starts"), [(0, 5), (2, 40)])
def test_feeds_of_our_own_widen_the_bucket_where_they_draw_from_it(
    store: Scripted, own_gap: int, starts: int
) -> None:
    store.own_rate = 20
    hosts = Hosts(2 * SECOND, own_gap * SECOND, paced=True)
    Turns(store).start(hosts, [ONE], 50, 0, NOW)
    assert store.most == [starts]


def test_the_usual_rate_is_looked_up_every_ten_minutes(store: Scripted) -> None:
    turns = Turns(store)
    states = [feed_state(f"https://{number}.example/") for number in range(40)]
    start(turns, *states[:5], hosts=PACED)
    store.rate = 10
    start(turns, *states[:5], hosts=PACED, at=599)
    assert next_look(turns, ONE, hosts=PACED, at=599) == 0.2
    start(turns, *states[:5], hosts=PACED, at=601)
    start(turns, *states[:20], hosts=PACED, at=602)
    assert next_look(turns, ONE, hosts=PACED, at=602) == 0.05
