"""Section A of the polling rules: conditional requests."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.claims import LEASE
from aggregator.model import Outcome
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW
from tests.publisher import (
    Headers,
    Reply,
    Scripted,
    truncated,
)
from tests.rows.asking import DAY, ETAG, HOUR, MODIFIED, PAGE, asked_with, gap, issued, polls, sent
from tests.scenario import Newsroom, rss


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
