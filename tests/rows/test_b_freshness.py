"""Section B of the polling rules: freshness and the publisher's hints."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.publisher import (
    Headers,
    Reply,
)
from tests.rows.asking import DAY, HOUR, asked_with, gap, issued, polls
from tests.scenario import HOST, NO_TIME, Newsroom, rss


def test_row_16_nobody_is_asked_while_the_answer_is_fresh(newsroom: Newsroom) -> None:
    fresh: Headers = ((b"Cache-Control", b"max-age=72000"), (b"Age", b"3600"))
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=fresh))
    assert 19 * HOUR <= gap(refresh) <= 19 * HOUR * 1.1


@pytest.mark.parametrize("status", [304, 404, 410, 429, 503])
def test_row_17_freshness_holds_whatever_the_status(newsroom: Newsroom, status: int) -> None:
    fresh: Headers = ((b"Cache-Control", b"max-age=172800"),)
    first = Reply(rss("A"), headers=issued())
    _, refresh = polls(newsroom, first, Reply(status=status, headers=fresh))
    assert gap(refresh) >= 2 * DAY


def test_row_17_an_error_does_not_make_a_fresh_answer_stale(newsroom: Newsroom) -> None:
    fresh: Headers = ((b"Cache-Control", b"max-age=360000"), *issued())
    polls(newsroom, Reply(rss("A"), headers=fresh))
    newsroom.clock.advance(hours=2)
    for status in (500, 410):
        stale: Headers = ((b"Cache-Control", b"max-age=0"),)
        newsroom.publisher.serve("/feed", Reply(status=status, headers=stale))
        (refresh,) = newsroom.poll("/feed")  # somebody cannot wait
        assert refresh.due_at >= NOW + 100 * HOUR
        newsroom.clock.advance(hours=2)


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


@pytest.mark.parametrize(
    ("control", "fresh"),
    [
        (b'public , MAX-AGE="7200", max-age=5, s-maxage=9', 2 * HOUR),
        (b"s-maxage=7200", None),
        (b"max-age=two-hours", NO_TIME),
        (b"max-age=7200.5", NO_TIME),
        (b"max-age=-7200", NO_TIME),
        (b'x="max-age=7200", y', None),
        (b"Max-Age=7200;foo", NO_TIME),
    ],
)
def test_row_19_cache_control_is_read_by_its_grammar(
    newsroom: Newsroom, control: bytes, fresh: timedelta | None
) -> None:
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=((b"Cache-Control", control),)))
    assert refresh.rhythm.fresh_until == (None if fresh is None else NOW + fresh)
    assert gap(refresh) >= (fresh or NO_TIME)


@pytest.mark.parametrize(
    ("control", "fresh"),
    [
        (b"no-cache", NO_TIME),
        (b"no-store", NO_TIME),
        (b"no-cache, max-age=86400", NO_TIME),
        (b"max-age=86400, no-store", NO_TIME),
        (b"must-revalidate", None),
        (b"private", None),
        (b"private, max-age=7200", 2 * HOUR),
        (b'no-cache="Set-Cookie", max-age=7200', 2 * HOUR),
    ],
)
def test_row_20_what_may_not_be_kept_is_asked_for_as_usual_and_conditionally(
    newsroom: Newsroom, control: bytes, fresh: timedelta | None
) -> None:
    body = rss("A", head="<!-- the raw body of this answer -->")
    headers: Headers = ((b"Cache-Control", control), *issued())
    refresh, _ = polls(newsroom, Reply(body, headers=headers), Reply(status=304))
    assert refresh.rhythm.fresh_until == (None if fresh is None else NOW + fresh)
    assert HOUR <= gap(refresh) < 4 * HOUR
    assert asked_with(newsroom)[1] == (b'"1"', None)
    # No body is kept, this or any other: only what it says.
    files = newsroom.path.parent.glob(f"{newsroom.path.name}*")
    assert not any(b"the raw body" in file.read_bytes() for file in files)


def test_row_20_what_is_private_is_not_shared_between_two_names(newsroom: Newsroom) -> None:
    headers: Headers = ((b"Cache-Control", b"private, max-age=7200"), *issued())
    newsroom.publisher.serve("/feed", Reply(rss("A"), headers=headers))
    newsroom.subscribe(f"http://ada:1@{HOST}/feed", f"http://bob:2@{HOST}/feed")
    newsroom.poll()
    assert len({seen.values(b"Authorization") for seen in newsroom.seen()}) == 2
    assert asked_with(newsroom) == [(None, None)] * 2


@pytest.mark.parametrize(
    ("control", "fresh"),
    [
        (b"max-age=31536000", DAY),
        (b"max-age=2592000", DAY),
        (b"immutable", DAY),
        (b"max-age=1000000, immutable", DAY),
        (b"max-age=2591999", 7 * DAY),
        (b"max-age=604801", 7 * DAY),
    ],
)
def test_row_21_nobody_is_believed_who_allows_no_question_for_a_year(
    newsroom: Newsroom, control: bytes, fresh: timedelta
) -> None:
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=((b"Cache-Control", control),)))
    assert refresh.rhythm.fresh_until == NOW + fresh
    assert fresh <= gap(refresh) <= fresh + 3 * HOUR


def test_row_22_a_server_whose_clock_is_wrong_is_understood(newsroom: Newsroom) -> None:
    headers: Headers = (
        (b"Date", b"Mon, 02 Mar 2020 12:00:00 GMT"),
        (b"Expires", b"Tue, 03 Mar 2020 08:00:00 GMT"),
    )
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=headers))
    assert refresh.rhythm.fresh_until == NOW + 20 * HOUR


def test_row_22_without_a_date_of_the_servers_ours_counts(newsroom: Newsroom) -> None:
    expires: Headers = ((b"Expires", b"Tue, 03 Mar 2026 08:00:00 GMT"),)
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=expires))
    assert refresh.rhythm.fresh_until == NOW + 20 * HOUR


@pytest.mark.parametrize(
    ("expires", "fresh"),
    [
        (b"Tue, 03 Mar 2026 08:00:00 GMT", 20 * HOUR),
        (b"Tuesday, 03-Mar-26 08:00:00 GMT", 20 * HOUR),
        (b"Tue Mar  3 08:00:00 2026", 20 * HOUR),
        (b"Wednesday, 03-Mar-99 08:00:00 GMT", NO_TIME),  # 1999: no year is 73 years ahead
        (b"Tue, 31 Feb 2026 08:00:00 GMT", NO_TIME),
        (b"\xff\xfe", NO_TIME),
    ],
)
@pytest.mark.parametrize("date", [b"Mon, 02 Mar 2026 12:00:00 GMT", b"yesterday"])
def test_row_23_dates_are_read_in_three_forms_and_others_ignored(
    newsroom: Newsroom, expires: bytes, fresh: timedelta, date: bytes
) -> None:
    headers: Headers = ((b"Expires", expires), (b"Date", date))
    (refresh,) = polls(newsroom, Reply(rss("A"), headers=headers))
    assert refresh.rhythm.fresh_until == NOW + fresh
    assert gap(refresh) >= fresh


@pytest.mark.parametrize(
    ("ttl", "least", "most"),
    [
        ("900", 15 * HOUR, 17 * HOUR),
        ("999999", DAY, 27 * HOUR),
        ("-5", HOUR, 9 * HOUR),
        ("0", HOUR, 9 * HOUR),
        ("900.5", HOUR, 9 * HOUR),
    ],
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


def test_row_25_they_are_skipped_by_whoever_comes_late_as_well(newsroom: Newsroom) -> None:
    head = "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(16, 23))
    (refresh,) = polls(newsroom, Reply(rss("A", head=f"{head}</skipHours>")))
    newsroom.subscribe("/feed", "/other")
    newsroom.clock.at = refresh.due_at.replace(hour=16)  # we were away when it was due
    (other,) = newsroom.poll()
    assert other.key.endswith("/other")
    assert len(newsroom.seen()) == 1
    assert newsroom.health().due_at.hour == 23
    assert "to skip" in newsroom.health().due_reason
    newsroom.clock.at = newsroom.health().due_at
    assert len([each for each in newsroom.poll() if each.key.endswith("/feed")]) == 1


def test_row_25_who_skips_every_hour_is_not_taken_at_his_word(newsroom: Newsroom) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    (refresh,) = polls(newsroom, Reply(rss("A", head=f"<skipHours>{hours}</skipHours>")))
    assert gap(refresh) < 4 * HOUR


@pytest.mark.parametrize(
    ("period", "frequency", "least", "most"),
    [
        (" daily ", "1", DAY, 27 * HOUR),
        ("dayly", "2", 12 * HOUR, 14 * HOUR),
        ("always", "0.1", 10 * HOUR, 12 * HOUR),
        ("monthly", "1", DAY, 27 * HOUR),
        ("daily", "0", HOUR, 9 * HOUR),
        ("daily", "-1", HOUR, 9 * HOUR),
        ("fortnightly", "1", HOUR, 9 * HOUR),
    ],
)
def test_row_26_an_update_period_is_a_floor(
    newsroom: Newsroom, period: str, frequency: str, least: timedelta, most: timedelta
) -> None:
    head = (
        f"<sy:updatePeriod>{period}</sy:updatePeriod>"
        f"<sy:updateFrequency>{frequency}</sy:updateFrequency>"
    )
    namespace = b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    document = rss("A", head=head).replace(b"<rss ", namespace)
    (refresh,) = polls(newsroom, Reply(document))
    assert least <= gap(refresh) <= most
