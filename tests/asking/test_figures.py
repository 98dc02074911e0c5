"""Tags day by day, their trends, and when one surges."""

from datetime import date, timedelta

import pytest

from aggregator.asking.figures import (
    SURGE_DAYS,
    TagFigures,
    daily,
    first_instant,
    surges,
    tag_figures,
)
from aggregator.store.base import TagDay
from tests.builders import NOW

TODAY = NOW.date()


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def figures(*weeks: int) -> TagFigures:
    """Return a tag with so many entries in each of the last five weeks."""
    days = [day for week in weeks for day in (0, 0, week, 0, 0, 0, 0)]
    return TagFigures("mali", "Mali", sum(days), tuple(days))


def test_every_day_has_its_place_and_other_tags_do_not_count() -> None:
    days = (TagDay("mali", days_ago(2), 5), TagDay("chad", TODAY, 9), TagDay("mali", TODAY, 1))
    mali, chad = tag_figures({"mali": 6, "chad": 9}, days, {}, TODAY)
    assert (mali.days[-4:], chad.days[-4:]) == ((0, 5, 0, 1), (0, 0, 0, 9))


def test_what_bears_a_date_to_come_counts_as_of_today() -> None:
    days = (TagDay("mali", TODAY, 1), TagDay("mali", days_ago(-3), 2))
    assert daily(days, TODAY, 2) == (0, 3)


def test_a_week_is_held_against_the_one_before() -> None:
    days = [TagDay("mali", days_ago(ago), 1) for ago in (0, 6, 7, 13, 13 + 1)]
    (found,) = tag_figures({"mali": 5}, [*days, TagDay("mali", days_ago(8), 4)], {}, TODAY)
    assert (found.last, found.previous, found.trend) == (2, 6, -4)
    assert len(found.days) == SURGE_DAYS


def test_the_first_day_begins_at_midnight_utc() -> None:
    assert first_instant(TODAY, 1).isoformat() == "2026-03-02T00:00:00+00:00"
    assert first_instant(TODAY, 14).date() == days_ago(13)


@pytest.mark.parametrize(
    ("weeks", "surges"),
    [
        ((0, 0, 0, 0, 50), False),  # new: there is nothing that it stands out from
        ((0, 0, 0, 40, 45), False),  # new, and as it was last week
        ((0, 0, 0, 3, 40), False),  # new, and a whole week for the first time
        ((0, 1, 0, 1, 3), False),  # chance may make three of one
        ((0, 1, 0, 1, 4), True),
        ((9, 9, 9, 9, 17), False),
        ((9, 9, 9, 9, 18), True),
        ((2, 20, 2, 2, 33), False),  # there was such a week just before
        ((100, 100, 100, 100, 199), False),
        ((100, 100, 100, 100, 200), True),
    ],
)
def test_a_surge_is_twice_a_usual_week_and_no_chance(weeks: tuple[int, ...], surges: bool) -> None:
    assert figures(*weeks).is_surging == surges


def test_a_surge_begins_and_ends_on_its_days() -> None:
    usual = (1, 0, 0, 0, 0, 0, 0) * 4
    days = (*usual, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0)
    assert surges(days)[-4:] == (True, True, True, False)
    assert not any(surges(days)[:-4])  # too little is known of what was before
