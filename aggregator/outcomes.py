"""What a visit comes to, pure: for `aggregator.polling` to decide on, and as the poll's record."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from aggregator import polling
from aggregator.errors import FetchError
from aggregator.finding import Found
from aggregator.model.entries import TaggedEntry
from aggregator.model.feeds import FeedState, Validators
from aggregator.model.fetching import Gone, NotModified
from aggregator.model.polls import Outcome, PollRecord
from aggregator.pipeline import Answered, Failed, Read, Same, Visit


def outcome_of(
    state: FeedState, came: Answered, found: Found | None
) -> polling.Read | polling.Unchanged | polling.Gone | polling.Failed:
    """Return what decides about the next poll; ``found`` is there if a document was read."""
    match came:
        case Read(document, reading):
            assert found is not None
            return polling.Read(
                document.fetched_at,
                arrivals=tuple(happened_at(tagged) for tagged in found.new),
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
            return failure_of(came)
        case _:
            assert_never(came)


def failure_of(failed: Failed) -> polling.Failed:
    """Return what a failure is to the next poll; an answer that was no feed has a status too."""
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


def record_of(visited: Visit, came: Answered, found: Found | None) -> PollRecord:
    """Return what stands in the history of the feed; ``found`` as above."""
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
                status=failure_of(came).status,
                error_code=error.code,
                sentence=str(error),
            )
        case _:
            assert_never(came)


def happened_at(tagged: TaggedEntry) -> datetime:
    """Return when an entry came about, as far as we know, for learning a feed's rhythm."""
    published = tagged.entry.published
    return published.at if published else tagged.first_seen_at
