"""Section D of the polling rules: redirects and identity."""

import pytest

from aggregator.model import Outcome
from tests.publisher import (
    Reply,
    redirect,
)
from tests.rows.asking import asked_with, issued, polls, sent
from tests.scenario import HOST, Newsroom, rss, url


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
