"""Days of other calendars: known new years, and that every day is followed by the next."""

from datetime import date, timedelta

import pytest

from aggregator.dating.calendars import from_hijri, from_jalali

NEW_YEARS = [
    (1300, date(1921, 3, 21)),
    (1350, date(1971, 3, 21)),
    (1375, date(1996, 3, 20)),
    (1399, date(2020, 3, 20)),
    (1402, date(2023, 3, 21)),
    (1403, date(2024, 3, 20)),
    (1408, date(2029, 3, 20)),
]


@pytest.mark.parametrize(("year", "day"), NEW_YEARS)
def test_a_jalali_year_begins_at_the_equinox(year: int, day: date) -> None:
    assert from_jalali(year, 1, 1) == day


def test_jalali_days_follow_each_other_for_forty_years() -> None:
    days = [
        found
        for year in range(1380, 1420)
        for month in range(1, 13)
        for day in range(1, 32)
        if (found := from_jalali(year, month, day))
    ]
    first = days[0]
    assert days == [first + timedelta(days=number) for number in range(len(days))]
    assert days[-1] + timedelta(days=1) == from_jalali(1420, 1, 1)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        *((1403, 0, 1), (1403, 13, 1), (1403, 1, 0), (1403, 1, 32), (1403, 7, 31)),
        *((1402, 12, 30), (1000, 1, 1), (1700, 1, 1)),
    ],
)
def test_what_the_jalali_calendar_has_not_is_no_day(year: int, month: int, day: int) -> None:
    assert from_jalali(year, month, day) is None


def test_a_hijri_day_is_that_of_umm_al_qura() -> None:
    assert from_hijri(1445, 9, 1) == date(2024, 3, 11)
    assert from_hijri(1445, 7, 25) == date(2024, 2, 6)


@pytest.mark.parametrize(("year", "month", "day"), [(1445, 13, 1), (1445, 1, 31), (1200, 1, 1)])
def test_what_the_hijri_tables_have_not_is_no_day(year: int, month: int, day: int) -> None:
    assert from_hijri(year, month, day) is None
