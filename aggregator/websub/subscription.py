"""How we stand with the hub of a feed, and what is to be done about it.

::

    (none) ─ asked ─▶ pending ─ verified ─▶ live ─ asked, at 2/3 of the lease ─▶ renewing ─┐
              ▲                              ▲└─────────────── verified ◀────────────────────┘
              │                              │
              └── in an hour, two, four … ── denied │ expired │ distrusted (seven days)

    any of them, once the feed is gone or names no hub ─▶ leaving ─▶ (none)

Only while it is live or renewing do we rely on it; in every other state the feed is polled as
any other. What a hub's words make of it, says `aggregator.websub.answers`. Chance and time are
arguments.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from aggregator.model.feeds import Pushed
from aggregator.model.fetching import Hub

LEASE = timedelta(days=10)
"""How long we ask to be told; how long we are, is the hub's word."""

SHORTEST_WAIT = timedelta(hours=1)
"""The least time from one request about a feed to the next."""

_LONGEST_WAIT = timedelta(days=1)


class Standing(StrEnum):
    """How we stand with a hub."""

    PENDING = "pending"
    LIVE = "live"
    RENEWING = "renewing"
    DENIED = "denied"
    EXPIRED = "expired"
    DISTRUSTED = "distrusted"
    LEAVING = "leaving"


RELIED_ON = frozenset({Standing.LIVE, Standing.RENEWING})


@dataclass(frozen=True, slots=True)
class Callback:
    """What one request gave to a hub: whoever knows the token, below ``address``, is that hub.

    ``secret`` is what it signs with: less than 200 bytes (§5.1).
    """

    token: str
    secret: str
    address: str

    @property
    def url(self) -> str:
        """Where the hub reaches us."""
        return f"{self.address}/{self.token}"


@dataclass(frozen=True, slots=True)
class Push:
    """The subscription of the feed ``key`` at its hub.

    ``pending`` was given to the hub and is not verified yet, ``live`` is verified; both are
    valid until the other takes its place. ``since`` is when the hub was first verified, without
    a gap until now. ``ask_at`` is when it may be asked (again). ``attempts`` counts requests
    without a verification. ``sentence`` says what happened last.
    """

    key: str
    hub: Hub
    standing: Standing
    requested_at: datetime
    ask_at: datetime
    pending: Callback | None = None
    live: Callback | None = None
    since: datetime | None = None
    verified_at: datetime | None = None
    lease_until: datetime | None = None
    distrusted_until: datetime | None = None
    last_delivery_at: datetime | None = None
    attempts: int = 0
    sentence: str = ""

    @property
    def pushed(self) -> Pushed | None:
        """Since when and until when we rely on it, None if we do not."""
        if self.standing in RELIED_ON and self.since and self.lease_until:
            return Pushed(self.since, self.lease_until)
        return None

    @property
    def act_at(self) -> datetime:
        """When there is something to do about it."""
        return min(self.ask_at, self.pushed.until) if self.pushed else self.ask_at

    @property
    def callbacks(self) -> tuple[Callback, ...]:
        """Those that are valid."""
        return tuple(one for one in (self.live, self.pending) if one is not None)

    def callback(self, token: str) -> Callback | None:
        """Return the valid callback that has this token."""
        return next((one for one in self.callbacks if one.token == token), None)


@dataclass(frozen=True, slots=True)
class Prospect:
    """A feed about whose hub something is to be done.

    ``hub`` is what its last document offers; ``is_active`` says that it is polled at all.
    """

    key: str
    is_active: bool
    hub: Hub | None = None
    push: Push | None = None


# --- what is to be done --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Store it, then ask its hub to tell ``callback`` of news: it is pending."""

    push: Push
    callback: Callback


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Store it, then ask its hub to tell ``callback`` no more: it was live."""

    push: Push
    callback: Callback


@dataclass(frozen=True, slots=True)
class Wait:
    """Store it: nothing else is to be done before its time."""

    push: Push


@dataclass(frozen=True, slots=True)
class Forget:
    """There is nothing to remember of a feed's hub."""

    key: str


Step = Subscribe | Unsubscribe | Wait | Forget


def next_step(prospect: Prospect, fresh: Callback, now: datetime) -> Step:
    """Decide what to do about a feed's hub; ``fresh`` is random, for a request if it is made."""
    push = None if prospect.push is None else _expired(prospect.push, now)
    if prospect.hub is None or not prospect.is_active:
        return _left(prospect.key, push, now)
    if push is None:
        return _subscribe(_stranger(prospect.key, prospect.hub, now), fresh, now)
    moved = push.hub != prospect.hub or push.standing is Standing.LEAVING
    if moved or any(one.address != fresh.address for one in push.callbacks):
        # This need not wait until the hub may be asked again, but for the usual hour.
        ask_at = min(push.ask_at, push.requested_at + SHORTEST_WAIT)
        push = replace(push, ask_at=ask_at)
        if ask_at <= now:
            push = replace(push, hub=prospect.hub, attempts=0)
    return _subscribe(push, fresh, now) if push.ask_at <= now else Wait(push)


def _stranger(key: str, hub: Hub, now: datetime) -> Push:
    return Push(key, hub, Standing.PENDING, now, now)


def _subscribe(push: Push, fresh: Callback, now: datetime) -> Subscribe:
    """Ask as if in vain, until it is verified.

    So a request that was lost with us, or with the hub, is repeated in time, and no sooner.
    """
    wait = min(_LONGEST_WAIT, SHORTEST_WAIT * 2 ** min(push.attempts, 10))
    asked = replace(
        push,
        standing=Standing.RENEWING if push.pushed else Standing.PENDING,
        pending=fresh,
        requested_at=now,
        ask_at=now + wait,
        attempts=push.attempts + 1,
        distrusted_until=None,
        sentence="Its hub was asked to tell us of news.",
    )
    return Subscribe(asked, fresh)


def _left(key: str, push: Push | None, now: datetime) -> Step:
    if push is None or push.live is None or push.standing is Standing.LEAVING:
        waits = push is not None and push.standing is Standing.LEAVING and push.ask_at > now
        return Wait(push) if waits and push is not None else Forget(key)
    leaving = replace(
        push,
        standing=Standing.LEAVING,
        pending=None,
        requested_at=now,
        ask_at=now + _LONGEST_WAIT,
        sentence="Its hub was asked to tell us of news no more.",
    )
    return Unsubscribe(leaving, push.live)


def _expired(push: Push, now: datetime) -> Push:
    """Return what is left when the lease has run out: nobody may use the old callback."""
    if push.live is None or push.lease_until is None or now < push.lease_until:
        return push
    standing = Standing.EXPIRED if push.standing in RELIED_ON else push.standing
    told = "What its hub promised us has run out." if push.pushed else push.sentence
    return replace(push, live=None, standing=standing, since=None, sentence=told)


# --- what a hub is asked -------------------------------------------------------------------------


def fields(step: Subscribe | Unsubscribe) -> tuple[tuple[str, str], ...]:
    """Return the fields of the request (§5.1).

    The secret is sent to a hub without https as well: who can read it there can read the
    callback, too, and all others are kept out.
    """
    is_new = isinstance(step, Subscribe)
    named = (
        ("hub.callback", step.callback.url),
        ("hub.mode", "subscribe" if is_new else "unsubscribe"),
        ("hub.topic", step.push.hub.topic),
    )
    if not is_new:
        return named
    lease_seconds = f"{LEASE.total_seconds():.0f}"
    return (*named, ("hub.lease_seconds", lease_seconds), ("hub.secret", step.callback.secret))
