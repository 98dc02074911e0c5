"""Section F of the polling rules: timing and load."""

from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from email.utils import format_datetime

from aggregator.model.polls import Refresh
from aggregator.store.sqlite import SqliteStore
from tests.publisher import (
    Headers,
    Reply,
    Scripted,
    Seen,
)
from tests.rows.asking import DAY, HOUR, gap, issued, polls
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
    for _ in range(40):
        due_at = newsroom.store.next_due_at()
        assert due_at is not None
        newsroom.clock.at = due_at
        stories.insert(0, f"Story {len(stories)}")
        newsroom.publisher.serve("/busy", Reply(rss(*stories[:20])))
        newsroom.publisher.serve("/quiet", Reply(rss("Once")))
        newsroom.poll()
    assert len(newsroom.seen("/busy")) > 2 * len(newsroom.seen("/quiet"))


def test_row_57_a_dormant_feed_slows_to_days_and_a_burst_wakes_it_within_two_polls(
    newsroom: Newsroom,
) -> None:
    long_ago = [timedelta(days=400 + 30 * number) for number in range(8)]
    still = Reply(dated(newsroom, *long_ago), headers=issued())
    *_, dormant = polls(newsroom, still, *[Reply(status=304, headers=issued())] * 3)
    assert gap(dormant) > 2 * DAY
    assert "silent for 40" in dormant.due_reason
    newsroom.clock.at = dormant.due_at
    fresh = [timedelta(hours=hours) for hours in (1, 5, 9)]
    awake, still_awake = polls(
        newsroom, Reply(dated(newsroom, *fresh, *long_ago)), Reply(status=304)
    )
    assert gap(awake) < gap(dormant) / 4
    assert gap(still_awake) < gap(dormant) / 4


def dated(newsroom: Newsroom, *ages: timedelta) -> bytes:
    """Return a document whose entries are so old."""
    items = (
        f"<item><title>{at:%d %B %H:%M}</title><pubDate>{format_datetime(at)}</pubDate></item>"
        for at in (newsroom.clock() - age for age in ages)
    )
    return f"<rss version='2.0'><channel><title>A</title>{''.join(items)}</channel></rss>".encode()


def test_row_58_feeds_that_were_imported_together_do_not_stay_together(newsroom: Newsroom) -> None:
    feeds, polls_each = 24, 5
    urls = [f"http://host-{number}.example/feed" for number in range(feeds)]
    newsroom.subscribe(*urls)
    newsroom.publisher.serve("/feed", Reply(rss("A"), headers=issued()))
    newsroom.poll()
    newsroom.publisher.serve("/feed", Reply(status=304, headers=issued()))
    asked_at: list[datetime] = []
    # A new process polls nothing that is not due.
    newsroom.sweep = newsroom.sweep_over(newsroom.store)
    assert not newsroom.poll()
    while len(asked_at) < feeds * (polls_each - 1):
        due_at = newsroom.store.next_due_at()
        assert due_at is not None
        newsroom.clock.at = due_at
        asked_at.extend([due_at] * len(newsroom.poll()))
    minutes = Counter(at.replace(second=0) for at in asked_at)
    assert max(minutes.values()) <= 3
    # The shares of the twelfths of an hour: none is twice what it would be by chance alone.
    twelfths = Counter(at.minute // 5 for at in asked_at)
    assert max(twelfths.values()) <= 2 * len(asked_at) / 12
    assert sum(at.minute == 0 for at in asked_at) <= len(asked_at) / 20


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
