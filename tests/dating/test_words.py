"""The tables of names: none says two things, and whole names are always known."""

from collections import defaultdict

import pytest

from aggregator.dating import words
from aggregator.dating.words import HIJRI_MONTHS, JALALI_MONTHS, MONTHS, WEEKDAYS, fold


@pytest.mark.parametrize("tables", [words._MONTH_NAMES, words._WEEKDAY_NAMES])
def test_no_whole_name_means_two_things(tables: dict[str, str]) -> None:
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for names in tables.values():
        for name, number in words._named(names):
            meanings[name].add(number)
    assert {name for name, numbers in meanings.items() if len(numbers) > 1} == set()


@pytest.mark.parametrize("language", words._MONTH_NAMES)
def test_every_language_has_twelve_months(language: str) -> None:
    names = fold(words._MONTH_NAMES[language]).split()
    assert [MONTHS[name.split("/")[0]] for name in names] == list(range(1, 13))


@pytest.mark.parametrize("language", words._WEEKDAY_NAMES)
def test_every_language_has_seven_weekdays(language: str) -> None:
    names = fold(words._WEEKDAY_NAMES[language]).split()
    assert [WEEKDAYS[name.split("/")[0]] for name in names] == list(range(7))


def test_other_calendars_have_twelve_months() -> None:
    assert set(JALALI_MONTHS.values()) == set(HIJRI_MONTHS.values()) == set(range(1, 13))
    assert not MONTHS.keys() & (JALALI_MONTHS.keys() | HIJRI_MONTHS.keys())


def test_an_english_beginning_comes_before_others() -> None:
    assert (MONTHS["mar"], MONTHS["sat"], MONTHS["jul"]) == (3, 9, 7)
    assert "jui" not in MONTHS
