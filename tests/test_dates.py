"""Dates: every form that feeds and servers write, and what is said where a string is doubtful."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dates import date_order, parse_http_date, read_date, rfc822, rfc3339
from aggregator.dating.clues import Clues, clues
from aggregator.dating.words import MONTHS, WEEKDAYS, fold
from aggregator.model.entries import Dated

NOW = datetime(2024, 2, 5, 12, tzinfo=UTC)
CERTAIN = [
    ("Mon, 05 Feb 2024 10:15:07 GMT", "2024-02-05T10:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 UT", "2024-02-05T10:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 Z", "2024-02-05T10:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 +0100", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 -05:30", "2024-02-05T15:45:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 +1", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 +0100 (CET)", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 +0000 GMT", "2024-02-05T10:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 GMT+0100", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 -0000", "2024-02-05T10:15:07Z", "rfc822"),
    ("Mon, 5 Feb 24 10:15 EST", "2024-02-05T15:15:00Z", "rfc822"),
    ("Sun, 5 Feb 95 10:15:00 PDT", "1995-02-05T17:15:00Z", "rfc822"),
    ("5 Feb 104 10:15:00 GMT", "2004-02-05T10:15:00Z", "rfc822"),
    ("05 February 2024 10:15:07 GMT", "2024-02-05T10:15:07Z", "rfc822"),
    ("Monday, 05-Feb-2024 10:15:07 GMT", "2024-02-05T10:15:07Z", "rfc822"),
    ("  mon,05 FEB 2024 10:15:07   gmt ", "2024-02-05T10:15:07Z", "rfc822"),
    ("Mo, 05 Feb 2024 10:15:07 +0100", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 WAT", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 CAT", "2024-02-05T08:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 EAT", "2024-02-05T07:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 SAST", "2024-02-05T08:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 WET", "2024-02-05T10:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 WEST", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 CET", "2024-02-05T09:15:07Z", "rfc822"),
    ("Mon, 05 Aug 2024 10:15:07 CEST", "2024-08-05T08:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 MSK", "2024-02-05T07:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 JST", "2024-02-05T01:15:07Z", "rfc822"),
    ("Mon, 05 Feb 2024 10:15:07 NPT", "2024-02-05T04:30:07Z", "rfc822"),
    ("2024-02-05T10:15:07Z", "2024-02-05T10:15:07Z", "rfc3339"),
    ("2024-02-05t10:15:07z", "2024-02-05T10:15:07Z", "rfc3339"),
    ("2024-02-05T10:15:07.25+01:00", "2024-02-05T09:15:07.250000Z", "rfc3339"),
    ("2024-02-05T10:15:07,123456789Z", "2024-02-05T10:15:07.123456Z", "rfc3339"),
    ("2024-02-05T10:15Z", "2024-02-05T10:15:00Z", "rfc3339"),
    ("2024-02-05 10:15:07 +0530", "2024-02-05T04:45:07Z", "rfc3339"),
    ("2024-02-05T10:15:07−05:00", "2024-02-05T15:15:07Z", "rfc3339"),
    ("2024-02-05T10:15:07Z[UTC]", "2024-02-05T10:15:07Z", "rfc3339"),
    ("2024-02-05T24:00:00Z", "2024-02-06T00:00:00Z", "rfc3339"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "rfc3339"),
    ("20240205T101507Z", "2024-02-05T10:15:07Z", "iso8601"),
    ("20240205T1015+0100", "2024-02-05T09:15:00Z", "iso8601"),
    ("Mon Feb  5 10:15:07 CET 2024", "2024-02-05T09:15:07Z", "asctime"),
    ("Mon Feb 05 10:15:07 +0100 2024", "2024-02-05T09:15:07Z", "asctime"),
    ("Mon Feb 05 2024 10:15:07 GMT+0100 (CET)", "2024-02-05T09:15:07Z", "written"),
    ("February 5th, 2024 at 3:07 pm EST", "2024-02-05T20:07:00Z", "written"),
    ("Feb 5, 2024 12:30 a.m. GMT", "2024-02-05T00:30:00Z", "written"),
    ("2024 Feb 5 10:15 GMT", "2024-02-05T10:15:00Z", "written"),
    ("05.02.2024 10:15 CET", "2024-02-05T09:15:00Z", "numeric"),
    ("25/02/2024 10:15 +0000", "2024-02-25T10:15:00Z", "numeric"),
    ("02/25/2024 10:15 +0000", "2024-02-25T10:15:00Z", "numeric"),
    ("02/02/2024 10:15 +0000", "2024-02-02T10:15:00Z", "numeric"),
    ("1707127200", "2024-02-05T10:00:00Z", "unix"),
    ("707127200.75", "1992-05-29T08:13:20Z", "unix"),
    ("1707127200123", "2024-02-05T10:00:00.123000Z", "unix-ms"),
    ("lundi 5 février 2024 à 14h30 CET", "2024-02-05T13:30:00Z", "written"),
    ("mar, 05 mars 2024 10:00:00 +0100", "2024-03-05T09:00:00Z", "written"),
    ("mar. 05 mar. 2024 10:00:00 +0100", "2024-03-05T09:00:00Z", "rfc822"),
    ("jeu. 1er août 2024 10:00 UTC", "2024-08-01T10:00:00Z", "written"),
    ("lunes, 5 de febrero de 2024 10:00 GMT", "2024-02-05T10:00:00Z", "written"),
    ("segunda-feira, 5 de fevereiro de 2024 às 10:00 GMT", "2024-02-05T10:00:00Z", "written"),
    ("الاثنين، ٥ فبراير ٢٠٢٤ ١٠:١٥ م +0100", "2024-02-05T21:15:00Z", "written"),
    ("5 جانفي 2024 10:15 GMT", "2024-01-05T10:15:00Z", "written"),
    ("5 غشت 2024 10:15 GMT", "2024-08-05T10:15:00Z", "written"),
    ("5 كانون الثاني 2024 10:15 GMT", "2024-01-05T10:15:00Z", "written"),
    ("5 يناير/كانون الثاني 2024 10:15 GMT", "2024-01-05T10:15:00Z", "written"),
]
DOUBTFUL = [
    ("no zone", "Mon, 05 Feb 2024 10:15:07", "2024-02-05T10:15:07Z"),
    ("no zone", "2024-02-05T10:15:07", "2024-02-05T10:15:07Z"),
    ("no zone", "Mon Feb  5 10:15:07 2024", "2024-02-05T10:15:07Z"),
    ("no zone", "20240205101507", "2024-02-05T10:15:07Z"),
    ("no clock", "05 Feb 2024", "2024-02-05T00:00:00Z"),
    ("no clock", "2024-02-05", "2024-02-05T00:00:00Z"),
    ("no clock", "20240205", "2024-02-05T00:00:00Z"),
    ("no day", "2024-02", "2024-02-01T00:00:00Z"),
    ("no month", "2024", "2024-01-01T00:00:00Z"),
    ("a military zone", "Mon, 05 Feb 2024 10:15:07 A", "2024-02-05T10:15:07Z"),
    ("an unknown zone", "Mon, 05 Feb 2024 10:15:07 XYZT", "2024-02-05T10:15:07Z"),
    ("a zone of two", "Mon, 05 Feb 2024 10:15:07 IST", "2024-02-05T04:45:07Z"),
    ("another weekday", "Tue, 05 Feb 2024 10:15:07 GMT", "2024-02-05T10:15:07Z"),
    ("day or month first", "05/02/2024 10:15 GMT", "2024-02-05T10:15:00Z"),
]
NO_DATES = [
    "",
    "   ",
    "yesterday",
    "Monday",
    "10:15",
    "GMT",
    "5 Feb",
    "0",
    "-1",
    "12345",
    "Fri, 30 Feb 2024 10:15:07 GMT",
    "2024-02-30",
    "2023-02-29T00:00:00Z",
    "2024-13-01",
    "2024-00-10",
    "31/31/2024",
    "5 Feb 2024 25:00 GMT",
    "5 Feb 2024 10:75 GMT",
    "5 Feb 2024 10:15:61 GMT",
    "5 Feb 2024 24:00:01 GMT",
    "5 Feb 2024 10:15 +9900",
    "5 Feb 2024 10:15 +0175",
    "5 Feb 2 10:15 GMT",
    "5 Feb 20245 10:15 GMT",
    "105 Feb 2024 10:15 GMT",
    "Fri, 05 jui 2024 10:15 GMT",
    "5 Feb March 2024",
    "5 Feb 2024 <b>",
    "0001-01-01T00:00:00Z",
    "Mon, 30 Nov -0001 00:00:00 +0000",
    "1601-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "5 Feb 2024 13:30 am",
    "Mon, 05 Feb 2024 10:15:07 GMT" + "," * 120,
    "2200-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
]


def read(raw: str) -> Dated:
    dated = read_date(raw)
    assert dated is not None
    return dated


@pytest.mark.parametrize(("raw", "at", "read_as"), CERTAIN, ids=[case[0] for case in CERTAIN])
def test_a_clear_date_is_read(raw: str, at: str, read_as: str) -> None:
    dated = read(raw)
    assert (rfc3339(dated.at), dated.read_as, dated.sure) == (at, read_as, True)


@pytest.mark.parametrize(("doubt", "raw", "at"), DOUBTFUL)
def test_a_doubtful_date_is_read_and_says_so(doubt: str, raw: str, at: str) -> None:
    dated = read(raw)
    assert (rfc3339(dated.at), dated.sure) == (at, False), doubt


@pytest.mark.parametrize("raw", NO_DATES)
def test_what_is_no_date_or_impossible_is_none(raw: str) -> None:
    assert read_date(raw) is None


def test_the_string_and_the_element_are_kept() -> None:
    dated = read_date(" 2024-02-05T10:15Z\n", element="updated")
    assert dated is not None
    assert (dated.raw, dated.element) == (" 2024-02-05T10:15Z\n", "updated")


def test_mar_is_tuesday_or_march_as_the_rest_decides() -> None:
    assert rfc3339(read("Mar 5, 2024").at) == "2024-03-05T00:00:00Z"
    assert rfc3339(read("mar 5 feb 2024").at) == "2024-02-05T00:00:00Z"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_a_name_in_every_language(month: int) -> None:
    names = {name for name, number in MONTHS.items() if number == month}
    assert len({name for name in names if name.isascii()}) > 1
    assert any("\u0600" <= name[0] <= "\u06ff" for name in names)


def test_beginnings_shared_by_two_months_name_neither() -> None:
    assert "jui" not in MONTHS
    assert MONTHS["juin"] == 6
    assert MONTHS["juil"] == 7


def test_every_weekday_has_names() -> None:
    assert {WEEKDAYS[fold(name)] for name in ["lundi", "mardi", "jueves", "الأحد"]} == {0, 1, 3, 6}


@given(st.text(max_size=140))
def test_any_text_is_read_or_not_but_never_raises(raw: str) -> None:
    dated = read_date(raw)
    assert dated is None or dated.at.tzinfo is UTC


@given(
    st.lists(
        st.sampled_from(
            [
                "Mon",
                "mar",
                "Feb",
                "février",
                "5",
                "05",
                "2024",
                "24",
                "10:15",
                ":",
                "T",
                "Z",
                "+",
                "-0500",
                "|",
                "/",
                ".",
                ",",
                "pm",
                "a",
                "3x",
            ]
        ),
        max_size=9,
    ),
    st.sampled_from(["", " ", "-"]),
)
def test_any_mixture_of_the_parts_of_dates_is_read_or_not(parts: list[str], glue: str) -> None:
    dated = read_date(glue.join(parts))
    assert dated is None or 1970 <= dated.at.year < 2200


INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis wants it naive
    max_value=datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-23 * 60, 23 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)


@given(INSTANTS)
def test_our_own_rfc3339_is_read_back(at: datetime) -> None:
    dated = read(rfc3339(at))
    assert (dated.at, dated.sure) == (at, True)


@given(INSTANTS)
def test_an_offset_is_subtracted(at: datetime) -> None:
    assert read(at.isoformat()).at == at


@given(INSTANTS)
def test_our_own_rfc822_is_read_back_to_the_second(at: datetime) -> None:
    dated = read(rfc822(at))
    assert (dated.at, dated.read_as, dated.sure) == (at.replace(microsecond=0), "rfc822", True)


def test_times_are_shown_in_utc() -> None:
    at = datetime(2024, 2, 5, 10, 15, 7, tzinfo=timezone(timedelta(hours=1)))
    assert rfc3339(at) == "2024-02-05T09:15:07Z"
    assert rfc3339(at.replace(microsecond=5)) == "2024-02-05T09:15:07.000005Z"
    assert rfc822(at) == "Mon, 05 Feb 2024 09:15:07 GMT"


@pytest.mark.parametrize(
    "raw",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        b"Sunday,  06-Nov-1994 08:49:37 GMT",
        " sun, 6 nov 1994 8:49:37 gmt ",
        "Sun, 06-Nov-1994 08:49:37 UTC",
    ],
)
def test_an_http_date_has_three_forms(raw: str | bytes) -> None:
    assert parse_http_date(raw, now=NOW) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "full"), [("24", 2024), ("73", 2073), ("75", 1975), ("99", 1999), ("00", 2000)]
)
def test_a_two_digit_year_is_at_most_fifty_years_ahead(year: str, full: int) -> None:
    at = parse_http_date(f"Monday, 01-Jan-{year} 00:00:00 GMT", now=NOW)
    assert at == datetime(full, 1, 1, tzinfo=UTC)


def test_fifty_years_ahead_are_counted_to_the_day() -> None:
    before = parse_http_date("Sunday, 04-Feb-74 00:00:00 GMT", now=NOW)
    after = parse_http_date("Sunday, 04-Mar-74 00:00:00 GMT", now=NOW)
    assert before == datetime(2074, 2, 4, tzinfo=UTC)
    assert after == datetime(1974, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "0",
        "-1",
        b"\xff\xfe",
        "2024-02-05T10:15:07Z",
        "Sun, 06 Nov 1994 08:49:37 EST",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, ٠٦ Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
    ],
)
def test_no_http_date_is_none(raw: str | bytes) -> None:
    assert parse_http_date(raw, now=NOW) is None


@given(st.binary(max_size=60))
def test_any_bytes_are_an_http_date_or_not(raw: bytes) -> None:
    at = parse_http_date(raw, now=NOW)
    assert at is None or at.tzinfo is UTC


@pytest.mark.parametrize(
    ("raws", "order"),
    [
        (["05/02/2024", "25/02/2024"], "day"),
        (["05/02/2024 10:15", "02/25/24 10:15"], "month"),
        (["Sat, 11/04/2020"], "day"),
        (["25/02/2024", "26/02/2024", "02/27/2024"], "day"),
        (["25/02/2024", "02/26/2024"], None),
        (["05/02/2024", "2024-02-25", "25.02.2024", "Sun, 25 Feb 2024", "x" * 200], None),
        ([], None),
    ],
)
def test_the_dates_of_a_document_prove_their_order_together(
    raws: list[str], order: str | None
) -> None:
    assert date_order(raws) == order


def test_a_proved_order_is_sure_and_a_habit_is_not() -> None:
    proved = read_date("05/02/2024 10:15 GMT", clues=Clues(order="month"))
    usual = read_date("05/02/2024 10:15 GMT", clues=clues("en-US", ()))
    assert proved is not None
    assert usual is not None
    assert proved.at == usual.at == datetime(2024, 5, 2, 10, 15, tzinfo=UTC)
    assert (proved.sure, usual.sure) == (True, False)


@given(INSTANTS)
def test_what_c_prints_is_read_back(at: datetime) -> None:
    dated = read(at.astimezone(UTC).strftime("%a %b %d %H:%M:%S UTC ") + f"{at.astimezone(UTC):%Y}")
    assert (dated.at, dated.read_as) == (at.replace(microsecond=0), "asctime")


@given(INSTANTS)
def test_iso_weeks_and_ordinals_are_read_back(at: datetime) -> None:
    here = at.astimezone(UTC).replace(microsecond=0)
    year, week, day = here.isocalendar()
    assert read(f"{year}-W{week:02}-{day}T{here:%H:%M:%S}Z").at == here
    assert read(f"{here:%Y-%jT%H:%M:%S}Z").at == here


@given(st.text(max_size=60), st.sampled_from(["ar", "fa", "en-US", "zh-CN", None]))
def test_clues_never_make_a_reading_raise(raw: str, language: str | None) -> None:
    dated = read_date(raw, clues=clues(language, ()))
    assert dated is None or dated.at.tzinfo is UTC
