"""What the hours of the day at which a feed publishes make of a wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cadence.rhythm import observe, seed
from aggregator.cadence.shape import counted, fitted, show_hours
from aggregator.model.feeds import Rhythm

MIDNIGHT = datetime(2024, 2, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def office(begin: int = 8, end: int = 18) -> tuple[float, ...]:
    """Return the shape of a feed that publishes from ``begin`` to ``end`` alone."""
    return tuple(10.0 if begin <= hour < end else 0.0 for hour in range(24))


def test_a_wait_in_the_night_ends_in_the_morning() -> None:
    assert fitted(office(), MIDNIGHT + 20 * HOUR, 6 * HOUR) > 11 * HOUR
    assert fitted(office(), MIDNIGHT + 9 * HOUR, 6 * HOUR) < 4 * HOUR


def test_a_whole_day_is_a_whole_day_whatever_its_shape() -> None:
    assert fitted(office(), MIDNIGHT + 20 * HOUR, DAY) == pytest.approx(DAY, abs=timedelta(0, 2))


@pytest.mark.parametrize("hours", [(), tuple([0.3] * 24), (7.9, *[0.0] * 23)])
def test_few_events_have_no_shape(hours: tuple[float, ...]) -> None:
    assert fitted(hours, MIDNIGHT, 6 * HOUR) == 6 * HOUR
    assert show_hours(hours) == ""


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (office(6, 18), ", mostly between 06:00 and 16:00 UTC"),
        ((*office(22, 24)[1:], 10.0), ", mostly between 21:00 and 00:00 UTC"),
        ((10.0, *office(23, 24)[1:]), ", mostly between 23:00 and 01:00 UTC"),
        ((1.0,) * 24, ""),
    ],
)
def test_the_hours_are_told_where_there_are_such(hours: tuple[float, ...], words: str) -> None:
    assert show_hours(hours) == words


def test_a_first_document_tells_the_hours_and_they_fade() -> None:
    dates = [MIDNIGHT - n * DAY + 9.5 * HOUR for n in range(1, 6)]
    first = seed(Rhythm(), dates, MIDNIGHT)
    assert first.hours[9] == pytest.approx(first.events)
    assert sum(first.hours) == first.hours[9]
    later = observe(first, (), MIDNIGHT + 21 * DAY)
    assert later.hours[9] == pytest.approx(first.hours[9] / 2)


def test_a_date_without_an_hour_tells_none() -> None:
    dates = [MIDNIGHT - n * DAY for n in range(1, 30)]
    assert sum(seed(Rhythm(), dates, MIDNIGHT).hours) == 0


def test_a_date_that_cannot_be_true_tells_no_hour() -> None:
    before = Rhythm(observed_at=MIDNIGHT, last_event_at=MIDNIGHT - DAY)
    at = MIDNIGHT + 5 * HOUR
    seen = observe(before, (MIDNIGHT - 3 * HOUR, at - HOUR, at + 9 * HOUR), at)
    assert seen.events == pytest.approx(3, rel=0.01)
    assert [hour for hour, count in enumerate(seen.hours) if count] == [4]


SHAPES = st.lists(st.floats(0, 90), min_size=24, max_size=24).map(tuple)
INSTANTS = st.timedeltas(timedelta(0), 3 * DAY).map(lambda later: MIDNIGHT + later)
WAITS = st.timedeltas(timedelta(0), 7 * DAY)


@given(SHAPES, INSTANTS, WAITS, WAITS)
def test_a_wait_is_halved_or_doubled_at_most_and_longer_if_it_was(
    hours: tuple[float, ...], at: datetime, one: timedelta, other: timedelta
) -> None:
    short, long = sorted((one, other))
    second = timedelta(seconds=1)
    assert long / 2 - second <= fitted(hours, at, long) <= 2 * long
    assert fitted(hours, at, short) <= fitted(hours, at, long)


@given(SHAPES, st.floats(0, 1))
def test_nothing_is_counted_below_zero(hours: tuple[float, ...], kept: float) -> None:
    assert min(counted(hours, kept, [(MIDNIGHT + HOUR, 1.0)])) >= 0
