"""What is learned of how often a feed publishes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cadence.rhythm import observe, rate, seed, show_rate, silence
from aggregator.model.feeds import Rhythm

NOW = datetime(2024, 2, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def every(step: timedelta, count: int) -> tuple[datetime, ...]:
    return tuple(NOW - step * i for i in range(count))


def test_a_first_document_tells_the_rate_by_its_dates() -> None:
    busy = seed(Rhythm(), every(HOUR * 2, 100), NOW)
    quiet = seed(Rhythm(), every(DAY * 7, 20), NOW)
    assert rate(busy, NOW) == pytest.approx(12, rel=0.25)
    assert rate(quiet, NOW) == pytest.approx(1 / 7, rel=0.25)


def test_entries_within_a_quarter_of_an_hour_are_one_event() -> None:
    at_once = seed(Rhythm(), every(MINUTE * 15, 50), NOW)
    apart = seed(Rhythm(), every(MINUTE * 16, 50), NOW)
    assert at_once.events == pytest.approx(1, rel=0.1)
    assert apart.events == pytest.approx(50, rel=0.1)


def test_dates_in_the_future_count_as_now() -> None:
    rhythm = seed(Rhythm(), (NOW + DAY * 400, NOW - DAY), NOW)
    assert rhythm.last_event_at == NOW
    assert rhythm.days == pytest.approx(1, rel=0.05)


def test_an_empty_first_document_tells_nothing() -> None:
    rhythm = seed(Rhythm(), (), NOW)
    assert (rhythm.events, rhythm.days, rhythm.last_event_at) == (0, 0, None)
    assert rhythm.observed_at == NOW


def test_what_was_seen_halves_in_three_weeks() -> None:
    before = Rhythm(events=8, days=4, observed_at=NOW - 21 * DAY, last_event_at=NOW - 21 * DAY)
    after = observe(before, (NOW - HOUR,), NOW)
    assert after.events == pytest.approx(5)
    assert after.days == pytest.approx(23)
    assert after.last_event_at == NOW - HOUR


def test_an_archive_published_at_once_is_one_event() -> None:
    before = Rhythm(events=1, days=9, observed_at=NOW - HOUR, last_event_at=NOW - DAY)
    after = observe(before, tuple(NOW - DAY * i for i in range(400)), NOW)
    assert after.events == pytest.approx(3, rel=0.01)  # the archive, and the entry of this moment


def test_what_continues_a_burst_is_no_new_event() -> None:
    before = Rhythm(events=1, observed_at=NOW - 2 * MINUTE, last_event_at=NOW - 10 * MINUTE)
    assert observe(before, (NOW,), NOW).events == pytest.approx(1, rel=0.01)


def test_a_clock_set_back_unlearns_nothing() -> None:
    before = Rhythm(events=1, days=9, observed_at=NOW + DAY, last_event_at=NOW + DAY)
    after = observe(before, (), NOW)
    assert (after.events, after.days) == (1, 9)
    assert silence(after, NOW) == timedelta(0)


def test_a_long_silence_counts_for_itself() -> None:
    rhythm = Rhythm(events=0, days=30, observed_at=NOW, last_event_at=NOW - 400 * DAY)
    assert rate(rhythm, NOW) == pytest.approx(1 / 400)


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (Rhythm(events=0.5, days=1), "how often it publishes is not known yet"),
        (Rhythm(events=299.5, days=28), "publishes about 10 times a day"),
        (Rhythm(events=59.5, days=28), "publishes about twice a day"),
        (Rhythm(events=29.5, days=28), "publishes about once a day"),
        (Rhythm(events=12.5, days=28), "publishes about 3 times a week"),
        (Rhythm(events=1.5, days=28), "publishes about twice a month"),
        (Rhythm(events=0, days=28), "publishes less than once a month"),
        (Rhythm(events=9, days=9, last_event_at=NOW - 120 * DAY), "silent for 120 d"),
    ],
)
def test_the_rate_is_told_in_words(rhythm: Rhythm, words: str) -> None:
    assert show_rate(rhythm, NOW) == words


ARRIVALS = st.lists(st.timedeltas(-1000 * DAY, 10 * DAY).map(lambda d: NOW + d), max_size=20)


@given(ARRIVALS, ARRIVALS, st.timedeltas(timedelta(0), 1000 * DAY))
def test_whatever_is_seen_the_rate_stays_positive_and_bounded(
    first: list[datetime], then: list[datetime], later: timedelta
) -> None:
    rhythm = observe(seed(Rhythm(), first, NOW), then, NOW + later)
    assert 0 <= rhythm.events <= len(first) + len(then)
    assert 0 < rate(rhythm, NOW + later) <= (len(first) + len(then) + 1) / 2
    assert rhythm.last_event_at is None or rhythm.last_event_at <= NOW + later
