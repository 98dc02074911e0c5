"""Section C of the polling rules: rate limits and errors."""

from datetime import timedelta

import pytest

from aggregator.model.polls import Outcome
from tests.builders import NOW
from tests.publisher import (
    Headers,
    Raw,
    Reply,
    Scripted,
    truncated,
)
from tests.rows.asking import DAY, HOUR, PAGE, gap, issued, polls
from tests.scenario import Newsroom, rss


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


@pytest.mark.parametrize("status", [302, 410, 418, 500, 503])
def test_row_29_retry_after_is_obeyed_with_any_status(newsroom: Newsroom, status: int) -> None:
    away: Headers = ((b"Retry-After", b"180000"), (b"Location", b"/elsewhere"))
    (refresh,) = polls(newsroom, Reply(status=status, headers=away))
    assert refresh.poll.outcome in {Outcome.FAILED, Outcome.GONE}
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


@pytest.mark.parametrize("between", [410, 500])
def test_row_35_somebody_who_cannot_wait_does_not_make_two_of_one_410(
    newsroom: Newsroom, between: int
) -> None:
    _, gone = polls(newsroom, Reply(rss("A")), Reply(status=410))
    newsroom.publisher.serve("/feed", Reply(status=between), Reply(status=410))
    for _ in range(2):
        newsroom.clock.advance(hours=2)
        (early,) = newsroom.poll("/feed")
        assert not early.stopped
        assert early.due_at >= gone.due_at
    assert newsroom.poll_next().stopped


@pytest.mark.parametrize("answer", [Reply(status=503), Reply(status=410)])
def test_row_33_another_interval_does_not_end_the_wait_after_failures(
    newsroom: Newsroom, answer: Reply
) -> None:
    polls(newsroom, Reply(rss("A")), answer)
    due_at = newsroom.store.next_due_at()
    newsroom.subscribe("/feed", interval=HOUR)
    assert newsroom.store.next_due_at() == due_at


def test_row_31_another_interval_is_stretched_by_what_429s_have_taught(newsroom: Newsroom) -> None:
    limited = [Reply(status=429)] * 2
    *_, last = polls(newsroom, Reply(rss("A")), *limited, Reply(rss("A")))
    newsroom.subscribe("/feed", interval=HOUR)
    assert newsroom.store.next_due_at() == last.poll.ended_at + HOUR * last.rhythm.penalty


@pytest.mark.parametrize("status", [401, 403, 451])
def test_row_36_who_denies_us_is_left_alone_for_longer(newsroom: Newsroom, status: int) -> None:
    waits = [gap(refresh) for refresh in polls(newsroom, *[Reply(status=status)] * 8)]
    assert 6 * HOUR <= waits[0] <= 7 * HOUR
    assert 12 * HOUR <= waits[1] <= 14 * HOUR
    assert 7 * DAY <= waits[-1] <= 7 * DAY + 3 * HOUR


def test_row_36_a_challenge_of_cloudflares_is_named_and_not_taken_up(newsroom: Newsroom) -> None:
    challenge: Headers = ((b"cf-mitigated", b"challenge"), (b"CF-Ray", b"8f1c-LHR"))
    (refresh,) = polls(newsroom, Reply(PAGE, status=403, headers=challenge))
    assert gap(refresh) >= 6 * HOUR
    assert "Cloudflare (HTTP 403, CF-Ray 8f1c-LHR)" in (refresh.poll.sentence or "")
    assert len(newsroom.publisher.seen()) == 1


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
