"""One poll of one feed: what is asked of the outside world, and what its answer comes to."""

import pickle
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.errors import (
    FeedError,
    HttpStatusError,
    NotAFeedError,
    ParserLimitError,
    TimedOutError,
)
from aggregator.model.entries import Source
from aggregator.model.feeds import Rhythm, Validators
from aggregator.model.fetching import Document, Fetched, FetchRequest, Gone, NotModified
from aggregator.model.polls import Outcome, PollRecord, Refresh
from aggregator.pipeline import (
    Answered,
    Edge,
    Failed,
    Read,
    Reading,
    Reads,
    Same,
    Tell,
    Visit,
    read,
    visit,
)
from aggregator.polling import Pace, Wishes
from aggregator.query.syntax import parse
from aggregator.settling import Policy
from aggregator.settling import settle as settled
from aggregator.tagger import Tagger
from aggregator.tagging import Rule
from tests.builders import FEED, NOW, dated, entry, feed, feed_state, known
from tests.scenario import Clock, rss

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DONE = NOW + timedelta(seconds=5)
"""When the visits of these tests have ended."""

STORED = Validators(b'"old"', b"Mon, 02 Mar 2026 10:00:00 GMT")
ISSUED = Validators(b'"new"')
LIVELY = feed_state(
    title="News",
    validators=STORED,
    body_hash="old",
    last_poll_at=NOW - HOUR,
    last_success_at=NOW - HOUR,
    rhythm=Rhythm(events=3.0, days=9.0, observed_at=NOW - HOUR, validated=True),
)
"""A feed that was read before."""


def rule(name: str, query: str) -> Rule:
    return Rule(name, name.title(), parse(query), query, version="1")


RULES = (rule("mali", "Bamako OR Mali"), rule("talks", "talk*"))
POLICY = Policy(Tagger(RULES), pace=Pace(), own_pace=Pace(floor=timedelta(0)))


def document(**changes: Any) -> Document:
    fields: dict[str, Any] = {
        "url": FEED,
        "body": b"<rss/>",
        "body_hash": "new",
        "fetched_at": NOW + timedelta(seconds=2),
        "validators": ISSUED,
    }
    return Document(**{**fields, **changes})


def came_with(*entries: Any, title: str = "News", **changes: Any) -> Read:
    return Read(document(**changes), Reading(feed(title), entries, Wishes()))


def settle(
    came: Answered, *remembered: Any, state: Any = LIVELY, policy: Policy = POLICY
) -> Refresh:
    return settled(Visit(state, NOW, DONE, came), remembered, policy)


# --- entries -------------------------------------------------------------------------------------


def test_entries_of_a_first_poll_arrived_when_they_were_published() -> None:
    old, undated = entry("Old", published=dated(NOW - DAY)), entry("Undated", published=None)
    coming = entry("Coming", published=dated(NOW + DAY))
    refresh = settle(came_with(old, undated, coming), state=feed_state())
    arrivals = {new.entry.title: new.arrived_at for new in refresh.new}
    assert arrivals == {"Old": NOW - DAY, "Undated": DONE, "Coming": DONE}
    assert {new.first_seen_at for new in refresh.new} == {DONE}


def test_a_first_success_after_failures_is_still_a_first_poll() -> None:
    state = feed_state(last_poll_at=NOW - HOUR, rhythm=Rhythm(failures=3, failing_since=NOW - DAY))
    refresh = settle(came_with(entry(published=dated(NOW - DAY))), state=state)
    assert refresh.new[0].arrived_at == NOW - DAY
    assert refresh.rhythm.failures == 0


def test_entries_of_later_polls_arrive_when_they_are_seen() -> None:
    refresh = settle(came_with(entry(published=dated(NOW - 300 * DAY))))
    assert (refresh.new[0].first_seen_at, refresh.new[0].arrived_at) == (DONE, DONE)


def test_a_changed_entry_keeps_its_id_and_times_and_is_tagged_anew() -> None:
    before = entry("Talks resume in Bamako")
    after = entry("Talks resume in Bamako", title="Dialogue in Dakar", content_hash="other")
    remembered = known(before, first_seen_at=NOW - DAY, arrived_at=NOW - 2 * DAY)
    refresh = settle(came_with(after), remembered)
    (changed,) = refresh.changed
    assert changed.entry.id == before.id
    assert (changed.first_seen_at, changed.arrived_at) == (NOW - DAY, NOW - 2 * DAY)
    assert changed.tags == ()
    assert refresh.new == ()
    assert refresh.poll.changed == 1


def test_an_unchanged_entry_is_neither_new_nor_changed_but_present() -> None:
    there = entry()
    refresh = settle(came_with(there), known(there))
    assert (refresh.new, refresh.changed) == ((), ())
    assert refresh.present == frozenset({there.id})
    assert refresh.poll.outcome is Outcome.UNCHANGED


def test_an_entry_under_another_guid_is_stored_anew_but_is_no_news() -> None:
    before = entry()
    after = entry(identity="guid:reissued", guid="reissued", id="z" * 16)
    refresh = settle(came_with(after), known(before))
    assert [changed.entry.id for changed in refresh.changed] == [before.id]
    assert (refresh.poll.outcome, refresh.poll.changed) == (Outcome.UNCHANGED, 0)


def test_new_entries_are_tagged_with_evidence() -> None:
    refresh = settle(came_with(entry("Talks resume in Bamako"), entry("Rain")))
    first, second = refresh.new
    assert [tag.name for tag in first.tags] == ["mali", "talks"]
    assert [(span.start, span.end, span.value) for span in first.tags[0].evidence] == [
        (16, 22, "Bamako")
    ]
    assert second.tags == ()


def test_rules_may_ask_for_the_feed_by_the_name_that_it_will_have() -> None:
    policy = Policy(Tagger((rule("ours", 'feed:"Sahel Wire"'),)), Pace(), Pace())
    unnamed = feed_state(name=FEED)
    refresh = settle(came_with(entry(), title="Sahel Wire"), state=unnamed, policy=policy)
    assert [tag.name for tag in refresh.new[0].tags] == ["ours"]


@pytest.mark.parametrize(
    ("name", "title", "told", "expected"),
    [
        (FEED, None, "Sahel Wire", "Sahel Wire"),  # never read, not named by the user
        (FEED, None, "", FEED),  # nor by the publisher
        ("My wire", None, "Sahel Wire", "My wire"),  # named by the user
        ("Sahel Wire", "Sahel Wire", "Sahel Wire – renamed", "Sahel Wire"),  # known by its first
    ],
)
def test_a_source_goes_by_the_users_name_else_its_first_title_else_its_address(
    name: str, title: str | None, told: str, expected: str
) -> None:
    state = feed_state(name=name, title=title, labels=("wire",))
    refresh = settle(came_with(entry(), title=told), state=state)
    assert refresh.new[0].source == Source(FEED, expected, ("wire",), told, "https://news.example/")


# --- what is kept --------------------------------------------------------------------------------


def test_a_document_replaces_validators_and_hash_as_a_set() -> None:
    refresh = settle(came_with())
    assert (refresh.validators, refresh.body_hash) == (ISSUED, "new")
    assert settle(came_with(validators=Validators())).validators == Validators()


def test_a_304_replaces_the_validators_and_keeps_the_hash() -> None:
    refresh = settle(NotModified(NOW, ISSUED))
    assert (refresh.validators, refresh.body_hash) == (ISSUED, "old")
    assert (refresh.feed, refresh.present, refresh.new) == (None, None, ())
    assert refresh.poll == PollRecord(NOW, DONE, Outcome.NOT_MODIFIED, status=304)


def test_the_same_bytes_again_replace_the_validators_and_touch_no_entry() -> None:
    refresh = settle(Same(document(body_hash="old")))
    assert (refresh.validators, refresh.body_hash) == (ISSUED, "old")
    assert (refresh.feed, refresh.present, refresh.new) == (None, None, ())
    assert refresh.poll == PollRecord(NOW, DONE, Outcome.NOT_MODIFIED, status=200, body_bytes=6)
    # A whole body although nothing is new: its validators are worth nothing.
    assert not refresh.rhythm.validated


FAILURES: dict[str, tuple[FeedError, Document | None, int | None]] = {
    "timeout": (TimedOutError("It took too long."), None, None),
    "http": (HttpStatusError("It is not there.", status=404), None, 404),
    "not_a_feed": (NotAFeedError("It is a web page."), document(), 200),
    "parser_limit": (ParserLimitError("It is too deep."), document(status=203), 203),
}


@pytest.mark.parametrize("code", FAILURES)
def test_a_failure_keeps_all_that_was_known(code: str) -> None:
    error, answer, status = FAILURES[code]
    refresh = settle(Failed(error, NOW, answer))
    assert (refresh.validators, refresh.body_hash) == (STORED, "old")
    assert (refresh.feed, refresh.present, refresh.new, refresh.changed) == (None, None, (), ())
    assert refresh.poll == PollRecord(
        NOW, DONE, Outcome.FAILED, status=status, error_code=code, sentence=str(error)
    )
    assert refresh.rhythm.failures == 1
    assert not refresh.stopped


def test_what_a_server_says_of_coming_back_counts_whatever_became_of_its_answer() -> None:
    busy = HttpStatusError("Busy.", status=503, retry_after=5 * HOUR, lifetime=2 * HOUR)
    page = document(retry_after=5 * HOUR, lifetime=2 * HOUR)
    answers: tuple[Answered, ...] = (
        Failed(busy, NOW),
        Failed(NotAFeedError("A page."), NOW, page),
        Read(page, Reading(feed(), (), Wishes())),
        Same(page),
        NotModified(page.fetched_at, STORED, page.lifetime, page.retry_after),
    )
    for came in answers:
        rhythm = settle(came).rhythm
        assert rhythm.not_before is not None
        assert rhythm.fresh_until is not None
        assert timedelta(0) <= rhythm.not_before - (NOW + 5 * HOUR) <= DONE - NOW
        assert timedelta(0) <= rhythm.fresh_until - (NOW + 2 * HOUR) <= DONE - NOW


def test_a_feed_that_is_gone_is_asked_once_more_and_then_stopped() -> None:
    first = settle(Gone(NOW))
    assert not first.stopped
    assert first.due_at >= NOW + DAY
    assert (first.validators, first.body_hash) == (STORED, "old")
    assert first.poll == PollRecord(NOW, DONE, Outcome.GONE, status=410)
    second = settle(Gone(NOW), state=feed_state(rhythm=first.rhythm))
    assert second.stopped


def test_an_answer_after_a_410_begins_the_count_anew() -> None:
    state = feed_state(rhythm=Rhythm(gone=1))
    assert settle(came_with(), state=state).rhythm.gone == 0


def test_the_record_counts_what_came() -> None:
    refresh = settle(came_with(entry("New"), entry("Newer")))
    assert refresh.poll == PollRecord(NOW, DONE, Outcome.NEW, status=200, new=2, body_bytes=6)


def test_the_publishers_wishes_are_remembered() -> None:
    wishes = Wishes(ttl=2 * HOUR, skip_hours=frozenset({3}))
    refresh = settle(Read(document(), Reading(feed(), (), wishes)))
    assert (refresh.rhythm.ttl, refresh.rhythm.skip_hours) == (2 * HOUR, frozenset({3}))
    later = settle(NotModified(NOW, ISSUED), state=feed_state(rhythm=refresh.rhythm))
    assert later.rhythm.ttl == 2 * HOUR


def test_a_first_poll_learns_from_the_archive_and_later_ones_from_what_they_see() -> None:
    archive = [entry(f"Day {n}", published=dated(NOW - n * DAY)) for n in range(1, 6)]
    seeded = settle(came_with(*archive), state=feed_state()).rhythm
    assert 4 < seeded.events < 5
    assert seeded.last_event_at == NOW - DAY
    # An archive that comes at once later on is one event.
    later = settle(came_with(*archive), state=feed_state(last_success_at=NOW - DAY)).rhythm
    assert later.events == 1


def test_an_answer_without_validators_is_remembered_as_such() -> None:
    assert settle(came_with(), state=feed_state()).rhythm.validated
    bare = came_with(validators=Validators())
    assert not settle(bare, state=feed_state()).rhythm.validated


# --- whose floor ---------------------------------------------------------------------------------

PACES = Policy(Tagger(()), pace=Pace(floor=10 * HOUR), own_pace=Pace(floor=timedelta(0)))


@pytest.mark.parametrize(
    ("came", "admitted"),
    [
        (came_with(admitted=True), True),
        (came_with(), False),
        (Same(document(admitted=True)), True),
        (NotModified(NOW, STORED, admitted=True), True),
        (Gone(NOW, admitted=True), True),
        (Failed(NotAFeedError("A page."), NOW, document(admitted=True)), True),
        (Failed(HttpStatusError("It is gone.", status=404, admitted=True), NOW), True),
        (Failed(HttpStatusError("It is gone.", status=404), NOW), False),
        (Failed(NotAFeedError("A page."), NOW, document()), False),
        (Failed(TimedOutError("Late."), NOW), False),
    ],
)
def test_the_floor_is_that_of_where_the_answer_came_from(came: Answered, admitted: bool) -> None:
    refresh = settle(came, policy=PACES, state=feed_state(last_success_at=NOW - HOUR))
    assert refresh.admitted is admitted
    if not isinstance(came, Gone):
        assert (refresh.due_at < NOW + 10 * HOUR) is admitted


def test_a_failure_without_an_answer_leaves_the_feed_where_it_was() -> None:
    late = Failed(TimedOutError("Late."), NOW)
    assert settle(late, state=feed_state(admitted=True)).admitted
    assert settle(late, state=feed_state("file:///feeds/one.xml")).admitted


# --- laws ----------------------------------------------------------------------------------------


def test_settling_is_constant_and_changes_nothing() -> None:
    came = came_with(entry())
    assert settle(came) == settle(came)


def test_the_proof_of_the_claim_is_handed_on() -> None:
    refresh = settle(came_with(), state=feed_state(token="mine"))
    assert (refresh.key, refresh.token) == (FEED, "mine")


# --- visits --------------------------------------------------------------------------------------


class Ticking(Clock):
    """A clock that goes on by a second at each reading."""

    def __call__(self) -> datetime:
        self.advance(seconds=1)
        return self.at


def edge(
    fetched: Fetched | Exception,
    reading: Reads = read,
    asked: list[FetchRequest] | None = None,
) -> Edge:
    def fetch(request: FetchRequest, _: Tell) -> Fetched:
        if asked is not None:
            asked.append(request)
        if isinstance(fetched, Exception):
            raise fetched
        return fetched

    return Edge(fetch, reading, Ticking(NOW), "aggregator/1")


def unread(*_: object) -> Reading:
    raise AssertionError("nothing is to be parsed")


def test_a_visit_asks_conditionally_and_reads_what_comes() -> None:
    asked: list[FetchRequest] = []
    whole = document(body=rss("Talks", title="Wire"))
    visited = visit(LIVELY, edge(whole, asked=asked))
    assert (b"If-None-Match", b'"old"') in asked[0].headers
    assert (b"User-Agent", b"aggregator/1 (feed-id=d5ac862b2796)") in asked[0].headers
    assert isinstance(visited.came, Read)
    assert visited.came.document == whole
    assert visited.came.reading.feed.title == "Wire"
    assert [one.title for one in visited.came.reading.entries] == ["Talks"]
    assert [one.feed for one in visited.came.reading.entries] == [FEED]
    assert NOW < visited.started_at < visited.ended_at


def test_the_very_bytes_of_last_time_are_not_parsed_again() -> None:
    same = document(body_hash="old")
    assert visit(LIVELY, edge(same, unread)).came == Same(same)


@pytest.mark.parametrize("answer", [NotModified(NOW, STORED), Gone(NOW)])
def test_an_answer_without_a_document_passes_as_it_is(answer: NotModified | Gone) -> None:
    assert visit(LIVELY, edge(answer, unread)).came == answer


def test_a_fetch_that_fails_is_a_result() -> None:
    error = TimedOutError("It took too long.")
    came = visit(LIVELY, edge(error, unread)).came
    assert came == Failed(error, NOW + timedelta(seconds=2))


def test_an_address_that_cannot_be_asked_is_a_failure_too() -> None:
    came = visit(feed_state("gopher://news.example/"), edge(document(), unread)).came
    assert isinstance(came, Failed)
    assert came.error.code == "url"


def test_a_document_that_cannot_be_read_is_a_failure_that_knows_the_answer() -> None:
    page = document(body=b"<!DOCTYPE html><html><title>Welcome</title></html>")
    came = visit(LIVELY, edge(page)).came
    assert isinstance(came, Failed)
    assert came.error.code == "not_a_feed"
    assert came.document == page


def test_what_is_not_foreseen_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        visit(LIVELY, edge(ZeroDivisionError()))


def test_a_reading_comes_back_from_another_process() -> None:
    reading = read(document(body=rss("Talks", head="<ttl>90</ttl>")), FEED)
    assert reading.wishes.ttl == 1.5 * HOUR
    assert pickle.loads(pickle.dumps(reading)) == reading
