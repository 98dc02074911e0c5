"""Row 79 of the polling rules: answers that hold only what is new (RFC 3229)."""

import pytest

from aggregator.model.polls import Outcome
from tests.publisher import Headers, Reply, redirect
from tests.rows.asking import asked_with, issued, polls
from tests.scenario import Newsroom, rss

IM: Headers = ((b"IM", b"feed"),)


def delta(etag: bytes | None, *titles: str, headers: Headers = IM) -> Reply:
    return Reply(rss(*titles), status=226, headers=(*headers, *issued(etag)))


def present(newsroom: Newsroom) -> set[str]:
    """Return the titles of the entries that stand in the feed, as far as we know."""
    known = newsroom.store.known(newsroom.health().key, [])
    return {one.title for one in known if one.present}


def test_row_79_a_delta_is_asked_for_only_with_an_etag(newsroom: Newsroom) -> None:
    dated = Reply(rss("A"), headers=issued(None, b"Monday"))
    polls(newsroom, dated, Reply(rss("A"), headers=issued()), Reply(status=304))
    assert [seen.values(b"A-IM") for seen in newsroom.seen()] == [(), (), (b"feed",)]


def test_row_79_a_delta_adds_to_what_is_known_and_takes_nothing_away(newsroom: Newsroom) -> None:
    whole = Reply(rss("B", "A"), headers=issued(b'"1"'))
    _, second, third = polls(
        newsroom, whole, delta(b'"2"', "C"), Reply(status=304, headers=issued(b'"2"'))
    )
    assert (second.poll.outcome, second.poll.status, second.poll.new) == (Outcome.NEW, 226, 1)
    assert second.present is None
    assert third.poll.outcome is Outcome.NOT_MODIFIED
    assert asked_with(newsroom) == [(None, None), (b'"1"', None), (b'"2"', None)]
    assert present(newsroom) == {"A", "B", "C"}


def test_row_79_an_entry_in_a_delta_may_be_revised(newsroom: Newsroom) -> None:
    whole = Reply(rss("A"), headers=issued(b'"1"'))
    longer = rss("A").replace(b"</item>", b"<description>At length.</description></item>")
    _, second = polls(newsroom, whole, Reply(longer, status=226, headers=(*IM, *issued(b'"2"'))))
    assert (second.poll.new, second.poll.changed) == (0, 1)


def test_row_79_a_whole_document_afterwards_counts_for_all_it_leaves_out(
    newsroom: Newsroom,
) -> None:
    whole = Reply(rss("B", "A"), headers=issued(b'"1"'))
    # The very bytes of before the delta: what that brought has been withdrawn.
    *_, last = polls(newsroom, whole, delta(b'"2"', "C"), whole)
    assert last.poll.outcome is Outcome.UNCHANGED
    assert present(newsroom) == {"A", "B"}
    assert sorted(newsroom.titles()) == ["A", "B", "C"]


def test_row_79_a_whole_document_is_not_taken_for_the_delta_that_it_looks_like(
    newsroom: Newsroom,
) -> None:
    whole, shorter = Reply(rss("A"), headers=issued(b'"1"')), rss("B")
    polls(newsroom, whole, delta(b'"2"', "B"), Reply(shorter, headers=issued(b'"3"')))
    assert present(newsroom) == {"B"}


def test_row_79_a_delta_that_does_not_say_of_what_leaves_the_etag_as_it_is(
    newsroom: Newsroom,
) -> None:
    whole = Reply(rss("A"), headers=issued(b'"1"'))
    polls(newsroom, whole, delta(None, "B"), delta(None, "B"))
    assert asked_with(newsroom)[2] == (b'"1"', None)
    assert present(newsroom) == {"A", "B"}


@pytest.mark.parametrize(
    "headers", [(), ((b"IM", b"vcdiff"),), ((b"IM", b"feed, gzip"),), ((b"IM", b""),)]
)
def test_row_79_a_226_of_another_kind_is_an_error(newsroom: Newsroom, headers: Headers) -> None:
    whole = Reply(rss("A"), headers=issued(b'"1"'))
    _, second, _ = polls(newsroom, whole, *[delta(b'"2"', "B", headers=headers)] * 2)
    assert second.poll.error_code == "http"
    assert asked_with(newsroom)[2] == (b'"1"', None)
    assert newsroom.titles() == ["A"]


def test_row_79_a_226_that_nobody_asked_for_is_an_error(newsroom: Newsroom) -> None:
    (refresh,) = polls(newsroom, delta(b'"1"', "A"))
    assert refresh.poll.outcome is Outcome.FAILED
    assert newsroom.titles() == []


def test_row_79_a_delta_is_asked_of_whoever_issued_the_etag(newsroom: Newsroom) -> None:
    newsroom.publisher.serve(
        "/new", Reply(rss("A"), headers=issued(b'"1"')), delta(b'"2"', "B"), Reply(status=304)
    )
    polls(newsroom, *[redirect("/new")] * 3)
    assert [seen.values(b"A-IM") for seen in newsroom.seen()] == [()] * 3
    assert [seen.values(b"A-IM") for seen in newsroom.seen("/new")] == [(), *[(b"feed",)] * 2]
    assert present(newsroom) == {"A", "B"}
