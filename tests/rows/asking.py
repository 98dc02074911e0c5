"""What the tests of the rows share: answers, and what a publisher's log shows of them."""

from datetime import timedelta

from aggregator.model.polls import Refresh
from tests.publisher import Headers, Scripted, Seen
from tests.scenario import Newsroom

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ETAG = b'W/"caf\xe9, 1"'
MODIFIED = b"Thu, 1-Jan-70 0:0:0 GMT"
PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please.</body></html>"


def issued(etag: bytes | None = b'"1"', modified: bytes | None = None) -> Headers:
    pairs = ((b"ETag", etag), (b"Last-Modified", modified))
    return tuple((name, value) for name, value in pairs if value is not None)


def sent(seen: Seen) -> tuple[bytes | None, bytes | None]:
    """Return If-None-Match and If-Modified-Since, None where there is no such header."""
    lines = (seen.values(b"If-None-Match"), seen.values(b"If-Modified-Since"))
    return tuple(line[0] if line else None for line in lines)  # type: ignore[return-value]


def polls(newsroom: Newsroom, *answers: Scripted) -> list[Refresh]:
    """Poll once for each answer, each time when it is due."""
    newsroom.publisher.serve("/feed", *answers)
    return [newsroom.poll_next() for _ in answers]


def asked_with(newsroom: Newsroom) -> list[tuple[bytes | None, bytes | None]]:
    return [sent(seen) for seen in newsroom.seen()]


def gap(refresh: Refresh) -> timedelta:
    return refresh.due_at - refresh.poll.ended_at
