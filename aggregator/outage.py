"""Whether it is our own network that is away: decided from what was tried, and what a probe found.

::

    Fine ──a host was lost──▶ Suspected ──others were heard of──▶ Fine: it is the publisher's
     ▲                            │ enough hosts are lost
     └──others were heard of── Away ⟲ the next probe, a little later each time

A host is *lost* when nothing at all was heard of it: no way leads there, no name server answers.
It is us if at least half of the hosts tried since are lost, and as many as 20 of them, or all
that there are, but never fewer than three.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ENOUGH_HOSTS = 20
"""How many lost hosts prove an outage, where there are so many."""

FEWEST_HOSTS = 3
"""Two hosts, however lost, prove nothing about us."""

FIRST_PROBE = timedelta(minutes=1)
LAST_PROBE = timedelta(minutes=5)
"""How long we wait for the next probe while the network is away: a minute more each time."""


@dataclass(frozen=True, slots=True)
class Try:
    """That a host was tried, until ``at``, and whether it was lost."""

    host: str
    at: datetime
    lost: bool


@dataclass(frozen=True, slots=True)
class Fine:
    """Nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Suspected:
    """A host was lost at ``since``; ``lost`` and ``heard`` are the hosts tried since then.

    ``hosts`` is how many there are to try, as far as that matters: 20 stands for more as well.
    """

    since: datetime
    hosts: int
    lost: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Away:
    """Our network has been away since then; it is probed again at ``probe_at``.

    ``hosts`` as in `Suspected`; ``probes`` is how many have said so, the first proof included.
    """

    since: datetime
    hosts: int
    probes: int
    probe_at: datetime


Belief = Fine | Suspected | Away


def tried(belief: Suspected, tries: Iterable[Try], now: datetime) -> Belief:
    """Weigh what came of polls; what ended before the suspicion arose says nothing about it.

    The last word on a host counts. Until enough hosts were tried, the suspicion stays.
    """
    last = {one.host: one.lost for one in tries if one.at >= belief.since}
    lost = frozenset(host for host, is_lost in last.items() if is_lost)
    heard = frozenset(last) - lost
    known = replace(belief, lost=(belief.lost - heard) | lost, heard=(belief.heard - lost) | heard)
    if _is_us(known):
        return Away(known.since, known.hosts, 1, now + FIRST_PROBE)
    is_enough = len(known.lost) + len(known.heard) >= needed(known.hosts)
    return Fine() if is_enough and len(known.heard) > len(known.lost) else known


def probed(belief: Suspected | Away, tries: Iterable[Try], now: datetime) -> Fine | Away:
    """Decide, now that as many hosts as may be needed were tried, without any request to them."""
    match belief:
        case Suspected():
            known = tried(belief, tries, now)
            return known if isinstance(known, Away) else Fine()
        case Away():
            afresh = tried(Suspected(belief.since, belief.hosts), tries, now)
            if not isinstance(afresh, Away):
                return Fine()
            probes = belief.probes + 1
            wait = min(LAST_PROBE, FIRST_PROBE * probes)
            return replace(belief, probes=probes, probe_at=now + wait)


def needed(hosts: int) -> int:
    """Return how many hosts must be lost, where there are so many."""
    return max(FEWEST_HOSTS, min(ENOUGH_HOSTS, hosts))


def _is_us(known: Suspected) -> bool:
    return len(known.lost) >= needed(known.hosts) and len(known.lost) >= len(known.heard)


def is_probe_due(belief: Away, now: datetime) -> bool:
    """Tell whether the next probe's time has come; a clock that was set back puts it off little."""
    return not now < belief.probe_at <= now + LAST_PROBE
