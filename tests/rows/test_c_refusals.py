"""Row 37 of the polling rules: servers that take offence at headers that nobody needs."""

from collections.abc import Callable

import pytest

from aggregator.model.polls import Outcome
from tests.publisher import Reply, Seen
from tests.rows.asking import HOUR, gap, issued, polls, sent
from tests.scenario import Newsroom, rss

FEED = Reply(rss("A"), headers=issued())


def asked(seen: Seen) -> tuple[bool, bytes, bool]:
    """Return whether a delta was asked for, in which codings, and whether of any kind."""
    (codings,), (kinds,) = seen.values(b"Accept-Encoding"), seen.values(b"Accept")
    return bool(seen.values(b"A-IM")), codings, kinds == b"*/*"


FULL, GZIP = b"gzip, br, zstd", b"gzip"


def unless(is_welcome: Callable[[Seen], bool], status: int) -> Callable[[Seen], Reply]:
    return lambda seen: FEED if is_welcome(seen) else Reply(status=status)


@pytest.mark.parametrize("status", [400, 405, 406, 415, 501])
def test_row_37_optional_headers_are_left_out_one_class_at_each_due_time(
    newsroom: Newsroom, status: int
) -> None:
    refused = Reply(status=status)
    refreshes = polls(newsroom, FEED, *[refused] * 3, FEED, Reply(status=304))
    assert [asked(seen) for seen in newsroom.seen()] == [
        (False, FULL, False),  # a delta is asked for by those alone who know something
        (True, FULL, False),
        (False, FULL, False),
        (False, GZIP, False),
        (False, GZIP, True),  # the first that is welcome
        (False, GZIP, True),
    ]
    assert len(refreshes) == len(newsroom.seen())  # not one request more than without it
    assert min(map(gap, refreshes)) >= HOUR
    # Row 9: what was issued to other headers is not sent with these.
    assert [sent(seen)[0] for seen in newsroom.seen()] == [
        None,
        *[b'"1"'] * 2,
        *[None] * 2,
        b'"1"',
    ]


def test_row_37_without_anything_known_there_is_no_delta_to_leave_out(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/feed", unless(lambda seen: not asked(seen)[1].count(b"br"), 400))
    assert newsroom.poll_next().poll.outcome is Outcome.FAILED
    assert newsroom.poll_next().poll.outcome is Outcome.NEW
    assert [asked(seen)[1] for seen in newsroom.seen()] == [FULL, GZIP]


def test_row_37_where_nothing_helps_it_was_not_the_headers(newsroom: Newsroom) -> None:
    polls(newsroom, *[Reply(status=400)] * 7)
    assert [asked(seen) for seen in newsroom.seen()] == [
        (False, FULL, False),
        (False, GZIP, False),
        (False, GZIP, True),
        *[(False, FULL, False)] * 4,
    ]


def test_row_37_what_was_found_outlives_other_failures_and_a_restart(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/feed", unless(lambda seen: asked(seen)[2], 406))
    for _ in range(3):
        newsroom.poll_next()
    newsroom.sweep = newsroom.sweep_over(newsroom.store)
    polls(newsroom, Reply(status=500), Reply(status=404), Reply(status=304))
    assert {asked(seen) for seen in newsroom.seen()[2:]} == {(False, GZIP, True)}


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_row_37_other_failures_have_nothing_to_do_with_headers(
    newsroom: Newsroom, status: int
) -> None:
    polls(newsroom, *[Reply(status=status)] * 3)
    assert {asked(seen) for seen in newsroom.seen()} == {(False, FULL, False)}
