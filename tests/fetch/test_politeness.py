"""How hosts are spared; the numbers are the rows of the poller's specification."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.politeness import Hosts
from aggregator.model import FeedState, Rhythm

NOW = datetime(2024, 2, 5, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GAP = 2 * SECOND
NO_GAP = timedelta(0)


def feed(url: str, *, admitted: bool = False) -> FeedState:
    return FeedState(
        key=url,
        fetch_url=url,
        name=url,
        labels=(),
        token="t",
        rhythm=Rhythm(),
        due_at=NOW,
        admitted=admitted,
    )


ONE = feed("https://news.example/one")
TWO = feed("http://NEWS.example:8080/two")
OTHER = feed("https://other.example/feed")
HOME = feed("http://127.0.0.1:8000/feed", admitted=True)
HOME_TOO = feed("http://127.0.0.1:8000/more", admitted=True)
FILE = feed("file:///srv/feeds/one.xml")


def polite() -> Hosts:
    return Hosts(gap=GAP, admitted_gap=NO_GAP)


def asked(state: FeedState, *, taking: timedelta) -> Hosts:
    hosts = polite()
    assert hosts.start(state, NOW)
    hosts.finish(state, NOW + taking)
    return hosts


def test_row_59_one_request_at_a_time() -> None:
    hosts = polite()
    assert hosts.start(ONE, NOW)
    assert not hosts.start(TWO, NOW + 60 * SECOND)
    assert hosts.next_turn([TWO], NOW + 60 * SECOND) is None
    hosts.finish(ONE, NOW + 60 * SECOND)
    assert hosts.next_turn([TWO], NOW + 60 * SECOND) == 60


@pytest.mark.parametrize(("took", "rest"), [(0.1, 2), (1, 2), (5, 10)])
def test_row_59_starts_are_a_gap_or_twice_the_latency_apart(took: float, rest: float) -> None:
    hosts = asked(ONE, taking=took * SECOND)
    ended_at = NOW + took * SECOND
    assert hosts.next_turn([TWO], ended_at) == pytest.approx(rest - took)
    assert not hosts.start(TWO, NOW + rest * SECOND - SECOND / 1000)
    assert hosts.start(TWO, NOW + rest * SECOND)


def test_row_59_only_the_last_latency_counts() -> None:
    hosts = asked(ONE, taking=30 * SECOND)
    assert hosts.start(ONE, NOW + 60 * SECOND)
    hosts.finish(ONE, NOW + 60.5 * SECOND)
    assert hosts.next_turn([ONE], NOW + 61 * SECOND) == 1


def test_row_60_one_host_does_not_hold_up_another() -> None:
    hosts = polite()
    assert hosts.start(ONE, NOW)
    assert hosts.start(OTHER, NOW)
    hosts.finish(OTHER, NOW)
    assert hosts.next_turn([TWO, OTHER], NOW) == 2


def test_without_a_gap_nothing_is_owed() -> None:
    hosts = polite()
    assert hosts.start(HOME, NOW)
    assert hosts.start(HOME_TOO, NOW)
    public = feed("http://127.0.0.1/public")
    for state in (HOME, HOME_TOO):
        assert not hosts.start(public, NOW + SECOND)
        hosts.finish(state, NOW + SECOND)
    assert hosts.next_turn([HOME, public], NOW + SECOND) == 1


def test_our_own_networks_may_be_given_a_gap_as_well() -> None:
    hosts = Hosts(gap=GAP, admitted_gap=5 * SECOND)
    assert hosts.start(HOME, NOW)
    assert not hosts.start(HOME_TOO, NOW)
    hosts.finish(HOME, NOW)
    assert hosts.next_turn([HOME_TOO], NOW) == 5


def test_a_file_waits_for_nobody() -> None:
    hosts = polite()
    assert hosts.start(FILE, NOW)
    assert hosts.start(FILE, NOW)
    hosts.finish(FILE, NOW)
    assert hosts.next_turn([FILE], NOW) is None


def test_there_is_nothing_to_wait_for_where_every_host_is_free() -> None:
    assert polite().next_turn([], NOW) is None
    assert polite().next_turn([ONE], NOW) is None


def test_a_clock_set_back_does_not_lengthen_the_rest() -> None:
    hosts = asked(ONE, taking=SECOND)
    assert hosts.next_turn([TWO], NOW - timedelta(hours=1)) == 2


POLLS = st.lists(
    st.tuples(st.sampled_from([ONE, TWO, OTHER]), st.floats(0, 5), st.floats(0, 9)), max_size=30
)


@given(POLLS)
def test_whoever_takes_turns_keeps_every_distance(
    polls: list[tuple[FeedState, float, float]],
) -> None:
    hosts = polite()
    now = NOW
    last: dict[bool, tuple[datetime, timedelta]] = {}
    for state, pause, latency in polls:
        now += pause * SECOND
        now += (hosts.next_turn([state], now) or 0) * SECOND + timedelta(microseconds=1)
        assert hosts.start(state, now)
        before, took = last.get(state is OTHER, (NOW - 60 * SECOND, NO_GAP))
        assert now - before >= max(GAP, 2 * took)
        last[state is OTHER] = (now, latency * SECOND)
        now += latency * SECOND
        hosts.finish(state, now)


def test_an_address_that_the_config_admits_owes_nothing_from_the_first_poll_on() -> None:
    hosts = Hosts(GAP, NO_GAP, own_networks=(ip_network("127.0.0.0/8"),))
    first = feed("http://127.0.0.1:8000/feed")
    assert hosts.start(first, NOW)
    assert hosts.start(replace(first, key="another"), NOW)


def test_a_public_address_is_spared_whatever_the_config_admits() -> None:
    hosts = Hosts(GAP, NO_GAP, own_networks=(ip_network("0.0.0.0/0"),))
    first = feed("http://93.184.216.34/feed")
    assert hosts.start(first, NOW)
    assert not hosts.start(replace(first, key="another"), NOW)
