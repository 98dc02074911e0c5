"""Something is sent: a form, as WebSub asks of hubs (§5.1), or a letter, as webhooks get them.

What travels, what is followed, what it means.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from aggregator.errors import HttpStatusError, RedirectError
from aggregator.fetch import freshness
from aggregator.fetch.exchange import Response, Trail
from aggregator.fetch.location import locate, shown
from aggregator.fetch.redirects import followed as led_on
from aggregator.model.fetching import FetchRequest

FOLLOWED = frozenset({307, 308})
"""The redirects that repeat the request as it is (RFC 9110 §15.4.8); all others would make a GET
of it."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that are sent to ``url``, in order."""

    url: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A document that is sent to ``url``, with headers that say what it is."""

    url: str
    content: bytes
    headers: tuple[tuple[bytes, bytes], ...]


def letter_of(form: Form) -> Letter:
    """Return a form as it travels."""
    content = urlencode(form.fields).encode("ascii")
    return Letter(form.url, content, ((b"Content-Type", b"application/x-www-form-urlencoded"),))


def request(letter: Letter, *, user_agent: str) -> FetchRequest:
    """Return the request that sends a letter. Raises UrlUnusableError."""
    location = locate(letter.url)
    headers: list[tuple[bytes, bytes]] = [
        (b"User-Agent", user_agent.encode("ascii", "replace")),
        *letter.headers,
        (b"Accept", b"*/*"),
        (b"Connection", b"close"),
    ]
    if location.authorization is not None:
        headers.append((b"Authorization", location.authorization))
    return FetchRequest(location.url, tuple(headers), content=letter.content)


def followed(trail: Trail, response: Response, received_at: datetime) -> Trail:
    """Return the trail with the request that a redirect asks for.

    What a letter's headers say goes wherever the letter goes, which is little without its
    signature; the credentials of an address stay with its server. Raises RedirectError like any
    redirect, and for one that would send a secret in the clear.
    """
    longer = led_on(trail, response, received_at)
    here, there = longer.hops[-2:]
    if here.url.startswith("https:") and not there.url.startswith("https:"):
        raise RedirectError(
            f"{shown(here.url)} redirects to {shown(there.url)}, where everybody could listen.",
            status=response.status,
        )
    headers = tuple(
        header
        for header in here.headers
        if header[0].lower() != b"authorization" or header in there.headers
    )
    return replace(longer, hops=(*longer.hops[:-1], replace(there, headers=headers)))


def check(trail: Trail, response: Response, received_at: datetime) -> None:
    """Raise HttpStatusError unless what was sent was accepted."""
    if 200 <= response.status < 300:
        return
    raise HttpStatusError(
        f"{shown(trail.hops[-1].url)} did not accept our request (HTTP {response.status}).",
        status=response.status,
        retry_after=freshness.retry_after(response.headers, received_at),
        admitted=response.admitted,
    )
