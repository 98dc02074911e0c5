"""Section F of the polling rules: timing and load."""

from contextlib import closing
from datetime import timedelta

from aggregator.model import Refresh
from aggregator.store.sqlite import SqliteStore
from tests.publisher import (
    Headers,
    Reply,
    Scripted,
    Seen,
)
from tests.rows.asking import HOUR, gap, issued, polls
from tests.scenario import Newsroom, rss, url


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
