"""How hosts are spared; the numbers are the rows of the poller's specification."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.politeness import Hosts

NOW = datetime(2024, 2, 5, 12, tzinfo=UTC)
GAP = timedelta(seconds=2)
NO_GAP = timedelta(0)
SECOND = timedelta(seconds=1)


def asked(host: str, *, taking: timedelta) -> Hosts:
    hosts = Hosts()
    hosts.start(host, NOW)
    hosts.finish(host, NOW, NOW + taking)
    return hosts


def test_a_host_never_asked_may_be_asked_now() -> None:
    assert Hosts().earliest("news.example", GAP, NOW) == NOW


def test_row_59_one_request_at_a_time() -> None:
    hosts = Hosts()
    hosts.start("news.example", NOW)
    assert hosts.earliest("news.example", GAP, NOW + 60 * SECOND) is None
    hosts.finish("news.example", NOW, NOW + 60 * SECOND)
    assert hosts.earliest("news.example", GAP, NOW + 60 * SECOND) is not None


@pytest.mark.parametrize(("took", "rest"), [(0.1, 2), (1, 2), (5, 10)])
def test_row_59_starts_are_a_gap_or_twice_the_latency_apart(took: float, rest: float) -> None:
    hosts = asked("news.example", taking=took * SECOND)
    ended_at = NOW + took * SECOND
    assert hosts.earliest("news.example", GAP, ended_at) == NOW + rest * SECOND
    assert hosts.earliest("news.example", GAP, NOW + 60 * SECOND) == NOW + 60 * SECOND


def test_row_59_only_the_last_latency_counts() -> None:
    hosts = asked("news.example", taking=30 * SECOND)
    hosts.start("news.example", NOW + 60 * SECOND)
    hosts.finish("news.example", NOW + 60 * SECOND, NOW + 61 * SECOND)
    assert hosts.earliest("news.example", GAP, NOW + 61 * SECOND) == NOW + 62 * SECOND


def test_row_60_one_host_does_not_hold_up_another() -> None:
    hosts = Hosts()
    hosts.start("slow.example", NOW)
    assert hosts.earliest("news.example", GAP, NOW) == NOW


def test_without_a_gap_nothing_is_owed() -> None:
    hosts = Hosts()
    for _ in range(3):
        assert hosts.earliest("127.0.0.1", NO_GAP, NOW) == NOW
        hosts.start("127.0.0.1", NOW)
    for _ in range(2):
        hosts.finish("127.0.0.1", NOW, NOW + SECOND)
        assert hosts.earliest("127.0.0.1", GAP, NOW + SECOND) is None
    hosts.finish("127.0.0.1", NOW, NOW + SECOND)
    assert hosts.earliest("127.0.0.1", GAP, NOW + SECOND) == NOW + GAP


def test_a_clock_set_back_does_not_lengthen_the_rest() -> None:
    hosts = asked("news.example", taking=SECOND)
    earlier = NOW - timedelta(hours=1)
    assert hosts.earliest("news.example", GAP, earlier) == earlier + GAP


def test_threads_may_tell_of_their_requests() -> None:
    hosts = Hosts()

    def ask(_: int) -> None:
        hosts.start("127.0.0.1", NOW)
        hosts.finish("127.0.0.1", NOW, NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(500)))
    assert hosts.earliest("127.0.0.1", GAP, NOW + GAP) == NOW + GAP


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 30), st.floats(0, 30)), max_size=30))
def test_whoever_waits_as_told_keeps_every_distance(visits: list[tuple[str, float, float]]) -> None:
    hosts = Hosts()
    now = NOW
    starts: dict[str, datetime] = {}
    for host, pause, latency in visits:
        now += pause * SECOND
        at = hosts.earliest(host, GAP, now)
        assert at is not None
        assert at >= now
        assert host not in starts or at - starts[host] >= GAP
        now = starts[host] = at
        hosts.start(host, now)
        now += latency * SECOND
        hosts.finish(host, starts[host], now)
