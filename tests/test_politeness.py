"""Whose turn it is; the numbers are the rows of the poller's specification."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model.feeds import Pause
from aggregator.politeness import (
    Ask,
    Away,
    Bucket,
    Busy,
    Granted,
    KnownHost,
    Picture,
    Rests,
    Underway,
    Verdict,
    judge,
    pause_after,
    starts_a_second,
)
from tests.builders import NOW

SECOND = timedelta(seconds=1)
GAP = 2 * SECOND


def ask(host: str, domain: str | None = None, gap: timedelta = GAP) -> Ask:
    return Ask(f"https://{host}/feed", "token", host, domain, gap)


ONE = ask("one.example", "one.example")
ALICE = ask("alice.blogs.example", "blogs.example")
BOB = ask("bob.blogs.example", "blogs.example")
CAROL = ask("carol.blogs.example", "blogs.example")
HOME = ask("nas")


def said(picture: Picture, *asks: Ask, most: int = 99) -> tuple[Verdict, ...]:
    return judge(asks, picture, NOW, most)


def known(host: str, ago: float, latency: float = 0, address: str | None = None) -> Picture:
    return Picture({host: KnownHost(NOW - ago * SECOND, latency * SECOND, address)})


def test_a_host_that_was_never_asked_is_asked_at_once_and_its_second_feed_is_not() -> None:
    assert said(Picture(), ONE, replace(ONE, key="more")) == (Granted(), Busy())


@pytest.mark.parametrize(("latency", "rest"), [(0.1, 2), (1, 2), (5, 10)])
def test_starts_are_a_gap_or_twice_the_latency_apart(latency: float, rest: float) -> None:
    assert said(known("one.example", rest - 0.5, latency), ONE) == (Rests(NOW + SECOND / 2),)
    assert said(known("one.example", rest, latency), ONE) == (Granted(),)


def test_a_visit_under_way_keeps_its_host_however_long_it_takes() -> None:
    picture = replace(known("one.example", 3600), under_way=(Underway("one.example"),))
    assert said(picture, ONE) == (Busy(),)


def test_a_domain_has_two_visits_at_a_time() -> None:
    assert said(Picture(), ALICE, BOB, CAROL, ONE) == (Granted(), Granted(), Busy(), Granted())


def test_hosts_at_one_address_share_a_turn_and_its_rest() -> None:
    here = "93.184.216.34"
    picture = Picture(
        {
            "one.example": KnownHost(NOW - 60 * SECOND, address=here),
            "alice.blogs.example": KnownHost(NOW - SECOND, 3 * SECOND, here),
            "bob.blogs.example": KnownHost(NOW - 60 * SECOND, address="93.184.216.35"),
        }
    )
    assert said(picture, ONE, BOB) == (Rests(NOW + 5 * SECOND), Granted())
    under_way = (Underway("alice.blogs.example", "blogs.example", here),)
    assert said(replace(picture, under_way=under_way), ONE, BOB) == (Busy(), Granted())


def test_a_host_that_stands_for_itself_shares_no_address() -> None:
    picture = Picture(
        {
            "nas": KnownHost(NOW - 60 * SECOND, address="10.0.0.7"),
            "one.example": KnownHost(NOW, address="10.0.0.7"),
        },
        (Underway("one.example", "one.example", "10.0.0.7"),),
    )
    assert said(picture, HOME) == (Granted(),)


def test_nobody_of_a_site_that_is_left_alone_has_a_turn() -> None:
    pause = Pause("blogs.example", NOW + SECOND, "too many requests")
    picture = Picture(pauses={"blogs.example": pause})
    assert said(picture, ALICE, ONE) == (Away(pause), Granted())
    assert judge([ALICE], picture, NOW + SECOND, 1) == (Granted(),)


def test_without_a_gap_no_turn_is_owed() -> None:
    free = replace(ONE, gap=timedelta(0))
    assert said(Picture(under_way=(Underway("one.example"),)), free, free) == (Granted(),) * 2


def test_no_more_are_granted_than_there_is_room_for() -> None:
    assert said(Picture(), ONE, ALICE, HOME, most=2) == (Granted(), Granted(), Rests(NOW))


@pytest.mark.parametrize("ahead", [1, 1800, 86400])
def test_a_clock_set_back_lengthens_no_rest(ahead: float) -> None:
    (verdict,) = said(known("one.example", -ahead, latency=5), ONE)
    until = verdict.until if isinstance(verdict, Rests) else NOW
    assert until <= NOW + 2 * 10 * SECOND


ASKS = st.lists(
    st.tuples(st.sampled_from([ONE, ALICE, BOB, CAROL]), st.floats(0, 5), st.floats(0, 9)),
    max_size=30,
)


@given(ASKS)
def test_whoever_takes_turns_keeps_every_distance(
    visits: list[tuple[Ask, float, float]],
) -> None:
    now, picture = NOW, Picture()
    last: dict[str, tuple[datetime, timedelta]] = {}
    for one, pause, latency in visits:
        now += pause * SECOND
        (verdict,) = judge([one], picture, now, 1)
        if isinstance(verdict, Rests):
            now = verdict.until
            assert judge([one], picture, now, 1) == (Granted(),)
        before, took = last.get(one.host, (NOW - 60 * SECOND, timedelta(0)))
        assert now - before >= max(GAP, 2 * took)
        last[one.host] = now, latency * SECOND
        host = KnownHost(now, latency * SECOND)
        picture = replace(picture, hosts={**picture.hosts, one.host: host})
        now += latency * SECOND


# --- sites that are left alone -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked_for", "given"),
    [(None, 60), (0, 60), (90, 90), (10**9, 31 * 24 * 60)],
)
def test_a_429_speaks_for_the_whole_site(asked_for: int | None, given: int) -> None:
    minutes = None if asked_for is None else timedelta(minutes=min(asked_for, 10**6))
    pause = pause_after("https://alice.tumblr.com/rss", NOW, minutes)
    assert pause is not None
    assert (pause.domain, pause.until) == ("tumblr.com", NOW + timedelta(minutes=given))
    assert "tumblr.com" in pause.reason


@pytest.mark.parametrize("url", ["http://nas/feed", "http://192.0.2.7/feed", "file:///feed"])
def test_a_host_that_stands_for_itself_speaks_for_itself(url: str) -> None:
    assert pause_after(url, NOW, None) is None


# --- the bucket ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("steady", "rate"), [(0, 5), (2.5, 5), (4, 8)])
def test_a_backlog_is_worked_off_at_twice_the_usual_rate_or_five_a_second(
    steady: float, rate: float
) -> None:
    assert starts_a_second(steady) == rate


def test_a_bucket_holds_a_second_and_says_when_there_is_more() -> None:
    full = Bucket.full(5, NOW)
    assert full.starts == 5
    empty = full.without(5)
    assert (empty.starts, empty.next_at) == (0, NOW + SECOND / 5)
    assert empty.refilled(NOW + SECOND / 5).starts == 1
    assert empty.refilled(NOW + 3600 * SECOND).starts == 5


def test_a_clock_set_back_fills_no_bucket_and_stops_none() -> None:
    empty = Bucket.full(5, NOW).without(5).refilled(NOW - 3600 * SECOND)
    assert empty.starts == 0
    assert empty.refilled(empty.next_at).starts == 1


@given(st.floats(5, 200), st.lists(st.floats(0, 3), max_size=40))
def test_no_more_start_than_the_rate_and_a_second_allow(rate: float, waits: list[float]) -> None:
    bucket, now, started = Bucket.full(rate, NOW), NOW, 0
    for wait in waits:
        now += wait * SECOND
        bucket = bucket.refilled(now)
        started += bucket.starts
        bucket = bucket.without(bucket.starts)
        # It never stalls: what it names as the next time is one.
        assert bucket.refilled(bucket.next_at + timedelta(microseconds=1)).starts >= 1
    assert started <= rate * ((now - NOW) / SECOND + 1) + 1
