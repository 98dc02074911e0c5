"""Polling over HTTP without I/O: what is known of a feed → request, response → result.

Nothing here opens a socket or reads a clock: the client carries the values to the network and
back.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urljoin

from aggregator.durations import show_duration
from aggregator.errors import (
    EmptyBodyError,
    FetchError,
    HttpStatusError,
    ProtocolBrokenError,
    RedirectError,
    UrlUnusableError,
)
from aggregator.fetch import freshness
from aggregator.fetch.headers import Headers, values
from aggregator.fetch.links import read_links
from aggregator.fetch.location import locate, shown
from aggregator.model import (
    Document,
    FeedState,
    Fetched,
    FetchRequest,
    Gone,
    NotModified,
    Validators,
)

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that lead elsewhere (RFC 9110 §15.4)."""

SUCCESSES = frozenset({200, 203})
"""The statuses whose body is the document; 203 is one that a proxy has touched."""

_PERMANENT = frozenset({301, 308})

_ACCEPT = (
    b"application/atom+xml, application/rss+xml, application/feed+json,"
    b" application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
    b" application/json;q=0.6, */*;q=0.1"
)
_ACCEPT_ENCODING = b"gzip, br, zstd"

_FOR_ANYBODY = frozenset({b"user-agent", b"accept", b"accept-encoding", b"connection"})
"""All that another origin gets to see when a redirect leads there: no credentials, no cookies,
no header of the user's own."""

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
    401: "asks for a name and a password: put them in its url",
    403: "refuses to give us the feed",
    404: "is not there: see whether the feed has moved",
    429: "has had too many requests from us",
    451: "is withheld for legal reasons",
}

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back from one hop. ``body`` is decoded, and empty where nobody needs it.

    ``admitted`` says that it came from an address that only the config admits.
    """

    url: str
    status: int
    headers: Headers = ()
    body: bytes = b""
    admitted: bool = False
    address: str | None = None
    wire_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """The requests that one poll made, each but the first on a redirect's word.

    ``permanent`` is where the permanent redirects at the beginning of the trail lead, None if
    there were none: a candidate for the feed's new address, never more than that.
    """

    hops: tuple[FetchRequest, ...]
    permanent: str | None = None


def user_agent(version: str, contact: str | None) -> str:
    """Return our name, and where a publisher can find out who asks (RFC 9110 §10.1.5)."""
    name = f"aggregator/{version}"
    if contact is None:
        return name
    # Parentheses would end the comment, a line break the header.
    written = quote(contact.strip(), safe=":/?#[]@!$&'*+,;=%-._~")
    return f"{name} (+{written})"


def request(state: FeedState, *, user_agent: str) -> FetchRequest:
    """Return the request that asks for a feed's news, conditional if validators are known.

    A ``file:`` location passes as it is; the client refuses it. Raises UrlUnusableError.
    """
    if state.fetch_url.lower().startswith("file:"):
        return FetchRequest(state.fetch_url)
    location = locate(state.fetch_url)
    headers: list[tuple[bytes, bytes]] = [
        (b"User-Agent", user_agent.encode("ascii", "replace")),
        (b"Accept", _ACCEPT),
        (b"Accept-Encoding", _ACCEPT_ENCODING),
        # RFC 9112 §9.3: due to whoever keeps no connection. A feed is asked again in an hour.
        (b"Connection", b"close"),
    ]
    if location.authorization is not None:
        headers.append((b"Authorization", location.authorization))
    base = FetchRequest(location.url, tuple(headers), state.validators)
    return replace(base, headers=base.headers + _conditions(base))


def answer(trail: Trail, response: Response, received_at: datetime) -> Fetched:
    """Return what the last response of a poll means; ``trail`` led to it.

    Raises EmptyBodyError, ProtocolBrokenError or HttpStatusError, with the status and what the
    server says about coming back.
    """
    request = trail.hops[0]
    lifetime = freshness.lifetime(response.headers, received_at)
    retry_after = freshness.retry_after(response.headers, received_at)
    match response.status:
        case status if status in SUCCESSES and not _is_blank(response.body):
            return Document(
                url=response.url,
                body=response.body,
                body_hash=hashlib.sha256(response.body).hexdigest(),
                fetched_at=received_at,
                content_type=_content_type(response.headers),
                validators=_issued(request, response),
                lifetime=lifetime,
                retry_after=retry_after,
                status=response.status,
                admitted=response.admitted,
                permanent=trail.permanent,
                links=read_links(response.headers, response.url),
            )
        case 304 if _sent(request, response.url) != Validators():
            kept = _kept(request.validators, response.headers)
            return NotModified(
                received_at, kept, lifetime, retry_after, response.admitted, trail.permanent
            )
        case 410:
            return Gone(received_at, response.admitted)
        case status:
            kind, told = _failure(response, retry_after)
            raise kind(
                f"{shown(response.url)} {told}",
                status=status,
                retry_after=retry_after,
                lifetime=lifetime,
                admitted=response.admitted,
            )


def followed(trail: Trail, response: Response, received_at: datetime) -> Trail:
    """Return the trail with the request that a redirect asks for.

    Raises RedirectError for more than five hops, a loop, a Location that leads nowhere, and for
    a redirect that asks to wait (RFC 9110 §10.2.3).
    """
    here = trail.hops[-1]
    target = _target(here, response, received_at)
    if len(trail.hops) > MAX_REDIRECTS:
        raise RedirectError(
            f"{shown(trail.hops[0].url)} redirects more than {MAX_REDIRECTS} times.",
            status=response.status,
        )
    if any(hop.url == target for hop in trail.hops):
        raise RedirectError(
            f"{shown(trail.hops[0].url)} redirects in a circle, back to {shown(target)}.",
            status=response.status,
        )
    so_far = trail.permanent or trail.hops[0].url
    downgrade = here.url.startswith("https:") and not target.startswith("https:")
    lasting = response.status in _PERMANENT and so_far == here.url and not downgrade
    return Trail((*trail.hops, _moved(here, target)), target if lasting else trail.permanent)


# --- validators ----------------------------------------------------------------------------------


def is_conditional(request: FetchRequest) -> bool:
    """Tell whether a request carries a validator."""
    return any(name.lower().startswith(b"if-") for name, _ in request.headers)


def _sent(request: FetchRequest, url: str) -> Validators:
    """Return the validators that go to ``url``: those that it issued itself (RFC 9111 §4.1)."""
    issuer = request.validators.url or request.url
    return request.validators if issuer == url and _any(request.validators) else Validators()


def _any(validators: Validators) -> bool:
    return bool(validators.etag or validators.last_modified)


def _conditions(request: FetchRequest) -> Headers:
    """Return both conditions (RFC 9110 §13.1.3), byte for byte as they were issued."""
    sent = _sent(request, request.url)
    lines = ((b"If-None-Match", sent.etag), (b"If-Modified-Since", sent.last_modified))
    return tuple((name, value) for name, value in lines if value)


def _issued(request: FetchRequest, response: Response) -> Validators:
    """Return the pair that a 200 replaces the stored one with, as a set (RFC 9111 §4.3.3)."""
    issued = Validators(
        etag=_only(response.headers, b"etag"),
        last_modified=_only(response.headers, b"last-modified"),
    )
    if response.url == request.url or not _any(issued):
        return issued
    return replace(issued, url=response.url)


def _kept(stored: Validators, headers: Headers) -> Validators:
    """Return the validators after a 304: those it repeats are replaced, the others stay.

    RFC 9111 §4.3.4: a 304 whose strong ETag is not the one we asked with speaks of another
    representation, and must not update what is stored.
    """
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


# --- redirects -----------------------------------------------------------------------------------


def _target(here: FetchRequest, response: Response, received_at: datetime) -> str:
    """Return where a redirect leads, as it will be requested."""
    retry_after = freshness.retry_after(response.headers, received_at)
    if retry_after:
        raise RedirectError(
            f"{shown(here.url)} redirects (HTTP {response.status}), but not before"
            f" {show_duration(retry_after)} have passed.",
            status=response.status,
            retry_after=retry_after,
        )
    lines = values(response.headers, b"location")
    if not lines or not lines[0]:
        raise RedirectError(
            f"{shown(here.url)} redirects (HTTP {response.status}) without saying where to.",
            status=response.status,
        )
    written = lines[0].decode("utf-8", "surrogateescape")
    try:
        # urljoin rewrites what it joins: an absolute address is taken as it is.
        return locate(written if _ABSOLUTE.match(written) else urljoin(here.url, written)).url
    except (UrlUnusableError, ValueError) as error:
        raise RedirectError(
            f"{shown(here.url)} redirects to {shown(written)}, which cannot be fetched.",
            status=response.status,
        ) from error


def _moved(here: FetchRequest, target: str) -> FetchRequest:
    """Return the request for a redirect's target, without what is meant for others."""
    same_origin = locate(here.url).origin == locate(target).origin
    conditional = {b"if-none-match", b"if-modified-since"}
    headers = tuple(
        (name, value)
        for name, value in here.headers
        if name.lower() not in conditional and (same_origin or name.lower() in _FOR_ANYBODY)
    )
    issuer = here.validators.url or here.url
    base = FetchRequest(target, headers, replace(here.validators, url=issuer))
    return replace(base, headers=headers + _conditions(base))
