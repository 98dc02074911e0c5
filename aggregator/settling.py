"""The second half of a poll, pure: what a visit means for what is stored, and when to come again.

Nothing is stored here: a `Refresh` goes to `Store.apply`, which commits it in one transaction.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from aggregator import politeness, polling
from aggregator.approach import approach
from aggregator.archives import earlier, following, gap
from aggregator.cadence.rhythm import observe
from aggregator.errors import FetchError
from aggregator.finding import Found, find
from aggregator.model.entries import KnownEntry
from aggregator.model.feeds import FeedState, Pause, Rhythm
from aggregator.model.fetching import Distrust, Document, Gone, NotModified
from aggregator.model.polls import Further, Outcome, PollRecord, Refresh
from aggregator.outcomes import failure_of, happened_at, outcome_of, record_of
from aggregator.pipeline import Answered, Failed, Missed, Part, Read, Same, Visit
from aggregator.polling import Pace
from aggregator.tagger import Tagger
from aggregator.websub.answers import distrust
from aggregator.websub.auditing import Audit, missed
from aggregator.websub.discovery import offered


@dataclass(frozen=True, slots=True)
class Policy:
    """What the configuration decides about every poll.

    ``pace`` holds for the public internet, ``own_pace`` where a feed comes from a file or from a
    network that only the configuration admits. ``hears_hubs`` says that somebody listens to what
    they tell us: else no hub is relied on, and none is to blame.
    """

    tagger: Tagger
    pace: Pace
    own_pace: Pace
    hears_hubs: bool = True

    def pace_of(self, *, admitted: bool) -> Pace:
        """Return how fast a feed may be polled."""
        return self.own_pace if admitted else self.pace

    def at(self, kappa: timedelta) -> "Policy":
        """Return the same with another pace for the public internet: our own costs nobody."""
        return replace(self, pace=replace(self.pace, kappa=kappa))


def settle(visited: Visit, known: tuple[KnownEntry, ...], policy: Policy) -> Refresh:
    """Decide what a visit means: which entries are new, their tags, and when to poll next."""
    state, came = visited.state, visited.came
    if isinstance(came, Part):
        return _settle_part(visited, came, known, policy)
    if isinstance(came, Missed):
        return _settle_missed(visited, came)
    found = find(visited, came, known, policy.tagger) if isinstance(came, Read) else None
    outcome = outcome_of(state, came, found)
    admitted = _admitted(state, came)
    pace = policy.pace_of(admitted=admitted)
    unpushed = polling.next_poll(replace(state, pushed=None), outcome, pace)
    kept_back = _distrust(visited, came, found, known) if policy.hears_hubs else None
    is_pushed = policy.hears_hubs and _is_pushed(visited) and kept_back is None
    due = polling.next_poll(state, outcome, pace) if is_pushed else unpushed
    asked_so = approach(
        visited,
        came,
        due.rhythm,
        news=found is not None and found.is_news,
        shared=found is not None and found.is_known,
    )
    has_moved = asked_so.fetch_url != state.fetch_url
    refresh = Refresh(
        key=state.key,
        token=state.token,
        poll=record_of(visited, came, found),
        rhythm=due.rhythm,
        due_at=due.due_at,
        due_reason=f"{due.reason}; it has moved for good" if has_moved else due.reason,
        stopped=due.stopped,
        admitted=admitted,
        validators=asked_so.validators,
        body_hash=asked_so.body_hash,
        fetch_url=asked_so.fetch_url,
        manners=asked_so.manners,
        moving=asked_so.moving,
        asked=visited.asked,
        pause=_pause(visited, came, admitted=admitted),
        unpushed_due_at=unpushed.due_at if is_pushed else None,
        distrust=kept_back,
    )
    if found is None or not isinstance(came, Read):
        return refresh
    return replace(_with_document(refresh, came, found), further=_gap(state, came, known, found))


def _with_document(refresh: Refresh, came: Read, found: Found) -> Refresh:
    """Add what was read."""
    reading = came.reading
    return replace(
        refresh,
        feed=reading.feed,
        new=found.new,
        changed=found.changed,
        present=found.present if found.whole else None,
        offer=offered(came.document.links, reading.links),
        complete=reading.complete and found.whole,
        earlier=earlier(reading.links),
        fingerprints=reading.fingerprints,
    )


def _gap(
    state: FeedState, came: Read, known: tuple[KnownEntry, ...], found: Found
) -> Further | None:
    """Return where to read on if entries have come and gone since the last poll."""
    if state.last_success_at is None or found.is_known:
        return None
    return gap(came.reading, known, came.document.url)


def _is_pushed(visited: Visit) -> bool:
    """Tell whether a hub told us of the feed's news while it was visited."""
    pushed = visited.state.pushed
    return pushed is not None and visited.ended_at < pushed.until


def _distrust(
    visited: Visit, came: Answered, found: Found | None, known: tuple[KnownEntry, ...]
) -> Distrust | None:
    """Return what is to become of a hub that kept something from us that this poll found."""
    state = visited.state
    if state.pushed is None or found is None or not isinstance(came, Read):
        return None
    audit = Audit(state.pushed, visited.ended_at, state.last_poll_at)
    new = [tagged.entry for tagged in found.new]
    entry = missed(new, came.reading.entries, known, audit)
    return None if entry is None else distrust(entry, visited.ended_at)


def _settle_part(
    visited: Visit, part: Part, known: tuple[KnownEntry, ...], policy: Policy
) -> Refresh:
    """Take in some entries of a feed: its schedule, its validators and its other entries stay."""
    found = find(visited, part, known, policy.tagger)
    record = PollRecord(
        visited.started_at,
        visited.ended_at,
        Outcome.NEW if found.is_news else Outcome.UNCHANGED,
        status=part.document.status,
        new=len(found.new),
        changed=found.revised,
        body_bytes=len(part.document.body),
    )
    return replace(
        _unpolled(visited, record),
        rhythm=_heard(visited, part, found),
        new=found.new,
        changed=found.changed,
        further=following(part, is_known=found.is_known),
        walked=part.walk,
        # What is older than what is remembered would push it out.
        fingerprints=() if part.walk else part.reading.fingerprints,
    )


def _settle_missed(visited: Visit, missed: Missed) -> Refresh:
    """Keep that an older document did not come; the feed itself is as it was."""
    failed = Failed(missed.error, missed.at)
    refresh = _unpolled(visited, record_of(visited, failed, None))
    return replace(refresh, pause=_pause(visited, failed, admitted=refresh.admitted))


def _unpolled(visited: Visit, record: PollRecord) -> Refresh:
    """Return what is learned where the feed itself was not asked for: nothing but the record."""
    state = visited.state
    return Refresh(
        key=state.key,
        token=state.token,
        poll=record,
        rhythm=state.rhythm,
        due_at=state.due_at,
        due_reason=state.due_reason,
        admitted=state.admitted,
        validators=state.validators,
        body_hash=state.body_hash,
        fetch_url=state.fetch_url,
        manners=state.manners,
        moving=state.moving,
        asked=visited.asked,
        polled=False,
    )


def _heard(visited: Visit, part: Part, found: Found) -> Rhythm:
    """Return what news that came by itself teaches: an archive says nothing about today."""
    rhythm = visited.state.rhythm
    if not part.is_news:
        return rhythm
    return observe(rhythm, tuple(happened_at(tagged) for tagged in found.new), visited.ended_at)


def _pause(visited: Visit, came: Answered, *, admitted: bool) -> Pause | None:
    """Return what a 429 means for the site; at home nobody is answered for but the feed."""
    if admitted or not isinstance(came, Failed):
        return None
    failure = failure_of(came)
    if failure.status != 429:
        return None
    asked = visited.asked[-1].hop.url if visited.asked else visited.state.fetch_url
    return politeness.pause_after(asked, failure.done_at, failure.retry_after)


def _admitted(state: FeedState, came: Answered) -> bool:
    match came:
        case Read(document) | Same(document):
            return document.admitted
        case NotModified() | Gone():
            return came.admitted
        case Failed(document=Document(admitted=admitted)):
            return admitted
        case Failed(error=FetchError(status=int(), admitted=admitted)):
            return admitted
        case Failed():
            # Of a file nobody is asked, not even while there is none.
            return state.admitted or state.fetch_url.startswith("file:")
        case _:
            assert_never(came)
