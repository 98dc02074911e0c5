"""Durations: what may be written, and how they are shown."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.durations import parse_duration, show_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("0s", 0),
        ("45s", 45),
        ("30m", 1800),
        ("2h", 7200),
        ("1d", 86400),
        ("1w", 7 * 86400),
        ("1y", 365 * 86400),
        ("1h30m", 5400),
        ("1d12h", 129600),
        (" 2H ", 7200),
    ],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", " ", "30", "m", "-5m", "1.5h", "30 minutes", "30m1h", "1h1h", "1M2", "٣m", "3x", "h2"],
)
def test_anything_else_is_refused_with_what_may_be_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a duration: write whole numbers .* like 30m"):
        parse_duration(text)


def test_a_duration_beyond_all_calendars_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        parse_duration("999999999y")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (0.2, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (3 * 3600 + 600, "3 h 10 min"),
        (3 * 3600 + 599, "3 h 10 min"),
        (86399, "1 d"),
        (2 * 86400 + 4 * 3600 + 59, "2 d 4 h"),
        (365 * 86400, "365 d"),
        (-3600, "-1 h"),
        (-0.2, "0 s"),
    ],
)
def test_a_duration_is_shown_in_its_two_largest_units(seconds: float, shown: str) -> None:
    assert show_duration(timedelta(seconds=seconds)) == shown


@given(st.text(alphabet="0123456789smhdwy -x", max_size=12))
def test_nothing_but_a_duration_or_a_value_error_comes_out(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_duration(text) >= timedelta(0)


@given(st.timedeltas())
def test_every_duration_can_be_shown(duration: timedelta) -> None:
    assert show_duration(duration)


@given(st.integers(0, 10**9))
def test_what_is_shown_is_within_half_of_its_smaller_unit(seconds: int) -> None:
    shown = show_duration(timedelta(seconds=seconds))
    written = shown.replace("min", "m").replace(" ", "")
    error = abs(parse_duration(written) - timedelta(seconds=seconds)).total_seconds()
    assert error <= max(1, seconds) / 2
