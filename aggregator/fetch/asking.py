"""How a feed is asked for: what is known of it → request.

Headers, in this order; in brackets what a server may take offence at, the first to go first::

    User-Agent          aggregator/VERSION (+CONTACT; feed-id=HASH)
    Accept              what a feed may be                          [3: */*]
    Accept-Encoding     gzip, br, zstd                              [2: gzip]
    Connection          close
    Authorization       from the user info of the address
    If-None-Match       as it was issued, byte for byte
    If-Modified-Since   likewise
    A-IM                feed; with If-None-Match alone              [1: left out]

HTTP/2, which servers take offence at as well, is not spoken at all.
"""

import hashlib
from dataclasses import replace
from urllib.parse import quote

from aggregator.fetch.headers import Headers, values
from aggregator.fetch.location import locate
from aggregator.model.feeds import FeedState, Sending, Validators
from aggregator.model.fetching import FetchRequest
from aggregator.urls import without_credentials

ACCEPT = (
    b"application/atom+xml, application/rss+xml, application/feed+json,"
    b" application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
    b" application/json;q=0.6, */*;q=0.1"
)
CODINGS = b"gzip, br, zstd"

WITHOUT_DELTAS, PLAINLY_CODED, OF_ANY_KIND = 1, 2, 3
"""From which `Manners.bare` on a class of optional headers is left out."""

_FOR_ANYBODY = frozenset(
    {b"user-agent", b"accept", b"accept-encoding", b"connection", b"content-type"}
)
"""All that another origin gets to see when a redirect leads there: no credentials, no cookies,
no header of the user's own."""

_CONDITIONAL = frozenset({b"if-none-match", b"if-modified-since", b"a-im"})
_ID_DIGITS = 12


def user_agent(version: str, contact: str | None) -> str:
    """Return our name, and where a publisher can find out who asks (RFC 9110 §10.1.5).

    How many read the feed is never told: we ask once for a url, for one reader.
    """
    name = f"aggregator/{version}"
    if contact is None:
        return name
    # Parentheses would end the comment, a line break the header.
    written = quote(contact.strip(), safe=":/?#[]@!$&'*+,;=%-._~")
    return f"{name} (+{written})"


def agent_for(agent: str, key: str) -> str:
    """Return our name with the feed's own id in it: which of our requests belong together.

    The id says nothing of a password in the feed's ``key``.
    """
    feed = without_credentials(key).encode("utf-8", "surrogatepass")
    told = f"feed-id={hashlib.sha256(feed).hexdigest()[:_ID_DIGITS]}"
    return f"{agent[:-1]}; {told})" if agent.endswith(")") else f"{agent} ({told})"


def request(state: FeedState, *, user_agent: str) -> FetchRequest:
    """Return the request that asks for a feed's news, conditional if validators are known.

    Validators that were issued to other headers are not sent (RFC 9111 §4.1). A ``file:``
    location passes as it is; the client refuses it. Raises UrlUnusableError.
    """
    if state.fetch_url.lower().startswith("file:"):
        return FetchRequest(state.fetch_url)
    location = locate(state.fetch_url)
    manners = state.manners
    agent = agent_for(user_agent, state.key)
    headers: list[tuple[bytes, bytes]] = [
        (b"User-Agent", agent.encode("ascii", "replace")),
        (b"Accept", b"*/*" if manners.bare >= OF_ANY_KIND else ACCEPT),
        (b"Accept-Encoding", b"gzip" if manners.bare >= PLAINLY_CODED else CODINGS),
        # RFC 9112 §9.3: due to whoever keeps no connection. A feed is asked again in an hour.
        (b"Connection", b"close"),
    ]
    if location.authorization is not None:
        headers.append((b"Authorization", location.authorization))
    profile = _profile(tuple(headers))
    known = manners.profile in ("", profile)
    base = FetchRequest(
        location.url,
        tuple(headers),
        state.validators if known else Validators(),
        sending=manners.sending,
        delta=manners.bare < WITHOUT_DELTAS,
        profile=profile,
        insecure=state.insecure,
        max_age=manners.max_age,
    )
    return replace(base, headers=base.headers + _conditions(base))


def moved(here: FetchRequest, target: str) -> FetchRequest:
    """Return the request for a redirect's target, without what is meant for others."""
    if locate(here.url).origin == locate(target).origin:
        return secured(here, target)
    public = tuple(header for header in here.headers if header[0].lower() in _FOR_ANYBODY)
    return secured(replace(here, headers=public, insecure=False), target)


def secured(here: FetchRequest, target: str) -> FetchRequest:
    """Return the request for another address of the same server, with what that issued itself."""
    lasting = tuple(header for header in here.headers if header[0].lower() not in _CONDITIONAL)
    issuer = here.validators.url or here.url
    stored = replace(here.validators, url=issuer)
    base = replace(here, url=target, headers=lasting, validators=stored)
    return replace(base, headers=lasting + _conditions(base))


def is_conditional(request: FetchRequest) -> bool:
    """Tell whether a request carries a validator."""
    return any(name.lower().startswith(b"if-") for name, _ in request.headers)


def asks_for_news(request: FetchRequest) -> bool:
    """Tell whether a request allows an answer that holds only what is new."""
    return bool(values(request.headers, b"a-im"))


def sent(request: FetchRequest, url: str) -> Validators:
    """Return the validators that go to ``url``: those that it issued itself (RFC 9111 §4.1)."""
    issuer = request.validators.url or request.url
    if issuer != url:
        return Validators()
    stored = request.validators
    match request.sending:
        case Sending.NONE:
            return Validators()
        case Sending.ETAG if stored.etag:
            return replace(stored, last_modified=None)
        case Sending.MODIFIED if stored.last_modified:
            return replace(stored, etag=None)
        case _:
            return stored if stored.etag or stored.last_modified else Validators()


def _conditions(request: FetchRequest) -> Headers:
    """Return the conditions (RFC 9110 §13.1.3), byte for byte as they were issued.

    The news alone can be told only to whoever says what is known (RFC 3229 §10.5.3).
    """
    sending = sent(request, request.url)
    news = b"feed" if request.delta and sending.etag else None
    lines = (
        (b"If-None-Match", sending.etag),
        (b"If-Modified-Since", sending.last_modified),
        (b"A-IM", news),
    )
    return tuple((name, value) for name, value in lines if value)


def _profile(headers: Headers) -> str:
    """Return what tells requests apart that a server may answer differently.

    Our version is left out of it: what is known must survive an upgrade.
    """
    told = (value.partition(b" ")[2] if name == b"User-Agent" else value for name, value in headers)
    return hashlib.sha256(b"\n".join(told)).hexdigest()[:16]
