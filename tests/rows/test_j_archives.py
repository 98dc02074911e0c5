"""Section J of the polling rules, row 80: complete feeds, back-fills and archives (RFC 5005)."""

from aggregator.query.syntax import parse
from aggregator.store.base import Search
from tests.publisher import Reply
from tests.rows.asking import polls
from tests.scenario import Newsroom, rss

COMPLETE = '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>'


def complete(*titles: str) -> Reply:
    return Reply(rss(*titles, head=COMPLETE))


# --- complete feeds -------------------------------------------------------------------------------


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
