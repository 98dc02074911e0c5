"""Section B of the polling rules: freshness and the publisher's hints."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.publisher import (
    Headers,
    Reply,
)
from tests.rows.asking import DAY, HOUR, asked_with, gap, issued, polls
from tests.scenario import Newsroom, rss


def test_row_16_nobody_is_asked_while_the_answer_is_fresh(newsroom: Newsroom) -> None:
    fresh: Headers = ((b"Cache-Control", b"max-age=72000"), (b"Age", b"3600"))
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=fresh))
    assert 19 * HOUR <= gap(refresh) <= 19 * HOUR * 1.1


@pytest.mark.parametrize("status", [304, 404, 429, 503])
def test_row_17_freshness_holds_whatever_the_status(newsroom: Newsroom, status: int) -> None:
    fresh: Headers = ((b"Cache-Control", b"max-age=172800"),)
    first = Reply(rss("A"), headers=issued())
    _, refresh = polls(newsroom, first, Reply(status=status, headers=fresh))
    assert gap(refresh) >= 2 * DAY


@pytest.mark.parametrize(
    ("expires", "control", "least"),
    [
        (b"Tue, 03 Mar 2026 06:00:00 GMT", (), 18 * HOUR),
        (b"0", (), HOUR),
        (b"soon", (), HOUR),
        (b"Tue, 03 Mar 2026 06:00:00 GMT", ((b"Cache-Control", b"max-age=7200"),), 2 * HOUR),
    ],
)
def test_row_18_expires_counts_from_the_servers_date_unless_there_is_max_age(
    newsroom: Newsroom, expires: bytes, control: Headers, least: timedelta
) -> None:
    date = (b"Date", b"Mon, 02 Mar 2026 12:00:00 GMT")
    headers: Headers = (date, (b"Expires", expires), *control, *issued())
    first, _ = polls(newsroom, Reply(rss("A"), headers=headers), Reply(status=304))
    assert first.rhythm.fresh_until == NOW + (least if least > HOUR else timedelta(0))
    assert least <= gap(first) <= least * 1.1 + timedelta(seconds=1) or least == HOUR
    assert asked_with(newsroom)[1] == (b'"1"', None)


def test_row_22_a_server_whose_clock_is_wrong_is_understood(newsroom: Newsroom) -> None:
    headers: Headers = (
        (b"Date", b"Mon, 02 Mar 2020 12:00:00 GMT"),
        (b"Expires", b"Tue, 03 Mar 2020 08:00:00 GMT"),
    )
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=headers))
    assert refresh.rhythm.fresh_until == NOW + 20 * HOUR


@pytest.mark.parametrize(
    ("ttl", "least", "most"),
    [("900", 15 * HOUR, 17 * HOUR), ("999999", DAY, 27 * HOUR), ("-5", HOUR, 9 * HOUR)],
)
def test_row_24_a_ttl_is_a_floor_and_outlasts_a_304(
    newsroom: Newsroom, ttl: str, least: timedelta, most: timedelta
) -> None:
    document = rss("A", head=f"<ttl>{ttl}</ttl>")
    for refresh in polls(newsroom, Reply(document, headers=issued()), *[Reply(status=304)] * 2):
        assert least <= gap(refresh) <= most


def test_row_25_hours_and_days_to_skip_are_skipped(newsroom: Newsroom) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(9, 25))
    head = f"<skipHours>{hours}</skipHours><skipDays><day>Tuesday</day></skipDays>"
    refreshes = polls(newsroom, Reply(rss("A", head=head)), *[Reply(rss("A", head=head))] * 4)
    for refresh in refreshes:
        assert 1 <= refresh.due_at.hour < 9
        assert refresh.due_at.weekday() != 1
    assert refreshes[0].due_at.date() == (NOW + 2 * DAY).date()


def test_row_25_who_skips_every_hour_is_not_taken_at_his_word(newsroom: Newsroom) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    (refresh,) = polls(newsroom, Reply(rss("A", head=f"<skipHours>{hours}</skipHours>")))
    assert gap(refresh) < 4 * HOUR


def test_row_26_an_update_period_is_a_floor(newsroom: Newsroom) -> None:
    document = rss("A", head="<sy:updatePeriod> daily </sy:updatePeriod>").replace(
        b"<rss ", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    )
    (refresh,) = polls(newsroom, Reply(document))
    assert DAY <= gap(refresh) <= 27 * HOUR
