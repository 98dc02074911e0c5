"""Instants in the database."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from aggregator.store.times import instant, instant_if, stamp, stamp_if

instants = st.datetimes(timezones=st.just(UTC))


@given(instants)
def test_an_instant_survives(at: datetime) -> None:
    assert instant(stamp(at)) == at
    assert instant(stamp(at)).utcoffset() == timedelta(0)


@given(instants, instants)
def test_stamps_sort_as_their_instants_do(one: datetime, other: datetime) -> None:
    assert (stamp(one) < stamp(other)) == (one < other)
    assert len(stamp(one)) == len(stamp(other))


def test_a_stamp_is_rfc_3339_in_utc() -> None:
    at = datetime(2026, 3, 2, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert stamp(at) == "2026-03-02T12:30:00.000000Z"


def test_no_instant_is_no_text() -> None:
    assert stamp_if(None) is None
    assert instant_if(None) is None
