"""Headers that say when to come back; the numbers are the rows of the poller's specification."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.freshness import lifetime, retry_after
from aggregator.fetch.headers import Headers

RECEIVED_AT = datetime(2024, 2, 5, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def head(*lines: str) -> Headers:
    pairs = (line.partition(": ") for line in lines)
    return tuple((name.encode(), value.encode("latin-1")) for name, _, value in pairs)


def fresh(*lines: str) -> timedelta | None:
    return lifetime(head(*lines), RECEIVED_AT)


def away(*lines: str) -> timedelta | None:
    return retry_after(head(*lines), RECEIVED_AT)


def test_silence_is_none() -> None:
    assert fresh("Content-Type: text/xml") is None
    assert away("Content-Type: text/xml") is None


def test_row_16_max_age_less_age() -> None:
    assert fresh("Cache-Control: max-age=3600", "Age: 600") == timedelta(seconds=3000)
    assert fresh("Cache-Control: max-age=60", "Age: 600") == timedelta(0)


@pytest.mark.parametrize("age", ["x", "-5", "", "1.5"])
def test_an_unreadable_age_is_no_age(age: str) -> None:
    assert fresh("Cache-Control: max-age=3600", f"Age: {age}") == HOUR


def test_row_18_expires_counts_where_max_age_is_missing() -> None:
    expires = "Expires: Mon, 05 Feb 2024 12:00:00 GMT"
    date = "Date: Mon, 05 Feb 2024 10:00:00 GMT"
    assert fresh(expires, date) == 2 * HOUR
    assert fresh(expires, date, "Age: 3600") == HOUR
    assert fresh(expires, date, "Cache-Control: max-age=600") == timedelta(minutes=10)


@pytest.mark.parametrize("expires", ["0", "-1", "", "soon", "Mon, 05 Feb 2001 12:00:00 GMT"])
def test_row_18_an_expires_that_is_past_or_unreadable_is_stale(expires: str) -> None:
    assert fresh(f"Expires: {expires}") == timedelta(0)


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ('public , MAX-AGE="600", max-age=5, s-maxage=9', 600),
        ("max-age=600,max-age=5", 600),
        ("max-age = 600", 600),
        ('ext="a, max-age=5", max-age=600', 600),
        ('ext="a\\", max-age=5", max-age=600', 600),
        ("max-age=0600", 600),
        ("max-age=ten", 0),
        ("max-age=-1", 0),
        ("max-age=1.5", 0),
        ("max-age=", 0),
        ("max-age", 0),
        ('max-age="600', 600),
        ("private, max-age=600", 600),
        ("must-revalidate, max-age=600", 600),
        ('no-cache="Set-Cookie", max-age=600', 600),
    ],
)
def test_row_19_cache_control_is_read_as_written(control: str, seconds: int) -> None:
    assert fresh(f"Cache-Control: {control}") == timedelta(seconds=seconds)


def test_row_19_several_lines_are_one_list() -> None:
    assert fresh("cache-control: public", "CACHE-CONTROL: max-age=600, max-age=5") == HOUR / 6


def test_row_19_a_shared_cache_is_not_us() -> None:
    assert fresh("Cache-Control: s-maxage=9") is None


@pytest.mark.parametrize("control", ["no-cache", "no-store", "no-cache, max-age=600"])
def test_row_20_what_may_not_be_reused_is_stale(control: str) -> None:
    assert fresh(f"Cache-Control: {control}") == timedelta(0)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("max-age=31536000", DAY),
        ("max-age=2592000", DAY),
        ("max-age=2591999", 7 * DAY),
        ("max-age=31536000, immutable", DAY),
        ("max-age=172800, immutable", DAY),
        ("max-age=600, immutable", timedelta(minutes=10)),
        ("immutable", DAY),
        ("max-age=" + "9" * 5000, DAY),
    ],
)
def test_row_21_what_is_fresh_for_too_long_is_misconfigured(
    control: str, expected: timedelta
) -> None:
    assert lifetime(head(f"Cache-Control: {control}"), RECEIVED_AT) == expected


def test_row_22_a_wrong_clock_is_read_against_itself() -> None:
    date = "Date: Mon, 05 Feb 2001 10:00:00 GMT"
    assert fresh("Expires: Mon, 05 Feb 2001 11:00:00 GMT", date) == HOUR
    assert away("Retry-After: Mon, 05 Feb 2001 11:00:00 GMT", date) == HOUR


@pytest.mark.parametrize("date", ["Via: nobody", "Date: today"])
def test_row_22_without_a_date_the_receipt_counts(date: str) -> None:
    assert fresh("Expires: Mon, 05 Feb 2024 11:00:00 GMT", date) == HOUR
    assert away("Retry-After: Mon, 05 Feb 2024 11:00:00 GMT", date) == HOUR


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 05 Feb 2024 11:00:00 GMT",
        "Monday, 05-Feb-24 11:00:00 GMT",
        "Mon Feb  5 11:00:00 2024",
    ],
)
def test_rows_23_and_28_dates_have_three_forms(date: str) -> None:
    assert fresh(f"Expires: {date}") == HOUR
    assert away(f"Retry-After: {date}") == HOUR


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3600", HOUR),
        ("0", timedelta(0)),
        ("-5", timedelta(0)),
        ("1000000000000", 31 * DAY),
        ("Sun, 04 Feb 2001 10:00:00 GMT", timedelta(0)),
        ("Mon, 05 Feb 2054 10:00:00 GMT", 31 * DAY),
    ],
)
def test_row_27_retry_after_is_kept_within_bounds(value: str, expected: timedelta) -> None:
    assert away(f"Retry-After: {value}") == expected


@pytest.mark.parametrize("value", ["", "later", "-", "--5", "٥", "1h"])
def test_row_27_an_unreadable_retry_after_is_ignored(value: str) -> None:
    assert retry_after(((b"Retry-After", value.encode()),), RECEIVED_AT) is None


def test_of_several_retry_afters_the_longest_counts() -> None:
    assert away("Retry-After: 60", "Retry-After: later", "Retry-After: 3600") == HOUR


NAMES = st.sampled_from([b"Cache-Control", b"expires", b"AGE", b"Date", b"Retry-After", b"X"])
WORDS = st.lists(
    st.sampled_from(
        b'max-age|=|"|\\|,| |600|-|99999999999999999999|immutable|no-cache'
        b"|Mon, 05 Feb 2024 11:00:00 GMT|Monday, 05-Feb-99 11:00:00 GMT".split(b"|")
    ),
    max_size=8,
).map(b"".join)
HEADERS = st.lists(st.tuples(NAMES | st.binary(), WORDS | st.binary()), max_size=6).map(tuple)


@given(HEADERS)
def test_any_headers_give_bounded_times(headers: Headers) -> None:
    assert timedelta(0) <= (lifetime(headers, RECEIVED_AT) or timedelta(0)) <= 7 * DAY
    assert timedelta(0) <= (retry_after(headers, RECEIVED_AT) or timedelta(0)) <= 31 * DAY


def test_a_long_header_of_quotes_takes_no_time() -> None:
    hostile = ((b"Cache-Control", b'a="\\' + b'\\"' * 30_000),)
    assert lifetime(hostile, RECEIVED_AT) is None
