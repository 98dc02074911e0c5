"""Least times to wait, each by itself: what another one hides when all are taken together."""

from datetime import timedelta

import pytest

from aggregator.cadence.bounds import lowered
from aggregator.cadence.pace import Pace
from aggregator.model.feeds import Rhythm

MINUTE = timedelta(minutes=1)
HONOURED = Rhythm(validated=True)


@pytest.mark.parametrize(
    ("configured", "lifetime", "floor"),
    [
        (60, 5, 15),
        # Freshness binds besides; but a penalty multiplies the floor, not freshness.
        (60, 20, 20),
        (60, 59, 59),
        (60, 60, 60),
        (60, 0, 60),
        (10, 5, 10),
        (90, 20, 90),
    ],
)
def test_row_55_the_floor_is_lowered_to_what_the_server_says_and_never_below_15_minutes(
    configured: int, lifetime: int, floor: int
) -> None:
    pace = Pace(floor=configured * MINUTE)
    assert lowered(pace, HONOURED, lifetime * MINUTE) == floor * MINUTE


@pytest.mark.parametrize("rhythm", [Rhythm(), Rhythm(validated=True, unchanged_bytes=1)])
def test_row_55_it_is_not_lowered_where_an_unchanged_answer_costs_something(
    rhythm: Rhythm,
) -> None:
    assert lowered(Pace(), rhythm, 20 * MINUTE) == 60 * MINUTE


def test_row_55_it_is_not_lowered_where_the_server_says_nothing() -> None:
    assert lowered(Pace(), HONOURED, None) == 60 * MINUTE
