"""When a feed's new address replaces the old one: a pure function of where redirects lead.

::

    to https, same host and path             at once
    to the same place, for good              on 5 polls in a row, over 7 days
    there, and now the old address is gone   at once

Only permanent redirects count (RFC 9110 §15.4.2, §15.4.9), only those at the beginning of the
way, and only while they lead to this very feed: a hotel's login page redirects for good, too.
The configuration is never edited.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from aggregator.model.feeds import FeedState, Moving, Validators
from aggregator.urls import without_credentials

POLLS = 5
TIME = timedelta(days=7)

STRANGE = -1
"""`Moving.polls` where the target was another feed when we came there."""


@dataclass(frozen=True, slots=True)
class Way:
    """What is requested from now on, and where that seems to be moving."""

    fetch_url: str
    moving: Moving | None


def led(state: FeedState, target: str | None, at: datetime, *, to_this_feed: bool) -> Way:
    """Return the way after a poll that was answered.

    ``target`` is where the permanent redirects at its beginning lead, None if there were none.
    A poll that fails between two such polls says nothing, and is not asked about.
    """
    if target is None:
        return Way(state.fetch_url, None)
    known = state.moving
    if known is None or known.target != target:
        known = Moving(target, 0, at)
    if known.polls == STRANGE or not to_this_feed:
        # By its next poll, what it holds is known here as well; that makes it no other feed.
        return Way(state.fetch_url, replace(known, polls=STRANGE))
    moving = replace(known, polls=known.polls + 1)
    is_sure = moving.polls >= POLLS and at - moving.since >= TIME
    if is_sure or _is_secured(state.fetch_url, target):
        return Way(_with_credentials(target, state.fetch_url), None)
    return Way(state.fetch_url, moving)


def lost(state: FeedState) -> Way:
    """Return the way after the old address itself has answered that nothing is there."""
    if state.moving is None or state.moving.polls == STRANGE:
        return Way(state.fetch_url, None)
    return Way(_with_credentials(state.moving.target, state.fetch_url), None)


def issued_by(validators: Validators, before: str, way: Way) -> Validators:
    """Return the validators for the new way: the target's own, or another's beyond it.

    Those of the address that was left mean nothing any more.
    """
    if way.fetch_url == before:
        return validators
    if validators.url is None:
        return Validators()
    own = validators.url == without_credentials(way.fetch_url)
    return replace(validators, url=None if own else validators.url)


def _is_secured(old: str, new: str) -> bool:
    """Tell whether the same page of the same host is now served by https."""
    before, after = _parts(old), _parts(new)
    if before is None or after is None:
        return False
    return (
        (before.scheme, after.scheme) == ("http", "https")
        and before.hostname == after.hostname
        and before.port in (None, 80)
        and after.port in (None, 443)
        and (before.path or "/", before.query) == (after.path or "/", after.query)
    )


def _with_credentials(target: str, old: str) -> str:
    """Return the target with the name and password of the old address, if it may have them.

    A redirect to another origin was followed without them.
    """
    before, after = _parts(old), _parts(target)
    if before is None or after is None or "@" not in before.netloc:
        return target
    if _origin(before) != _origin(after):
        return target
    userinfo = before.netloc.rpartition("@")[0]
    return target.replace("://", f"://{userinfo}@", 1)


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
