"""Tags day by day, their trends, and when one surges."""

from datetime import date, timedelta

import pytest

from aggregator.asking.figures import (
    SURGE_DAYS,
    TagFigures,
    daily,
    first_instant,
    tag_figures,
)
from aggregator.store.base import TagDay
from tests.builders import NOW

TODAY = NOW.date()


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def figures(before: int, last: int) -> TagFigures:
    """Return a tag with so many entries in the four weeks before and in the last seven days."""
    return TagFigures("mali", "Mali", before + last, (*(0,) * 20, before, *(0,) * 13, last))


def test_every_day_has_its_place_and_other_tags_do_not_count() -> None:
    days = (TagDay("mali", days_ago(2), 5), TagDay("chad", TODAY, 9), TagDay("mali", TODAY, 1))
    assert daily("mali", days, TODAY, 4) == (0, 5, 0, 1)
    assert daily("sahel", days, TODAY, 2) == (0, 0)


def test_what_bears_a_date_to_come_counts_as_of_today() -> None:
    days = (TagDay("mali", TODAY, 1), TagDay("mali", days_ago(-3), 2))
    assert daily("mali", days, TODAY, 2) == (0, 3)


def test_a_week_is_held_against_the_one_before() -> None:
    days = [TagDay("mali", days_ago(ago), 1) for ago in (0, 6, 7, 13, 13 + 1)]
    (found,) = tag_figures({"mali": 5}, [*days, TagDay("mali", days_ago(8), 4)], {}, TODAY)
    assert (found.last, found.previous, found.trend) == (2, 6, -4)
    assert len(found.days) == SURGE_DAYS


def test_the_first_day_begins_at_midnight_utc() -> None:
    assert first_instant(TODAY, 1).isoformat() == "2026-03-02T00:00:00+00:00"
    assert first_instant(TODAY, 14).date() == days_ago(13)


@pytest.mark.parametrize(
    ("before", "last", "surges"),
    [
        (0, 50, False),  # new: there is nothing that it stands out from
        (1, 2, False),  # too few to speak of
        (1, 3, True),
        (4, 3, False),
        (4, 4, True),  # one a week, and chance seldom makes four of it
        (36, 17, False),  # nine a week: twice that is eighteen
        (36, 18, True),
        (400, 199, False),
        (400, 200, True),
    ],
)
def test_a_surge_is_twice_a_usual_week_and_no_chance(before: int, last: int, surges: bool) -> None:
    assert figures(before, last).is_surging == surges
