"""Section J of the polling rules, row 80: complete feeds, back-fills and archives (RFC 5005)."""

from datetime import timedelta
from itertools import pairwise

import pytest

from aggregator.archives import asked_for, reading_of
from aggregator.fetch.politeness import Hosts
from aggregator.model.polls import Outcome, Refresh
from aggregator.query.syntax import parse
from aggregator.store.base import Search
from tests.builders import NOW
from tests.patient import patient
from tests.publisher import Reply, redirect
from tests.rows.asking import issued, polls
from tests.scenario import Newsroom, rss, url

COMPLETE = '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>'


def complete(*titles: str) -> Reply:
    return Reply(rss(*titles, head=COMPLETE))


# --- complete feeds ------------------------------------------------------------------------------


def test_row_80_a_complete_feed_withdraws_what_it_does_not_hold(newsroom: Newsroom) -> None:
    first, second = polls(newsroom, complete("B", "A"), complete("C", "B"))
    assert set(newsroom.titles()) == {"B", "C"}
    assert newsroom.health().entries == newsroom.store.figures().entries == 2
    gone = next(tagged.entry.id for tagged in first.new if tagged.entry.title == "A")
    assert newsroom.store.entry(gone).retracted_at == second.poll.ended_at
    polls(newsroom, complete("C", "B", "A"))
    assert set(newsroom.titles()) == {"A", "B", "C"}
    assert newsroom.store.count(Search(newsroom.clock(), query=parse("title:A"))) == 1
    assert newsroom.store.entry(gone).retracted_at is None


def test_row_80_a_feed_that_is_not_complete_or_not_sound_withdraws_nothing(
    newsroom: Newsroom,
) -> None:
    broken = rss("B", head=COMPLETE).replace(b"</channel></rss>", b"")
    polls(newsroom, complete("B", "A"), Reply(broken), Reply(rss("B")))
    assert set(newsroom.titles()) == {"A", "B"}
    assert newsroom.health().entries == 2


# --- documents of dated entries -------------------------------------------------------------------


def dated(*days: int, **links: str) -> Reply:
    """A document with an entry of each of these days, counted from the first poll."""
    named = "".join(
        f'<link rel="{relation.replace("_", "-")}" href="{to}"/>' for relation, to in links.items()
    )
    entries = "".join(
        f"<entry><id>urn:day:{day}</id><title>Day {day}</title>"
        f"<published>{(NOW + timedelta(days=day)).isoformat()}</published></entry>"
        for day in days
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{named}{entries}</feed>'
    return Reply(body.encode(), headers=issued())


def paths(newsroom: Newsroom) -> list[str]:
    return [seen.path for seen in newsroom.publisher.seen()]


def backfilled(newsroom: Newsroom, left: int = 20) -> list[Refresh]:
    earlier = newsroom.health().earlier
    assert earlier is not None
    before = len(newsroom.heard.refreshes)
    newsroom.sweep.run_errand(url("/feed"), reading_of(asked_for(earlier, left)))
    assert newsroom.sweep.round(())
    return newsroom.heard.refreshes[before:]


# --- back-fills -----------------------------------------------------------------------------------


def test_row_80_pages_are_read_where_somebody_asks_for_them(newsroom: Newsroom) -> None:
    (first,) = polls(newsroom, dated(0, next="/feed?page=2"))
    newsroom.publisher.serve("/feed?page=2", dated(-1, -2, next="/feed?page=3"))
    newsroom.publisher.serve("/feed?page=3", dated(-3))
    polls(newsroom, dated(1, 0, next="/feed?page=2"))
    assert paths(newsroom) == ["/feed", "/feed"]
    before = newsroom.health()
    pages = backfilled(newsroom)
    assert paths(newsroom)[2:] == ["/feed?page=2", "/feed?page=3"]
    assert [len(page.new) for page in pages] == [2, 1]
    assert newsroom.titles() == ["Day 1", "Day 0", "Day -1", "Day -2", "Day -3"]
    after = newsroom.health()
    assert (after.due_at, after.due_reason, after.rhythm) == (
        before.due_at,
        before.due_reason,
        before.rhythm,
    )
    assert {asked.purpose for page in pages for asked in page.asked} == {"archive"}
    last = newsroom.poll_next()
    assert last.new == ()
    assert newsroom.seen()[-1].values(b"If-None-Match") == (b'"1"',)
    assert first.present == frozenset(one.entry.id for one in first.new)


@pytest.mark.parametrize("left", [2, 99])
def test_row_80_a_walk_ends_after_so_many_pages(newsroom: Newsroom, left: int) -> None:
    polls(newsroom, dated(0, next="/2"))
    for page in range(2, 40):
        newsroom.publisher.serve(f"/{page}", dated(-page, next=f"/{page + 1}"))
    assert len(backfilled(newsroom, left)) == min(left, 20)


def test_rows_59_and_80_pages_of_one_host_are_asked_for_with_a_gap(newsroom: Newsroom) -> None:
    polls(newsroom, dated(0, next="/2"))
    for page in (2, 3, 4):
        newsroom.publisher.serve(f"/{page}", dated(-page, next=f"/{page + 1}"))
    earlier = newsroom.health().earlier
    assert earlier is not None
    before = len(newsroom.heard.refreshes)
    sweep = patient(newsroom, hosts=Hosts(timedelta(seconds=2), timedelta(0)))
    sweep.run_errand(url("/feed"), reading_of(asked_for(earlier, 3)))
    assert sweep.round(())
    starts = [each.asked[0].hop.at for each in newsroom.heard.refreshes[before:]]
    assert len(starts) == 3
    assert all(late - soon >= timedelta(seconds=2) for soon, late in pairwise(starts))


@pytest.mark.parametrize("back", ["/feed", "/2", "/3"])
def test_row_80_a_walk_in_a_circle_ends(newsroom: Newsroom, back: str) -> None:
    polls(newsroom, dated(0, next="/2"))
    newsroom.publisher.serve("/2", dated(-2, next="/3"))
    newsroom.publisher.serve("/3", dated(-3, next=back))
    pages = backfilled(newsroom)
    assert len(pages) == len(set(paths(newsroom)[1:])) <= 3
    assert len(newsroom.entries()) == 3


@pytest.mark.parametrize(
    "reply",
    [Reply(status=404), Reply(status=410), Reply(b"<html>"), redirect("http://secret.internal/")],
)
def test_row_80_a_page_that_does_not_come_leaves_the_feed_as_it_was(
    newsroom: Newsroom, reply: Reply
) -> None:
    polls(newsroom, dated(0, next="/2"))
    newsroom.publisher.serve("/2", reply)
    before = newsroom.health()
    (missed,) = backfilled(newsroom)
    assert missed.poll.outcome is Outcome.FAILED
    after = newsroom.health()
    assert (after.due_at, after.rhythm, after.last_success_at) == (
        before.due_at,
        before.rhythm,
        before.last_success_at,
    )


# --- archives -------------------------------------------------------------------------------------


def archived(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/b", dated(2, 1, prev_archive="/a"))
    newsroom.publisher.serve("/a", dated(0, -1, prev_archive="/older"))
    newsroom.publisher.serve("/older", dated(-9))


def round_of(newsroom: Newsroom, reply: Reply) -> list[Refresh]:
    """Poll when the feed is due, and return all that was committed until nothing is under way."""
    newsroom.publisher.serve("/feed", reply)
    due_at = newsroom.store.next_due_at()
    assert due_at is not None
    newsroom.clock.at = due_at
    return newsroom.poll()


def test_row_80_a_gap_is_filled_from_the_archives_each_read_once(newsroom: Newsroom) -> None:
    archived(newsroom)
    polls(newsroom, dated(0, prev_archive="/a"))
    assert paths(newsroom) == ["/feed"]
    polled, *_ = round_of(newsroom, dated(4, 3, prev_archive="/b"))
    assert paths(newsroom) == ["/feed", "/feed", "/b", "/a"]
    assert {f"Day {day}" for day in (-1, 0, 1, 2, 3, 4)} == set(newsroom.titles())
    assert [asked.purpose for asked in polled.asked] == ["poll"]
    polls(newsroom, dated(9, prev_archive="/b"))
    assert paths(newsroom)[4:] == ["/feed"]


def test_row_80_without_a_gap_no_archive_is_read(newsroom: Newsroom) -> None:
    archived(newsroom)
    polls(
        newsroom,
        dated(2, prev_archive="/b"),
        dated(3, 2, prev_archive="/b"),
        dated(4, 1, prev_archive="/b"),
        Reply(status=304),
        Reply(rss("Undated")),
    )
    assert set(paths(newsroom)) == {"/feed"}


def test_row_80_what_an_archive_brings_stands_at_its_own_date(newsroom: Newsroom) -> None:
    archived(newsroom)
    polls(newsroom, dated(0, prev_archive="/a"))
    round_of(newsroom, dated(4, prev_archive="/b"))
    found = {one.entry.title: one.arrived_at for one in newsroom.entries()}
    assert found["Day -1"] == NOW - timedelta(days=1)
