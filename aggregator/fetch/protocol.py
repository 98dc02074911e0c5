"""What an answer over HTTP means, without I/O: response → result.

Nothing here opens a socket or reads a clock: the client carries the values to the network and
back.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.durations import show_duration
from aggregator.errors import (
    EmptyBodyError,
    FetchError,
    HttpStatusError,
    ProtocolBrokenError,
)
from aggregator.fetch import freshness
from aggregator.fetch.asking import asks_for_news, sent
from aggregator.fetch.exchange import DELTA, SUCCESSES, Response, Trail
from aggregator.fetch.headers import Headers, values
from aggregator.fetch.links import read_links
from aggregator.fetch.location import shown
from aggregator.model.feeds import Validators
from aggregator.model.fetching import Document, Fetched, FetchRequest, Gone, NotModified

_BLANK: tuple[type[FetchError], str] = (
    EmptyBodyError,
    "answered without a document: the body is empty.",
)
_FAILURES: dict[int, tuple[type[FetchError], str]] = {
    **dict.fromkeys((200, 203, 204, 205), _BLANK),
    206: (EmptyBodyError, "answered with a part of the document, which nobody asked for."),
    304: (ProtocolBrokenError, "answered that nothing is new, though we asked for everything."),
}
_STATUSES = {
    DELTA: "answered with a part of what is new, for which nobody asked",
    401: "asks for a name and a password: put them in its url",
    403: "refuses to give us the feed",
    404: "is not there: see whether the feed has moved",
    429: "has had too many requests from us",
    451: "is withheld for legal reasons",
}


def answer(trail: Trail, response: Response, received_at: datetime) -> Fetched:
    """Return what the last response of a poll means; ``trail`` led to it.

    Raises EmptyBodyError, ProtocolBrokenError or HttpStatusError, with the status and what the
    server says about coming back.
    """
    lifetime = freshness.lifetime(response.headers, received_at)
    retry_after = freshness.retry_after(response.headers, received_at)
    match response.status:
        case _ if _holds_a_document(trail, response):
            return _document(trail, response, received_at, lifetime, retry_after)
        case 304 if sent(trail.wanted, response.url) != Validators():
            return _confirmed(trail, response, received_at, retry_after)
        case 410:
            return Gone(received_at, response.admitted, lifetime, retry_after)
        case status:
            kind, told = _failure(response, retry_after)
            raise kind(
                f"{shown(response.url)} {told}",
                status=status,
                retry_after=retry_after,
                lifetime=lifetime,
                admitted=response.admitted,
            )


def _document(
    trail: Trail,
    response: Response,
    received_at: datetime,
    lifetime: timedelta | None,
    retry_after: timedelta | None,
) -> Document:
    return Document(
        url=response.url,
        body=response.body,
        body_hash=hashlib.sha256(response.body).hexdigest(),
        fetched_at=received_at,
        content_type=_content_type(response.headers),
        validators=_issued(trail.wanted, response),
        lifetime=lifetime,
        retry_after=retry_after,
        status=response.status,
        admitted=response.admitted,
        permanent=trail.permanent,
        links=read_links(response.headers, response.url),
        partial=response.status == DELTA,
        profile=trail.wanted.profile,
        max_age=freshness.max_age(response.headers),
    )


def _confirmed(
    trail: Trail, response: Response, received_at: datetime, retry_after: timedelta | None
) -> NotModified:
    headers = freshness.confirmed(response.headers, trail.wanted.max_age)
    return NotModified(
        received_at,
        _kept(trail.wanted, response.headers),
        freshness.lifetime(headers, received_at),
        retry_after,
        response.admitted,
        trail.permanent,
        named=_only(response.headers, b"etag"),
        max_age=freshness.max_age(headers),
    )


# --- validators ----------------------------------------------------------------------------------


def _issued(request: FetchRequest, response: Response) -> Validators:
    """Return the pair that a 200 replaces the stored one with, as a set (RFC 9111 §4.3.3).

    A delta must name the feed that it makes complete (RFC 3229 §10.4.1); one that does not is
    good for what is stored, and for nothing else.
    """
    issued = Validators(
        etag=_only(response.headers, b"etag"),
        last_modified=_only(response.headers, b"last-modified"),
    )
    if response.status == DELTA and issued.etag is None:
        return request.validators
    if response.url == request.url or not (issued.etag or issued.last_modified):
        return issued
    return replace(issued, url=response.url)


def _kept(request: FetchRequest, headers: Headers) -> Validators:
    """Return the validators after a 304: those it repeats are replaced, the others stay.

    RFC 9111 §4.3.4: a 304 whose strong ETag is not the one we asked with speaks of another
    representation, and must not update what is stored.
    """
    stored = request.validators
    etag = _only(headers, b"etag")
    if etag is not None and not etag.startswith(b"W/") and etag != stored.etag:
        return stored
    last_modified = _only(headers, b"last-modified")
    return replace(
        stored,
        etag=etag or stored.etag,
        last_modified=last_modified or stored.last_modified,
    )


def _only(headers: Headers, name: bytes) -> bytes | None:
    """Return a header's value, None unless there is exactly one line that says something."""
    lines = values(headers, name)
    return lines[0] or None if len(lines) == 1 else None


# --- what a response says ------------------------------------------------------------------------


def _holds_a_document(trail: Trail, response: Response) -> bool:
    """Tell whether the body is the feed, or what is new in it where just that was asked for."""
    if response.status not in SUCCESSES or _is_blank(response.body):
        return False
    return response.status != DELTA or (asks_for_news(trail.hops[-1]) and _is_delta(response))


def _is_delta(response: Response) -> bool:
    """Tell whether the body was made by leaving out entries, and by nothing else besides."""
    lines = b",".join(values(response.headers, b"im")).lower().split(b",")
    return [name.strip() for name in lines] == [b"feed"]


def _is_blank(body: bytes) -> bool:
    return not body or body.isspace() or body == b"\xef\xbb\xbf"


def _content_type(headers: Headers) -> str | None:
    lines = values(headers, b"content-type")
    return lines[0].decode("latin-1") if lines else None


def _failure(response: Response, retry_after: timedelta | None) -> tuple[type[FetchError], str]:
    """Return the kind of failure, and the rest of the sentence that begins with the URL."""
    if response.status in _FAILURES:
        return _FAILURES[response.status]
    if values(response.headers, b"cf-mitigated") == (b"challenge",):
        ray = b"".join(values(response.headers, b"cf-ray")).decode("latin-1")
        return HttpStatusError, (
            f"is blocked for programs by Cloudflare (HTTP {response.status}, CF-Ray {shown(ray)}):"
            " ask the publisher to let feed readers in."
        )
    told = _STATUSES.get(response.status) or (
        "is out of order at the publisher's" if response.status >= 500 else "did not give the feed"
    )
    wait = f", and asks us to stay away for {show_duration(retry_after)}" if retry_after else ""
    return HttpStatusError, f"{told} (HTTP {response.status}){wait}."
