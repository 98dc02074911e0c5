"""How long a failing feed is left alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cadence.backoff import backoff
from aggregator.model.feeds import Rhythm

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def waits(code: str, status: int | None, count: int = 8) -> list[float]:
    """Return the hours to wait after one failure, two …, in the first week."""
    return [backoff(code, status, Rhythm(failures=n + 1), DAY) / HOUR for n in range(count)]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("timeout", None),
        ("connect", None),
        ("protocol", None),
        ("empty", 200),
        ("redirect", 302),
        ("http", 500),
        ("http", 408),
        ("never_heard_of", None),
    ],
)
def test_row_33_what_passes_is_tried_again_soon(code: str, status: int | None) -> None:
    assert waits(code, status) == [0.5, 1, 2, 4, 8, 16, 24, 24]


@pytest.mark.parametrize("status", [429, 503])
def test_row_31_a_busy_server_gets_an_hour(status: int) -> None:
    assert waits("http", status) == [1, 2, 4, 8, 16, 24, 24, 24]


def test_a_document_that_cannot_be_read_gets_an_hour() -> None:
    assert waits("not_a_feed", None)[:3] == [1, 2, 4]


@pytest.mark.parametrize(
    ("code", "status"),
    [("http", 401), ("http", 403), ("http", 404), ("http", 451), ("dns", None), ("address", None)],
)
def test_rows_36_and_67_what_lasts_is_tried_up_to_once_a_week(
    code: str, status: int | None
) -> None:
    assert waits(code, status) == [6, 12, 24, 48, 96, 168, 168, 168]


def test_a_bad_certificate_is_tried_daily_at_first() -> None:
    assert waits("tls", None, 4) == [6, 12, 24, 24]


def test_row_34_after_a_week_everything_is_tried_up_to_once_a_week() -> None:
    assert backoff("timeout", None, Rhythm(failures=30), WEEK) == DAY
    assert backoff("timeout", None, Rhythm(failures=30), 2 * WEEK) == WEEK


CODES = st.sampled_from(["timeout", "dns", "tls", "parse", "http", "x"])
STATUSES = st.none() | st.integers(100, 599)


@given(CODES, STATUSES, st.integers(1, 10**6), st.timedeltas(timedelta(0)))
def test_more_failures_never_wait_less_and_none_waits_for_ever(
    code: str, status: int | None, failures: int, failing_for: timedelta
) -> None:
    wait = backoff(code, status, Rhythm(failures=failures), failing_for)
    assert wait <= backoff(code, status, Rhythm(failures=failures + 1), failing_for)
    assert timedelta(minutes=30) <= wait <= WEEK
