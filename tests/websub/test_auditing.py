"""What a poll shows that a hub has kept back, and what is no evidence."""

from datetime import datetime, timedelta

import pytest

from aggregator.model.entries import Entry
from aggregator.model.feeds import Pushed
from aggregator.websub.auditing import Audit, missed
from tests.builders import NOW, dated, entry, known

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PUSHED = Pushed(NOW - 9 * HOUR, NOW + 9 * HOUR)
AUDIT = Audit(PUSHED, NOW, NOW - 8 * HOUR)

NEW = entry("New", published=None)
ABOVE, BELOW, LAST = (entry(title, published=None) for title in ("Above", "Below", "Last"))


def at(moment: datetime, *, sure: bool = True) -> Entry:
    return entry("New", published=dated(moment, sure=sure))


@pytest.mark.parametrize("minutes", [10, 11, 9 * 60])
def test_an_entry_dated_more_than_ten_minutes_ago_was_kept_back(minutes: int) -> None:
    late = at(NOW - minutes * MINUTE)
    assert missed((late,), (late,), (), AUDIT) == late


@pytest.mark.parametrize(
    "fine", [at(NOW - 9 * MINUTE), at(NOW + HOUR), at(NOW - 10 * HOUR), at(NOW - HOUR, sure=False)]
)
def test_one_that_is_younger_or_older_than_the_hub_or_of_an_unsure_date_is_not(
    fine: Entry,
) -> None:
    assert missed((fine,), (fine,), (), AUDIT) is None


def test_an_undated_entry_below_one_that_is_known_for_long_was_kept_back() -> None:
    seen = (
        known(ABOVE, first_seen_at=NOW - HOUR),
        known(BELOW, first_seen_at=NOW - 5 * HOUR),
        known(LAST, first_seen_at=NOW - 5 * HOUR),
    )
    assert missed((NEW,), (ABOVE, NEW, BELOW, LAST), seen, AUDIT) == NEW
    assert missed((NEW,), (NEW, ABOVE, BELOW, LAST), seen, AUDIT) is None


def test_neither_order_nor_age_is_guessed() -> None:
    one_poll = tuple(known(each, first_seen_at=NOW - HOUR) for each in (ABOVE, BELOW))
    ascending = (
        known(ABOVE, first_seen_at=NOW - 5 * HOUR),
        known(BELOW, first_seen_at=NOW - HOUR),
    )
    just_now = (known(ABOVE, first_seen_at=NOW - MINUTE), known(BELOW, first_seen_at=NOW - HOUR))
    for seen in ((), one_poll, ascending, just_now):
        assert missed((NEW,), (ABOVE, NEW, BELOW), seen, AUDIT) is None
        assert missed((NEW,), (ABOVE, BELOW, NEW), seen, AUDIT) is None


@pytest.mark.parametrize("before", [None, NOW - 10 * HOUR])
def test_undated_entries_may_be_from_before_the_hub_where_nobody_has_looked_since(
    before: datetime | None,
) -> None:
    seen = (known(ABOVE, first_seen_at=NOW - HOUR), known(BELOW, first_seen_at=NOW - 5 * HOUR))
    assert missed((NEW,), (ABOVE, NEW, BELOW), seen, Audit(PUSHED, NOW, before)) is None
