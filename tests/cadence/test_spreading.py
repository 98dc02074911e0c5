"""Where in time a poll falls exactly."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.cadence.spreading import fraction, outside_skips, spread
from aggregator.model.feeds import Rhythm

MONDAY = datetime(2024, 2, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEY = "https://news.example/feed"

INSTANTS = st.timedeltas(timedelta(0), 60 * DAY).map(lambda later: MONDAY + later)
SKIPS = st.builds(
    Rhythm,
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)


def test_a_feed_has_its_own_constant_fraction_for_each_use() -> None:
    assert fraction(KEY, "jitter") == fraction(KEY, "jitter")
    assert fraction(KEY, "jitter") != fraction(KEY, "hour")


def test_fractions_are_even() -> None:
    tenths = Counter(int(fraction(f"{KEY}/{n}", "first") * 10) for n in range(2000))
    assert set(tenths) == set(range(10))
    assert max(tenths.values()) < 270


@given(st.text(), INSTANTS, st.timedeltas(timedelta(0), 40 * DAY))
def test_jitter_only_adds_a_tenth_and_three_hours_at_most(
    key: str, done_at: datetime, wait: timedelta
) -> None:
    at = spread(key, done_at, wait)
    second = timedelta(seconds=1)
    assert done_at + wait <= at <= done_at + wait + min(wait / 10, 3 * HOUR) + second
    assert at.microsecond == 0


def test_row_25_a_poll_moves_out_of_skipped_hours() -> None:
    rhythm = Rhythm(skip_hours=frozenset({22, 23, 0, 1}))
    at = outside_skips(KEY, rhythm, MONDAY + 22.5 * HOUR)
    assert MONDAY + 26 * HOUR <= at < MONDAY + 27 * HOUR


def test_row_25_a_poll_moves_out_of_skipped_days() -> None:
    rhythm = Rhythm(skip_days=frozenset({5, 6}))
    at = outside_skips(KEY, rhythm, MONDAY + 5 * DAY + HOUR)
    assert MONDAY + 7 * DAY <= at < MONDAY + 7 * DAY + HOUR


def test_row_25_a_publisher_that_skips_everything_is_not_believed() -> None:
    for rhythm in (Rhythm(skip_hours=frozenset(range(24))), Rhythm(skip_days=frozenset(range(7)))):
        assert outside_skips(KEY, rhythm, MONDAY) == MONDAY


def test_nobody_comes_at_the_beginning_of_the_first_hour_allowed() -> None:
    rhythm = Rhythm(skip_hours=frozenset(range(1, 24)))
    polls = {outside_skips(f"{KEY}/{n}", rhythm, MONDAY + HOUR) for n in range(50)}
    assert len(polls) > 45


@given(SKIPS, INSTANTS)
def test_no_poll_falls_into_a_skipped_hour_or_day(rhythm: Rhythm, wanted_at: datetime) -> None:
    at = outside_skips(KEY, rhythm, wanted_at)
    assert wanted_at <= at <= wanted_at + 8 * DAY
    assert at.hour not in rhythm.skip_hours or len(rhythm.skip_hours) == 24
    assert at.weekday() not in rhythm.skip_days or len(rhythm.skip_days) == 7


@given(SKIPS, INSTANTS, INSTANTS)
def test_later_wishes_never_come_sooner(rhythm: Rhythm, one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert outside_skips(KEY, rhythm, early) <= outside_skips(KEY, rhythm, late)
