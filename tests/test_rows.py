"""The rows of the polling rules, each through whole polls: what a publisher's log shows of us.

A test's name begins with the number of its row.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from ipaddress import ip_network
from itertools import repeat
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard

from aggregator.fetch.client import ClientSettings
from aggregator.fetch.decoding import Sizes
from aggregator.fetch.patience import Timeouts
from aggregator.model import Outcome, Refresh
from aggregator.store.sqlite import SqliteStore
from aggregator.sweep import LEASE
from tests.builders import NOW
from tests.publisher import (
    Drip,
    Headers,
    Publisher,
    Raw,
    Reply,
    Scripted,
    Seen,
    redirect,
    truncated,
)
from tests.scenario import AGENT, HOST, Newsroom, rss, url

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ETAG = b'W/"caf\xe9, 1"'
MODIFIED = b"Thu, 1-Jan-70 0:0:0 GMT"
PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please.</body></html>"

Open = Callable[..., Newsroom]


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        yield newsroom


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom with little patience and little room."""
    settings = ClientSettings(
        timeouts=Timeouts(total=0.3), sizes=Sizes(wire_bytes=50_000, decoded_bytes=100_000)
    )
    with Newsroom(tmp_path, settings=settings) as newsroom:
        newsroom.subscribe("/feed")
        yield newsroom


def issued(etag: bytes | None = b'"1"', modified: bytes | None = None) -> Headers:
    pairs = ((b"ETag", etag), (b"Last-Modified", modified))
    return tuple((name, value) for name, value in pairs if value is not None)


def sent(seen: Seen) -> tuple[bytes | None, bytes | None]:
    """Return If-None-Match and If-Modified-Since, None where there is no such header."""
    lines = (seen.values(b"If-None-Match"), seen.values(b"If-Modified-Since"))
    return tuple(line[0] if line else None for line in lines)  # type: ignore[return-value]


def polls(newsroom: Newsroom, *answers: Scripted) -> list[Refresh]:
    """Poll once for each answer, each time when it is due."""
    newsroom.publisher.serve("/feed", *answers)
    return [newsroom.poll_next() for _ in answers]


def asked_with(newsroom: Newsroom) -> list[tuple[bytes | None, bytes | None]]:
    return [sent(seen) for seen in newsroom.seen()]


def gap(refresh: Refresh) -> timedelta:
    return refresh.due_at - refresh.poll.ended_at


# --- A. conditional requests ---------------------------------------------------------------------


def test_row_01_exactly_one_request_is_unconditional(newsroom: Newsroom) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()), *[Reply(status=304)] * 3)
    assert asked_with(newsroom) == [(None, None), *[(b'"1"', None)] * 3]


@pytest.mark.parametrize("etag", [ETAG, b"unquoted", b'"a,b", "c"', b'w/"low"'])
def test_row_02_an_etag_comes_back_byte_for_byte(newsroom: Newsroom, etag: bytes) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued(etag)), Reply(status=304))
    assert asked_with(newsroom)[1] == (etag, None)


def test_row_03_a_date_comes_back_byte_for_byte(newsroom: Newsroom) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued(None, MODIFIED)), Reply(status=304))
    assert asked_with(newsroom)[1] == (None, MODIFIED)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (issued(b'"1"', MODIFIED), (b'"1"', MODIFIED)),
        (issued(b'"1"'), (b'"1"', None)),
        (issued(None, MODIFIED), (None, MODIFIED)),
        ((), (None, None)),
        ((*issued(b'"1"'), *issued(b'"2"')), (None, None)),
    ],
)
def test_row_04_what_was_issued_is_sent_and_nothing_else(
    newsroom: Newsroom, headers: Headers, expected: tuple[bytes | None, bytes | None]
) -> None:
    polls(newsroom, *[Reply(rss("A"), headers=headers)] * 2)
    assert asked_with(newsroom)[1] == expected


@pytest.mark.parametrize("new", [(b'"2"', b"today"), (b'"2"', MODIFIED), (b'"1"', b"today")])
def test_row_05_the_same_body_brings_new_validators(
    newsroom: Newsroom, new: tuple[bytes, bytes]
) -> None:
    first, again = issued(b'"1"', MODIFIED), issued(*new)
    polls(newsroom, Reply(rss("A"), headers=first), *[Reply(rss("A"), headers=again)] * 2)
    assert asked_with(newsroom)[2] == new


def test_row_06_a_validator_that_is_no_longer_sent_is_forgotten(newsroom: Newsroom) -> None:
    both, one = issued(b'"1"', MODIFIED), issued(b'"2"')
    polls(newsroom, Reply(rss("A"), headers=both), *[Reply(rss("B"), headers=one)] * 2)
    assert asked_with(newsroom)[2] == (b'"2"', None)


def test_row_07_a_304_updates_what_it_repeats_and_keeps_the_rest(newsroom: Newsroom) -> None:
    told: Headers = ((b"ETag", b'W/"2"'), (b"Cache-Control", b"max-age=86400"))
    first = Reply(rss("A"), headers=issued(b'W/"1"', MODIFIED))
    _, second, _ = polls(newsroom, first, Reply(status=304, headers=told), Reply(status=304))
    assert asked_with(newsroom)[2] == (b'W/"2"', MODIFIED)
    assert gap(second) >= DAY


def test_row_08_a_304_that_nobody_could_ask_for_is_an_error(newsroom: Newsroom) -> None:
    (refresh,) = polls(newsroom, Reply(status=304))
    assert refresh.poll.error_code == "protocol"


def test_row_09_another_address_is_asked_without_the_validators_of_the_old(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe("/feed", name="News")
    polls(newsroom, Reply(rss("A"), headers=issued()))
    newsroom.publisher.serve("/moved", Reply(rss("A"), headers=issued(b'"2"')))
    newsroom.subscribe("/moved", name="News")
    newsroom.poll()
    assert [sent(seen) for seen in newsroom.seen("/moved")] == [(None, None)]
    assert newsroom.titles() == ["A"]


@pytest.mark.parametrize(
    "answer",
    [
        Reply(PAGE, headers=issued(b'"2"')),
        Reply(b"{broken", headers=issued(b'"2"')),
        Reply(b"", headers=issued(b'"2"')),
        Reply(headers=((b"Content-Length", b"99000000"), *issued(b'"2"'))),
        truncated(rss("B"), 10_000),
    ],
)
def test_row_10_what_cannot_be_read_changes_no_validator(
    newsroom: Newsroom, answer: Scripted
) -> None:
    _, failed, _ = polls(newsroom, Reply(rss("A"), headers=issued()), answer, Reply(status=304))
    assert failed.poll.outcome is Outcome.FAILED
    assert asked_with(newsroom)[2] == (b'"1"', None)
    assert newsroom.titles() == ["A"]


def test_row_10_a_commit_that_fails_keeps_nothing_of_it(newsroom: Newsroom) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()))
    before = newsroom.health()
    newsroom.publisher.serve("/feed", Reply(rss("B"), headers=issued(b'"2"')))
    newsroom.clock.at = before.due_at
    with closing(SqliteStore(newsroom.path)) as breaking:
        breaking.database.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON poll BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        with pytest.raises(Exception, match="full"):
            newsroom.sweep_over(breaking).round()
    assert newsroom.health() == before
    assert newsroom.titles() == ["A"]
    newsroom.clock.at += LEASE
    newsroom.poll()
    assert asked_with(newsroom)[2] == (b'"1"', None)
    assert sorted(newsroom.titles()) == ["A", "B"]


def test_row_13_somebody_who_asks_again_asks_conditionally_and_not_before_the_floor(
    newsroom: Newsroom,
) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()))
    newsroom.publisher.serve("/feed", Reply(status=304))
    newsroom.clock.at = NOW + HOUR - timedelta(seconds=1)
    assert newsroom.poll("/feed") == []
    ((_, until, _),) = newsroom.heard.left_alone
    assert until == NOW + HOUR
    newsroom.clock.at = until
    newsroom.poll("/feed")
    assert asked_with(newsroom) == [(None, None), (b'"1"', None)]


def test_row_14_a_restart_asks_nobody_and_forgets_nothing(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        newsroom.publisher.serve("/feed", Reply(rss("A"), headers=issued()))
        due_at = newsroom.poll_next().due_at
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        newsroom.clock.at = due_at - timedelta(seconds=1)
        assert newsroom.poll() == []
        newsroom.publisher.serve("/feed", Reply(status=304))
        assert newsroom.poll_next().poll.outcome is Outcome.NOT_MODIFIED
        assert asked_with(newsroom) == [(b'"1"', None)]


def test_row_15_the_same_entries_are_not_written_again(newsroom: Newsroom) -> None:
    built = [f"<lastBuildDate>Mon, 02 Mar 2026 1{n}:00:00 GMT</lastBuildDate>" for n in range(2)]
    documents = [rss("A", head=built[0]), rss("A", head=built[0]), rss("A", head=built[1])]
    first, same, rebuilt = polls(newsroom, *map(Reply, documents))
    assert [len(each.new) for each in (first, same, rebuilt)] == [1, 0, 0]
    assert (same.changed, rebuilt.changed) == ((), ())
    assert same.present is None
    (found,) = newsroom.entries()
    assert found.revised_at is None
    assert newsroom.store.figures().revisions == 0


# --- B. freshness and the publisher's hints ------------------------------------------------------


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


# --- C. rate limits and errors -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        (b"36000", 10 * HOUR, 11 * HOUR),
        (b"0", HOUR, 12 * HOUR),
        (b"-30", HOUR, 12 * HOUR),
        (b"1000000000000", 31 * DAY, 31 * DAY + 3 * HOUR),
        (b"Mon, 02 Mar 2020 12:00:00 GMT", HOUR, 12 * HOUR),
    ],
)
def test_row_27_a_429_with_retry_after_is_obeyed(
    newsroom: Newsroom, asked: bytes, least: timedelta, most: timedelta
) -> None:
    (refresh,) = polls(newsroom, Reply(status=429, headers=((b"Retry-After", asked),)))
    assert least <= gap(refresh) <= most


@pytest.mark.parametrize(
    "date",
    [
        b"Mon, 02 Mar 2020 22:00:00 GMT",
        b"Monday, 02-Mar-20 22:00:00 GMT",
        b"Mon Mar  2 22:00:00 2020",
    ],
)
def test_row_28_retry_after_may_be_a_date_by_the_servers_clock(
    newsroom: Newsroom, date: bytes
) -> None:
    here = (b"Date", b"Mon, 02 Mar 2020 12:00:00 GMT")
    (refresh,) = polls(newsroom, Reply(status=429, headers=((b"Retry-After", date), here)))
    assert refresh.rhythm.not_before == NOW + 10 * HOUR
    assert 10 * HOUR <= gap(refresh) <= 11 * HOUR


@pytest.mark.parametrize("status", [302, 418, 500, 503])
def test_row_29_retry_after_is_obeyed_with_any_status(newsroom: Newsroom, status: int) -> None:
    away: Headers = ((b"Retry-After", b"180000"), (b"Location", b"/elsewhere"))
    (refresh,) = polls(newsroom, Reply(status=status, headers=away))
    assert refresh.poll.outcome is Outcome.FAILED
    assert gap(refresh) >= 50 * HOUR
    assert not newsroom.seen("/elsewhere")


def test_row_31_a_429_without_retry_after_slows_down_and_is_remembered(
    newsroom: Newsroom,
) -> None:
    refreshes = polls(newsroom, Reply(rss("A")), *[Reply(status=429)] * 3, Reply(rss("A")))
    waits = [gap(refresh) for refresh in refreshes]
    assert waits[1] < waits[2] < waits[3] <= 27 * HOUR
    assert refreshes[4].rhythm.penalty == pytest.approx(1.5**3 * 0.98)
    assert waits[4] >= 3 * HOUR


@pytest.mark.parametrize(
    "answer", [Reply(status=403), Reply(status=500), Raw([]), Raw([b"HTTP/1.1 200 OK\r\nCon"])]
)
def test_row_32_a_failure_is_not_asked_again_at_once(newsroom: Newsroom, answer: Scripted) -> None:
    (refresh,) = polls(newsroom, answer)
    assert refresh.poll.outcome is Outcome.FAILED
    assert len(newsroom.publisher.seen()) == 1
    assert gap(refresh) >= HOUR


def test_row_33_each_failure_doubles_the_wait_and_a_success_resets_it(newsroom: Newsroom) -> None:
    answers = [Reply(rss("A")), *[Reply(status=500)] * 18, Reply(rss("A")), Reply(status=500)]
    first, *failed, healed, once = polls(newsroom, *answers)
    waits = [gap(refresh) for refresh in failed]
    assert waits == sorted(waits)
    assert waits[0] >= gap(first)
    assert waits[5] >= 16 * HOUR
    in_first_week = [
        gap(refresh)
        for refresh in failed
        if refresh.poll.ended_at - failed[0].poll.ended_at <= 7 * DAY
    ]
    assert max(in_first_week) <= 27 * HOUR
    assert 7 * DAY <= waits[-1] <= 7 * DAY + 3 * HOUR
    assert healed.rhythm.failures == 0
    assert once.rhythm.failures == 1
    assert "failed (HTTP 500)" in once.due_reason


def test_row_34_a_feed_that_was_missing_for_weeks_recovers_by_itself(newsroom: Newsroom) -> None:
    refreshes = polls(newsroom, Reply(rss("A")), *[Reply(status=404)] * 10, Reply(rss("B", "A")))
    last_failure = refreshes[-2]
    failing_since = last_failure.rhythm.failing_since
    assert failing_since is not None
    assert last_failure.poll.ended_at - failing_since > 30 * DAY
    assert 7 * DAY <= gap(last_failure) <= 7 * DAY + 3 * HOUR
    assert newsroom.health().status == "active"
    assert sorted(newsroom.titles()) == ["A", "B"]


def test_row_35_a_second_410_stops_the_feed_and_its_entries_stay(newsroom: Newsroom) -> None:
    _, first, second = polls(newsroom, Reply(rss("A")), *[Reply(status=410)] * 2)
    assert not first.stopped
    assert gap(first) >= DAY
    assert second.stopped
    assert newsroom.health().status == "stopped"
    assert newsroom.store.next_due_at() is None
    assert newsroom.titles() == ["A"]


def test_row_35_one_410_may_be_an_accident(newsroom: Newsroom) -> None:
    gone = Reply(status=410)
    *_, last = polls(newsroom, Reply(rss("A")), gone, Reply(rss("A")), gone)
    assert not last.stopped


@pytest.mark.parametrize("status", [401, 403, 451])
def test_row_36_who_denies_us_is_left_alone_for_longer(newsroom: Newsroom, status: int) -> None:
    waits = [gap(refresh) for refresh in polls(newsroom, *[Reply(status=status)] * 8)]
    assert 6 * HOUR <= waits[0] <= 7 * HOUR
    assert 12 * HOUR <= waits[1] <= 14 * HOUR
    assert 7 * DAY <= waits[-1] <= 7 * DAY + 3 * HOUR


@pytest.mark.parametrize(
    "answer",
    [
        Reply(b""),
        Reply(b" \r\n\t"),
        Reply(b"\xef\xbb\xbf"),
        Reply(status=204),
        Reply(rss("B"), status=206),
        truncated(rss("B"), 10_000),
        Raw([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n" + rss("B")]),
    ],
)
def test_row_38_an_answer_without_its_document_stores_nothing(
    newsroom: Newsroom, answer: Scripted
) -> None:
    _, failed = polls(newsroom, Reply(rss("A"), headers=issued()), answer)
    assert failed.poll.error_code in {"empty", "protocol"}
    assert newsroom.titles() == ["A"]


def test_row_38_a_whole_transfer_of_half_a_document_is_read_as_far_as_it_goes(
    newsroom: Newsroom,
) -> None:
    document = rss("B", "A")
    (refresh,) = polls(newsroom, Reply(document[: document.index(b"<title>A")]))
    assert refresh.poll.outcome is Outcome.NEW
    assert "B" in newsroom.titles()
    assert newsroom.health().problem


def test_row_39_a_web_page_is_an_error_and_costs_nothing_that_was_known(
    newsroom: Newsroom,
) -> None:
    page = Reply(PAGE, headers=((b"Content-Type", b"application/rss+xml"),))
    first, failed = polls(newsroom, Reply(rss("A"), headers=issued()), page)
    assert failed.poll.error_code == "not_a_feed"
    assert (failed.validators, failed.body_hash) == (first.validators, first.body_hash)
    assert newsroom.health().title == "News"
    assert newsroom.titles() == ["A"]


# --- D. redirects and identity -------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_rows_41_and_42_a_redirect_is_followed_each_time_and_rewrites_nothing(
    newsroom: Newsroom, status: int
) -> None:
    newsroom.publisher.serve(
        "/new", Reply(rss("A"), headers=issued()), *[Reply(status=304, headers=issued())] * 2
    )
    first, second, _ = polls(newsroom, *[redirect("/new", status)] * 3)
    assert first.poll.outcome is Outcome.NEW
    assert second.poll.outcome is Outcome.NOT_MODIFIED
    assert len(newsroom.seen()) == len(newsroom.seen("/new")) == 3
    assert newsroom.health().fetch_url == url("/feed")
    # What the new address issued goes to the new address alone (row 9).
    assert asked_with(newsroom) == [(None, None)] * 3
    assert [sent(seen)[0] for seen in newsroom.seen("/new")] == [None, b'"1"', b'"1"']


def test_row_43_redirects_are_bounded(newsroom: Newsroom) -> None:
    for number in range(9):
        newsroom.publisher.serve(f"/hop-{number}", redirect(f"/hop-{number + 1}"))
    newsroom.publisher.serve("/circle", redirect("/feed"))
    answers = [
        redirect("/hop-0"),
        redirect("/circle"),
        redirect("http://["),
        Reply(status=302),
        redirect("file:///etc/passwd"),
    ]
    refreshes = polls(newsroom, *answers)
    assert [refresh.poll.error_code for refresh in refreshes] == ["redirect"] * 5
    assert [len(newsroom.seen(f"/hop-{number}")) for number in range(6)] == [1, 1, 1, 1, 1, 0]


def test_row_43_a_relative_location_is_resolved_where_it_stands(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/deep/er/feed", redirect("../other?x=1"))
    newsroom.publisher.serve("/deep/other?x=1", Reply(rss("A")))
    polls(newsroom, redirect("deep/er/feed"))
    assert newsroom.titles() == ["A"]


def test_row_44_credentials_do_not_travel_to_another_origin(newsroom: Newsroom) -> None:
    newsroom.subscribe(f"http://reader:secret@{HOST}/feed")
    newsroom.publisher.serve("/near", redirect("http://other.example/far"))
    newsroom.publisher.serve("/far", Reply(rss("A")))
    polls(newsroom, redirect("/near"))
    (first,), (near,), (far,) = newsroom.seen(), newsroom.seen("/near"), newsroom.seen("/far")
    assert first.values(b"Authorization") == near.values(b"Authorization") != ()
    assert far.values(b"Authorization") == ()
    assert b"secret" not in b"".join(value for _, value in far.headers)


# --- E. request hygiene --------------------------------------------------------------------------


def test_rows_46_to_50_a_request_says_who_asks_and_nothing_that_nobody_needs(
    newsroom: Newsroom,
) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A"), headers=((b"Set-Cookie", b"id=1"),)))
    polls(newsroom, *[redirect("/new", headers=((b"Set-Cookie", b"visitor=7"),))] * 2)
    expected = {
        b"host": HOST.encode(),
        b"user-agent": AGENT.encode(),
        b"accept": (
            b"application/atom+xml, application/rss+xml, application/feed+json,"
            b" application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
            b" application/json;q=0.6, */*;q=0.1"
        ),
        b"accept-encoding": b"gzip, br, zstd",
        b"connection": b"close",
    }
    for seen in newsroom.publisher.seen():
        assert {name.lower(): value for name, value in seen.headers} == expected


@pytest.mark.parametrize("path", ["/feed?", "/feed?b=2&a=1", "/f%65ed", "/feed?q=%C3%a9+x", "//a"])
def test_row_49_an_address_is_asked_for_as_it_is_written(newsroom: Newsroom, path: str) -> None:
    newsroom.publisher.serve(path, Reply(rss("A")))
    newsroom.subscribe(f"http://{HOST}{path}#top")
    newsroom.poll_next()
    assert [seen.path for seen in newsroom.publisher.seen()] == [path]
    assert newsroom.titles() == ["A"]


CODINGS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip": (b"gzip", gzip.compress),
    "br": (b"br", brotli.compress),
    "zstd": (b"zstd", zstandard.ZstdCompressor().compress),
    "x-gzip": (b"x-gzip", gzip.compress),
    "deflate": (b"deflate", zlib.compress),
    "gzip twice": (b"gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
    "gzip in name only": (b"gzip", bytes),
    "gzip unnamed": (b"identity", gzip.compress),
}


@pytest.mark.parametrize("case", CODINGS)
def test_row_51_every_coding_is_undone(newsroom: Newsroom, case: str) -> None:
    named, encode = CODINGS[case]
    polls(newsroom, Reply(encode(rss("A")), headers=((b"Content-Encoding", named),)))
    assert newsroom.titles() == ["A"]


def test_row_52_one_address_is_asked_once_however_often_it_is_wanted(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", "/feed", "/feed")
    polls(newsroom, Reply(rss("A")))
    assert len(newsroom.seen()) == 1


# --- F. timing and load --------------------------------------------------------------------------


def test_row_55_an_hour_lies_between_the_end_of_a_poll_and_the_next(newsroom: Newsroom) -> None:
    lively = [Reply(rss(*(str(n) for n in range(k, 0, -1)))) for k in range(1, 40)]
    assert min(gap(refresh) for refresh in polls(newsroom, *lively)) >= HOUR


def test_row_55_less_is_allowed_by_the_server_where_it_costs_nothing(newsroom: Newsroom) -> None:
    allowing: Headers = ((b"Cache-Control", b"max-age=1200"), *issued())
    *_, honoured = polls(
        newsroom,
        Reply(rss("A"), headers=allowing),
        *[Reply(status=304, headers=allowing)] * 2,
    )
    assert gap(honoured) >= timedelta(minutes=20)
    assert "20 min" in honoured.due_reason


def test_row_56_an_answer_that_always_costs_the_whole_document_is_asked_for_less_often(
    newsroom: Newsroom,
) -> None:
    heavy = rss("A", head=f"<!--{'x' * 2**20}-->")
    _, second = polls(newsroom, *[Reply(heavy)] * 2)
    assert gap(second) >= 12 * HOUR


def test_row_57_a_feed_that_publishes_often_is_asked_more_often(newsroom: Newsroom) -> None:
    newsroom.subscribe("/busy", "/quiet")
    stories: list[str] = []
    for _ in range(80):
        due_at = newsroom.store.next_due_at()
        assert due_at is not None
        newsroom.clock.at = due_at
        stories.insert(0, f"Story {len(stories)}")
        newsroom.publisher.serve("/busy", Reply(rss(*stories[:20])))
        newsroom.publisher.serve("/quiet", Reply(rss("Once")))
        newsroom.poll()
    assert len(newsroom.seen("/busy")) > 2 * len(newsroom.seen("/quiet"))


def test_row_62_no_feed_is_in_flight_twice(newsroom: Newsroom) -> None:
    """Another process, asking for the same feed by name while we wait for the answer."""
    beside: list[Refresh] = []

    def meanwhile(_: Seen) -> Scripted:
        with closing(SqliteStore(newsroom.path)) as other:
            sweep = newsroom.sweep_over(other)
            assert sweep.round([url("/feed")])
            assert sweep.round()
        beside.extend(newsroom.heard.refreshes)
        return Reply(rss("A"))

    newsroom.publisher.serve("/feed", meanwhile)
    newsroom.poll()
    assert not beside
    assert len(newsroom.seen()) == 1
    assert newsroom.titles() == ["A"]


# --- G. limits -----------------------------------------------------------------------------------


def test_row_63_a_length_beyond_the_cap_is_not_even_read(newsroom: Newsroom) -> None:
    announced = Raw([b"HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n"])
    (refresh,) = polls(newsroom, announced)
    assert refresh.poll.error_code == "too_large"


@pytest.mark.parametrize("coding", [bytes, gzip.compress])
def test_row_63_a_body_beyond_the_cap_is_given_up(
    limited: Newsroom, coding: Callable[[bytes], bytes]
) -> None:
    body = coding(b"<rss>" + b" " * 200_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    (refresh,) = polls(limited, Raw([head, body]))
    assert refresh.poll.error_code == "too_large"


@pytest.mark.parametrize(
    "drops", [repeat(b"x"), (b"HTTP/1.1 200 OK\r\n", *repeat(b"X-Drip: 1\r\n", 1000))]
)
def test_row_65_a_drip_is_cut_at_the_deadline(limited: Newsroom, drops: Any) -> None:
    (refresh,) = polls(limited, Drip(drops, 0.02))
    assert refresh.poll.error_code == "timeout"


# --- H. network and trust ------------------------------------------------------------------------


def test_row_67_a_name_that_does_not_exist_is_asked_for_ever_more_rarely(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe("http://nowhere.invalid/feed")
    refreshes = [newsroom.poll_next() for _ in range(8)]
    assert {refresh.poll.error_code for refresh in refreshes} == {"dns"}
    assert gap(refreshes[0]) >= 6 * HOUR
    assert 7 * DAY <= gap(refreshes[-1]) <= 7 * DAY + 3 * HOUR


@pytest.mark.parametrize(
    "target",
    ["http://intranet.internal/", "http://127.0.0.1/", "http://127.1/", "http://2130706433/",
     "http://0/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/", "http://[::1]/"],
)  # fmt: skip
def test_row_70_no_address_at_home_is_connected_to_on_any_hop(
    newsroom: Newsroom, target: str
) -> None:
    newsroom.subscribe("/feed", target)
    newsroom.publisher.serve("/feed", redirect(target))
    codes = {refresh.poll.error_code for refresh in newsroom.poll()}
    # 127.1 and its like are names here, and names that look like numbers lead nowhere.
    assert codes <= {"address", "dns", "url", "redirect"}
    assert not newsroom.publisher.seen("/")


def test_row_70_what_the_configuration_admits_is_polled_without_a_floor(tmp_path: Path) -> None:
    settings = ClientSettings(allow_addresses=(ip_network("127.0.0.0/8"),))
    with Newsroom(tmp_path, settings=settings) as newsroom:
        newsroom.subscribe("http://intranet.internal/feed")
        newsroom.publisher.serve("/feed", Reply(rss("A")), Reply(rss("B", "A")))
        newsroom.poll()
        newsroom.poll("http://intranet.internal/feed")
        assert sorted(newsroom.titles()) == ["A", "B"]
        assert not newsroom.heard.left_alone


@pytest.mark.parametrize(
    "target",
    ["ftp://news.example/feed", "gopher://news.example/feed", "data:text/xml,<rss/>",
     "http+unix://%2Frun%2Fsocket/feed", "http://news.example:25/feed"],
)  # fmt: skip
def test_row_71_only_http_is_spoken_and_not_on_ports_of_others(
    newsroom: Newsroom, target: str
) -> None:
    newsroom.subscribe("/feed", target)
    newsroom.publisher.serve("/feed", redirect(target))
    codes = {refresh.key: refresh.poll.error_code for refresh in newsroom.poll()}
    assert codes == {url("/feed"): "redirect", target: "url"}


def test_row_71_no_publisher_leads_to_a_file(newsroom: Newsroom, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("Secret"))
    newsroom.publisher.serve("/pointer", Reply(str(secret).encode()))
    newsroom.subscribe("/feed", "/pointer")
    newsroom.publisher.serve("/feed", redirect(secret.as_uri()))
    assert {refresh.poll.outcome for refresh in newsroom.poll()} == {Outcome.FAILED}
    assert newsroom.titles() == []


def test_row_71_the_environment_names_no_proxy(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Publisher() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        polls(newsroom, Reply(rss("A")))
        assert newsroom.titles() == ["A"]
        assert not proxy.seen()


# --- I. bodies -----------------------------------------------------------------------------------

JSON = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A"}]}'


@pytest.mark.parametrize("body", [rss("A"), JSON], ids=["rss", "json"])
@pytest.mark.parametrize(
    "kind", ["text/html", "text/plain", "application/octet-stream", "application/json", "", None]
)
def test_row_72_the_type_is_a_hint_and_the_root_decides(
    newsroom: Newsroom, body: bytes, kind: str | None
) -> None:
    headers: Headers = () if kind is None else ((b"Content-Type", kind.encode()),)
    polls(newsroom, Reply(body, headers=headers))
    assert newsroom.titles() == ["A"]


def test_row_73_the_charset_is_found_in_the_stated_order(newsroom: Newsroom) -> None:
    text = rss("Café").decode()
    latin = Reply(
        text.encode("latin-1"), headers=((b"Content-Type", b"text/xml; charset=iso-8859-1"),)
    )
    utf_8 = Reply(text.encode(), headers=((b"Content-Type", b"text/xml; charset=iso-8859-1"),))
    marked = Reply(b"\xef\xbb\xbf" + text.encode())
    for refresh in polls(newsroom, latin, utf_8, marked):
        assert refresh.feed is not None
    assert newsroom.titles() == ["Café"]
    assert newsroom.store.figures().revisions == 0
