"""Whose turn it is to be asked, pure: what is known of hosts and of visits under way → verdicts.

Per host one visit at a time, and from start to start the gap or twice what the last request
took, whichever is longer: a slow server rests as long again as it worked. Hosts that were last
reached at one address share such a turn. Per registrable domain two visits at a time, and none
at all while its servers have told us to stay away. Over all hosts, starts are let out of a
bucket, so that a backlog is worked off evenly.

A poll is one visit to the host that its feed names. Where a redirect leads to another one, that
one is not asked for a turn, but counts as asked: the next who wants to visit it waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.cadence.pace import LONGEST_ABSENCE
from aggregator.domains import registrable
from aggregator.model.feeds import Pause
from aggregator.urls import host

VISITS_OF_A_DOMAIN = 2
"""How many visits to the hosts of one registrable domain may be under way at once."""

FIRST_PAUSE = timedelta(hours=1)
"""How long a domain is left alone that does not say for how long."""

SLOWEST_STARTS = 5.0
"""Starts a second that a backlog is worked off with at least."""

_NONE = timedelta(0)
_SECOND = timedelta(seconds=1)


# --- the turns of hosts --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """A claimed feed that is to be visited: at which host, and which gap is owed to it.

    ``domain`` is None for a host that stands for itself: it shares nothing with others, be it
    their domain or their address. A ``gap`` of zero means that no turn is owed to the host.
    """

    key: str
    token: str
    host: str
    domain: str | None
    gap: timedelta


@dataclass(frozen=True, slots=True)
class KnownHost:
    """When a host was last asked, how long that took, and where it was reached."""

    started_at: datetime
    latency: timedelta = _NONE
    address: str | None = None

    def earliest(self, gap: timedelta, now: datetime) -> datetime:
        """Return when it has rested enough.

        A clock that was set back lengthens no rest: what lies too far ahead is not believed.
        """
        rest = max(gap, 2 * self.latency)
        return self.started_at + rest if self.started_at <= now + rest else now


@dataclass(frozen=True, slots=True)
class Underway:
    """A visit under way; ``domain`` and ``address`` are None for a host that stands for itself."""

    host: str
    domain: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known when turns are asked for, as far as it concerns those who ask.

    ``hosts`` are theirs, and of the others at the same addresses those that were asked last;
    ``pauses`` are in force, by domain.
    """

    hosts: Mapping[str, KnownHost] = field(default_factory=dict)
    under_way: tuple[Underway, ...] = ()
    pauses: Mapping[str, Pause] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Granted:
    """It is this feed's turn."""


@dataclass(frozen=True, slots=True)
class Rests:
    """Not before then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """Not before a visit ends that is under way."""


@dataclass(frozen=True, slots=True)
class Away:
    """Its whole domain is left alone."""

    pause: Pause


Verdict = Granted | Rests | Busy | Away


def judge(asks: Sequence[Ask], picture: Picture, now: datetime, most: int) -> tuple[Verdict, ...]:
    """Decide about each, in their order: an earlier one may take a later one's turn.

    At most ``most`` are granted; whoever is left out by that may ask again at once.
    """
    verdicts: list[Verdict] = []
    granted = 0
    for ask in asks:
        verdict = _judged(ask, picture, now)
        if isinstance(verdict, Granted):
            if granted == most:
                verdict = Rests(now)
            else:
                granted += 1
                picture = _begun(ask, picture, now)
        verdicts.append(verdict)
    return tuple(verdicts)


def _judged(ask: Ask, picture: Picture, now: datetime) -> Verdict:
    pause = picture.pauses.get(ask.domain) if ask.domain else None
    if pause is not None and now < pause.until:
        return Away(pause)
    if not ask.gap:
        return Granted()
    address = _address(ask, picture)
    of_domain = 0
    for visit in picture.under_way:
        if visit.host == ask.host or (address is not None and visit.address == address):
            return Busy()
        of_domain += ask.domain is not None and visit.domain == ask.domain
    if of_domain >= VISITS_OF_A_DOMAIN:
        return Busy()
    rested_at = max(
        (known.earliest(ask.gap, now) for known in _neighbours(ask, picture)), default=now
    )
    return Rests(rested_at) if rested_at > now else Granted()


def _address(ask: Ask, picture: Picture) -> str | None:
    known = picture.hosts.get(ask.host)
    return known.address if known and ask.domain else None


def _neighbours(ask: Ask, picture: Picture) -> list[KnownHost]:
    """Return the host itself, if it is known, and those at its address."""
    address = _address(ask, picture)
    return [
        known
        for name, known in picture.hosts.items()
        if name == ask.host or (address is not None and known.address == address)
    ]


def _begun(ask: Ask, picture: Picture, now: datetime) -> Picture:
    known = picture.hosts.get(ask.host, KnownHost(now))
    return replace(
        picture,
        hosts={**picture.hosts, ask.host: replace(known, started_at=now)},
        under_way=(*picture.under_way, under_way(ask, picture)),
    )


def under_way(ask: Ask, picture: Picture) -> Underway:
    """Return the visit that begins when the turn is granted."""
    return Underway(ask.host, ask.domain, _address(ask, picture))


# --- domains that are left alone -----------------------------------------------------------------


def pause_after(url: str, at: datetime, retry_after: timedelta | None) -> Pause | None:
    """Return what a 429 (RFC 6585 §4) to a request for ``url`` means for the site's other feeds.

    None where the host belongs to no group: then it concerns the feed alone.
    """
    domain = registrable(host(url))
    if domain is None:
        return None
    until = at + min(retry_after or FIRST_PAUSE, LONGEST_ABSENCE)
    words = f"its site {domain} has had too many requests from us, and is left alone until then"
    return Pause(domain, until, words)


# --- the bucket ----------------------------------------------------------------------------------


def starts_a_second(steady: float) -> float:
    """Return how fast a backlog may be worked off; ``steady`` is the usual rate, a second."""
    return max(SLOWEST_STARTS, 2 * steady)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many visits may start, as of ``at``: at most what ``rate`` gives in a second."""

    rate: float
    tokens: float
    at: datetime

    @classmethod
    def full(cls, rate: float, at: datetime) -> "Bucket":
        """Return a bucket that lets a second's worth start at once."""
        return cls(rate, rate, at)

    def refilled(self, now: datetime) -> "Bucket":
        """Return it as of ``now``; a clock that was set back fills nothing."""
        since = max(0.0, (now - self.at) / _SECOND)
        return replace(self, tokens=min(self.rate, self.tokens + since * self.rate), at=now)

    def at_rate(self, rate: float) -> "Bucket":
        """Return it with another rate."""
        return replace(self, rate=rate, tokens=min(self.tokens, rate))

    def without(self, starts: int) -> "Bucket":
        """Return it after so many starts."""
        return replace(self, tokens=self.tokens - starts)

    @property
    def starts(self) -> int:
        """How many visits may start now."""
        # What was added up in parts may be a hair short of a whole token.
        return int(self.tokens + _HAIR)

    @property
    def next_at(self) -> datetime:
        """When the next visit may start."""
        wanting = max(0.0, 1.0 - self.tokens)
        return self.at + _SECOND * (wanting / self.rate)


_HAIR = 1e-4
"""More than the microseconds of a clock can make of a token."""
