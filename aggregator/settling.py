"""The second half of a poll, pure: what a visit means for what is stored, and when to come again.

Nothing is stored here: a `Refresh` goes to `Store.apply`, which commits it in one transaction.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from aggregator import politeness, polling
from aggregator.approach import approach
from aggregator.archives import earlier, following, gap
from aggregator.cadence.rhythm import observe
from aggregator.errors import FetchError
from aggregator.finding import Found, find
from aggregator.model.entries import KnownEntry, TaggedEntry
from aggregator.model.feeds import FeedState, Pause, Rhythm, Validators
from aggregator.model.fetching import Distrust, Document, Gone, NotModified, Offer
from aggregator.model.polls import Further, Outcome, PollRecord, Refresh
from aggregator.pipeline import Answered, Failed, Missed, Part, Read, Same, Visit
from aggregator.polling import Pace
from aggregator.tagger import Tagger
from aggregator.websub.auditing import Audit, missed
from aggregator.websub.discovery import offered
from aggregator.websub.subscription import distrust


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
    outcome = _outcome(state, came, found)
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
    return Refresh(
        key=state.key,
        token=state.token,
        poll=_record(visited, came, found),
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
        feed=came.reading.feed if isinstance(came, Read) else None,
        new=found.new if found else (),
        changed=found.changed if found else (),
        present=found.present if found and found.whole else None,
        pause=_pause(visited, came, admitted=admitted),
        offer=_offer(came),
        unpushed_due_at=unpushed.due_at if is_pushed else None,
        distrust=kept_back,
        complete=isinstance(came, Read)
        and came.reading.complete
        and found is not None
        and found.whole,
        earlier=earlier(came.reading.links) if isinstance(came, Read) else None,
        further=_gap(state, came, known, found),
    )


def _gap(
    state: FeedState, came: Answered, known: tuple[KnownEntry, ...], found: Found | None
) -> Further | None:
    """Return where to read on if entries have come and gone since the last poll."""
    if state.last_success_at is None or found is None or not isinstance(came, Read):
        return None
    return None if found.is_known else gap(came.reading, known, came.document.url)


def _offer(came: Answered) -> Offer:
    if isinstance(came, Read):
        return offered(came.document.links, came.reading.links)
    return Offer()


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
    )


def _settle_missed(visited: Visit, missed: Missed) -> Refresh:
    """Keep that an older document did not come; the feed itself is as it was."""
    failed = Failed(missed.error, missed.at)
    refresh = _unpolled(visited, _record(visited, failed, None))
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
    return observe(rhythm, tuple(_happened(tagged) for tagged in found.new), visited.ended_at)


def _outcome(
    state: FeedState, came: Answered, found: Found | None
) -> polling.Read | polling.Unchanged | polling.Gone | polling.Failed:
    match came:
        case Read(document, reading):
            assert found is not None
            return polling.Read(
                document.fetched_at,
                arrivals=tuple(_happened(tagged) for tagged in found.new),
                wishes=reading.wishes,
                lifetime=document.lifetime,
                retry_after=document.retry_after,
                validated=document.validators != Validators(),
                body_bytes=len(document.body),
                first=state.last_success_at is None,
            )
        case Same(document):
            return polling.Unchanged(
                document.fetched_at,
                lifetime=document.lifetime,
                retry_after=document.retry_after,
                validated=document.validators != Validators(),
                body_bytes=len(document.body),
            )
        case NotModified():
            return polling.Unchanged(
                came.fetched_at,
                lifetime=came.lifetime,
                retry_after=came.retry_after,
                validated=True,
                body_bytes=0,
            )
        case Gone():
            return polling.Gone(came.fetched_at, came.retry_after, came.lifetime)
        case Failed():
            return _failure(came)
        case _:
            assert_never(came)


def _failure(failed: Failed) -> polling.Failed:
    error = failed.error
    if isinstance(error, FetchError):
        return polling.Failed(
            failed.at, error.code, error.status, error.retry_after, error.lifetime
        )
    document = failed.document
    return polling.Failed(
        failed.at,
        error.code,
        document.status if document else None,
        document.retry_after if document else None,
        document.lifetime if document else None,
    )


def _pause(visited: Visit, came: Answered, *, admitted: bool) -> Pause | None:
    """Return what a 429 means for the site; at home nobody is answered for but the feed."""
    if admitted or not isinstance(came, Failed):
        return None
    failure = _failure(came)
    if failure.status != 429:
        return None
    asked = visited.asked[-1].hop.url if visited.asked else visited.state.fetch_url
    return politeness.pause_after(asked, failure.done_at, failure.retry_after)


def _happened(tagged: TaggedEntry) -> datetime:
    """Return when an entry came about, as far as we know, for learning a feed's rhythm."""
    published = tagged.entry.published
    return published.at if published else tagged.first_seen_at


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


def _record(visited: Visit, came: Answered, found: Found | None) -> PollRecord:
    record = PollRecord(visited.started_at, visited.ended_at, Outcome.UNCHANGED)
    match came:
        case Read(document):
            assert found is not None
            news = Outcome.NEW if found.is_news else Outcome.UNCHANGED
            return replace(
                record,
                outcome=news,
                status=document.status,
                new=len(found.new),
                changed=found.revised,
                body_bytes=len(document.body),
            )
        case Same(document):
            return replace(
                record,
                outcome=Outcome.NOT_MODIFIED,
                status=document.status,
                body_bytes=len(document.body),
            )
        case NotModified():
            return replace(record, outcome=Outcome.NOT_MODIFIED, status=304)
        case Gone():
            return replace(record, outcome=Outcome.GONE, status=410)
        case Failed(error):
            return replace(
                record,
                outcome=Outcome.FAILED,
                status=_failure(came).status,
                error_code=error.code,
                sentence=str(error),
            )
        case _:
            assert_never(came)
