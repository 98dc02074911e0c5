"""What a hub says or keeps from us, and what that makes of the subscription; pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.cadence.pace import LONGEST_ABSENCE
from aggregator.durations import show_duration
from aggregator.model.entries import Entry
from aggregator.model.fetching import Distrust
from aggregator.websub.subscription import (
    LEASE,
    RELIED_ON,
    SHORTEST_WAIT,
    Callback,
    Forget,
    Push,
    Standing,
)

DISTRUST = timedelta(days=7)
"""How long a hub is not relied on that has kept something from us."""

_DENIED_WAIT = timedelta(days=7)
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_LEASE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Intent:
    """What a hub wants to know or tells, by a GET of a callback (§5.2, §5.3)."""

    mode: str
    topic: str
    challenge: str = ""
    lease_seconds: str = ""
    reason: str = ""


def confirmed(push: Push, token: str, intent: Intent, now: datetime) -> Push | Forget | None:
    """Return what becomes of a subscription that a hub verifies, None where we do not agree.

    We agree to what we have asked for, with this very callback; and once more if the hub asks
    again, whom our answer may not have reached.
    """
    if intent.topic != push.hub.topic or not intent.challenge:
        return None
    callback = push.callback(token)
    match intent.mode:
        case "subscribe" if callback is not None and push.standing is not Standing.LEAVING:
            again = callback == push.live and push.standing in RELIED_ON
            return _live(push, callback, intent, now) if callback == push.pending or again else None
        case "unsubscribe" if callback is not None and push.standing is Standing.LEAVING:
            return Forget(push.key)
        case _:
            return None


def _live(push: Push, callback: Callback, intent: Intent, now: datetime) -> Push:
    lease = _lease(intent.lease_seconds)
    # Whoever promises too little to be asked again in time is asked as if in vain.
    in_time = lease * 2 / 3 >= SHORTEST_WAIT
    in_vain = min(_LONGEST_WAIT, SHORTEST_WAIT * 2 ** min(max(push.attempts - 1, 0), 10))
    return replace(
        push,
        standing=Standing.LIVE,
        pending=None,
        live=callback,
        since=push.since if push.pushed else now,
        verified_at=now,
        lease_until=now + lease,
        ask_at=now + (lease * 2 / 3 if in_time else in_vain),
        attempts=0 if in_time else push.attempts,
        sentence=f"Its hub tells us of news, for {show_duration(lease)}.",
    )


def _lease(written: str) -> timedelta:
    """Read how long the hub tells us; what we asked for where it does not say."""
    if not (written.isascii() and written.isdigit()):
        return LEASE
    return min(_LONGEST_LEASE, timedelta(seconds=int(written[:10])))


def denied(push: Push, intent: Intent, now: datetime) -> Push | None:
    """Return what becomes of a subscription that a hub refuses, or ends (§5.2).

    None where it speaks of another topic.
    """
    if intent.topic != push.hub.topic:
        return None
    why = f": {intent.reason}" if intent.reason else ""
    return replace(
        push,
        standing=Standing.DENIED,
        pending=None,
        live=None,
        since=None,
        ask_at=now + _DENIED_WAIT,
        sentence=f"Its hub does not want to tell us of news{why}.",
    )


def failed(push: Push, sentence: str, wait: timedelta | None, now: datetime) -> Push:
    """Return what becomes of one whose hub could not be asked, or asks us to ``wait``."""
    ask_at = push.ask_at if wait is None else max(push.ask_at, now + min(wait, LONGEST_ABSENCE))
    return replace(push, ask_at=ask_at, sentence=sentence)


def delivered(push: Push, sentence: str, now: datetime) -> Push:
    """Note that something came from the hub, and what it was."""
    return replace(push, last_delivery_at=now, sentence=sentence)


def distrust(entry: Entry, at: datetime) -> Distrust:
    """Return what becomes of the trust in a hub that kept an entry from us."""
    title = entry.title[:100] or entry.id
    return Distrust(at + DISTRUST, f"Its hub did not tell us of “{title}”, which a poll found.")
