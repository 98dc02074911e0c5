"""Where redirects lead, by hand: within bounds, and with nothing that is meant for others."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from aggregator.durations import show_duration
from aggregator.errors import RedirectError, UrlUnusableError
from aggregator.fetch import freshness
from aggregator.fetch.asking import moved, secured
from aggregator.fetch.exchange import Response, Trail
from aggregator.fetch.headers import values
from aggregator.fetch.location import locate, shown
from aggregator.model.fetching import FetchRequest

MAX_REDIRECTS = 5

_PERMANENT = frozenset({301, 308})
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

Upgrade = Callable[[str], str]
"""Returns the https twin of an address whose host wants to be asked in no other way."""


def _as_it_is(url: str) -> str:
    return url


def begun(request: FetchRequest, upgraded: Upgrade = _as_it_is) -> Trail:
    """Return the trail of a poll's first request (RFC 6797 §8.3: nothing goes in the clear)."""
    target = upgraded(request.url)
    if target == request.url:
        return Trail((request,))
    return Trail((secured(request, target),), plain=request)


def followed(
    trail: Trail, response: Response, received_at: datetime, upgraded: Upgrade = _as_it_is
) -> Trail:
    """Return the trail with the request that a redirect asks for.

    Raises RedirectError for more than five hops, a loop, a Location that leads nowhere, and for
    a redirect that asks to wait (RFC 9110 §10.2.3).
    """
    here = trail.hops[-1]
    named = _target(here, response, received_at)
    target = upgraded(named)
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
    downgrade = here.url.startswith("https:") and not named.startswith("https:")
    # Whoever could sit in between may say anything (RFC 9110 §15.4: "secured" and "trusted").
    believed = not downgrade and not here.insecure
    lasting = response.status in _PERMANENT and so_far == here.url and believed
    return replace(
        trail,
        hops=(*trail.hops, moved(here, target)),
        permanent=target if lasting else trail.permanent,
    )


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
