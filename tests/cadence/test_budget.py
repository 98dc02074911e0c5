"""How a budget of requests sets the pace of all feeds."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cadence.budget import MOST_A_SECOND, adjusted

HOUR = timedelta(hours=1)
USUAL = 3 * HOUR


def after_a_day(rate_at: float, budget: int | None, kappa: timedelta = USUAL) -> timedelta:
    """Return κ after a day of feeds that make ``rate_at`` requests a second at κ of an hour."""
    for _ in range(144):
        kappa = adjusted(kappa, rate_at / (kappa / HOUR), budget)
    return kappa


def test_without_a_budget_nobody_is_asked_more_than_usual() -> None:
    assert after_a_day(0.001, None) == USUAL
    assert after_a_day(10, None) == USUAL


def test_without_a_budget_there_is_an_end_all_the_same() -> None:
    assert after_a_day(400, None) == pytest.approx(8 * HOUR, rel=0.01)


def test_a_budget_is_met() -> None:
    assert after_a_day(12 / 86400 * 1000, 1000) == pytest.approx(12 * HOUR, rel=0.01)


@pytest.mark.parametrize(("budget", "kappa"), [(1, 48 * HOUR), (10**9, HOUR)])
def test_no_budget_makes_polling_frantic_or_stops_it(budget: int, kappa: timedelta) -> None:
    assert after_a_day(1.0, budget) == kappa


@given(st.timedeltas(HOUR, 48 * HOUR), st.floats(0, 1e6), st.none() | st.integers(1, 10**9))
def test_kappa_rises_above_the_budget_and_falls_below(
    kappa: timedelta, rate: float, budget: int | None
) -> None:
    now = adjusted(kappa, rate, budget)
    allowed = MOST_A_SECOND if budget is None else min(MOST_A_SECOND, budget / 86400)
    assert HOUR <= now <= 48 * HOUR
    assert now >= kappa - timedelta(seconds=1) if rate >= allowed else now <= max(kappa, USUAL)
