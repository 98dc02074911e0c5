"""Tests of when a feed's new address replaces the old one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.feeds import Moving, Validators
from aggregator.moving import POLLS, STRANGE, TIME, Way, issued_by, led, lost
from tests.builders import NOW, feed_state

OLD = "http://me:secret@news.example/feed?a=1"
NEW = "http://news.example/new"
SURE = Moving(NEW, POLLS - 1, NOW - TIME)


def after(old: str, target: str, moving: Moving | None = None) -> str:
    return led(feed_state(old, moving=moving), target, NOW, to_this_feed=True).fetch_url


@pytest.mark.parametrize(
    ("old", "new", "at_once"),
    [
        ("http://news.example/feed", "https://news.example/feed", True),
        ("http://NEWS.example:80", "https://news.example:443/", True),
        (OLD, "https://news.example/feed?a=1", True),
        (OLD, "https://news.example/feed?a=2", False),
        (OLD, "https://news.example/feed", False),
        ("http://news.example/feed", "https://www.news.example/feed", False),
        ("http://news.example/feed", "https://news.example/feed/", False),
        ("http://news.example:8080/feed", "https://news.example:8443/feed", False),
        ("https://news.example/feed", "https://news.example/feeds", False),
        ("http://[::1/feed", "https://[::1/feed", False),
    ],
)
def test_row_41_only_the_very_same_page_by_https_is_believed_at_once(
    old: str, new: str, *, at_once: bool
) -> None:
    assert after(old, new) == (new if at_once else old)


def test_row_41_a_name_and_a_password_stay_with_their_origin() -> None:
    assert after(OLD, NEW, SURE) == "http://me:secret@news.example/new"
    elsewhere = "http://other.example/feed"
    assert after(OLD, elsewhere, Moving(elsewhere, POLLS, NOW - TIME)) == elsewhere


def test_row_41_validators_become_the_feeds_own_with_the_address_that_issued_them() -> None:
    way = Way("http://me:secret@news.example/new", None)
    assert issued_by(Validators(b'"1"', None, NEW), OLD, way) == Validators(b'"1"')
    beyond = Validators(b'"1"', None, "http://cdn.example/")
    assert issued_by(beyond, OLD, way) == beyond
    assert issued_by(Validators(b'"1"'), OLD, way) == Validators()
    assert issued_by(Validators(b'"1"'), OLD, Way(OLD, None)) == Validators(b'"1"')


def test_row_41_an_address_that_is_lost_leads_nowhere_without_a_redirect_before() -> None:
    assert lost(feed_state(OLD)) == Way(OLD, None)


def test_row_41_what_led_to_another_feed_leads_there_until_it_leads_elsewhere() -> None:
    strange = Moving(NEW, STRANGE, NOW - 9 * TIME)
    state = feed_state(OLD, moving=strange)
    assert led(state, NEW, NOW, to_this_feed=True) == Way(OLD, strange)
    assert lost(state) == Way(OLD, None)
    other = "http://other.example/feed"
    assert led(state, other, NOW, to_this_feed=True) == Way(OLD, Moving(other, 1, NOW))


STEPS = st.lists(
    st.tuples(
        st.sampled_from([None, NEW, "http://other.example/feed"]),
        st.booleans(),
        st.floats(0, 4),
    ),
    max_size=20,
)


@settings(max_examples=60)
@given(STEPS)
def test_row_41_no_address_is_replaced_on_less_than_five_polls_over_a_week(
    steps: list[tuple[str | None, bool, float]],
) -> None:
    url, at = "http://news.example/feed", NOW
    moving: Moving | None = None
    run: list[tuple[str | None, bool, datetime]] = []
    for target, to_this_feed, days in steps:
        at += timedelta(days=days)
        way = led(feed_state(url, moving=moving), target, at, to_this_feed=to_this_feed)
        run.append((target, to_this_feed, at))
        moving = way.moving
        if way.fetch_url != url:
            since = at - TIME
            lasting = [each for each in run[-POLLS:] if each[:2] == (target, True)]
            assert len(lasting) == POLLS
            before = [each for each in run if each[2] > since]
            assert all(each[:2] == (target, True) for each in before)
            return
        assert moving is None or (moving.target == target and moving.polls in (-1, *range(1, 99)))
