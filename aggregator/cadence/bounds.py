"""How long to leave a feed alone at least: each reason a length, with the words that name it."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.cadence import rhythm as rhythms
from aggregator.cadence import shape
from aggregator.cadence.pace import USUAL_FLOOR, Pace, Terms
from aggregator.cadence.spreading import fraction
from aggregator.durations import show_duration
from aggregator.model.feeds import Rhythm

_NONE = timedelta(0)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)

_LONGEST_WISH = _DAY
_LONGEST_PENALISED = _DAY
_SHORTEST_FLOOR = timedelta(minutes=15)
_BYTES_A_DAY = 2 * 1024 * 1024
_AUDIT = _DAY
_SHIFT = timedelta(hours=1)
_DORMANT_CEILINGS = ((timedelta(days=365), _WEEK), (rhythms.DORMANT, timedelta(hours=72)))


@dataclass(frozen=True, slots=True)
class Bound:
    """A least time to wait. ``telling`` ones are named even if another decides."""

    length: timedelta
    words: str
    telling: bool = False


def usual(terms: Terms, rhythm: Rhythm, at: datetime, floor: timedelta) -> Bound:
    """Return the promise, or what the feed's rhythm asks for: κ/√(weight · λ), with ceilings.

    The hours of the day shape the ``floor`` where that is longer: a feed that would be asked all
    day long is left alone at night all the same.
    """
    if terms.interval is not None:
        words = f"polled every {show_duration(terms.interval)} as configured"
        return Bound(terms.interval, words)
    even = terms.pace.kappa / math.sqrt(terms.weight * rhythms.rate(rhythm, at))
    ceiling = _ceiling(terms.pace, rhythm, at)
    # The walk leads feeds of like hours to like minutes: each sees the hours a little shifted.
    seen_at = at + _SHIFT * (fraction(terms.key, "hours") - 0.5)
    fitted = shape.fitted(rhythm.hours, seen_at, min(max(even, floor), ceiling))
    length = even if even < floor and fitted <= floor else fitted
    words = rhythms.show_rate(rhythm, at) + shape.show_hours(rhythm.hours)
    return Bound(min(length, ceiling), words)


def _ceiling(pace: Pace, rhythm: Rhythm, at: datetime) -> timedelta:
    silent = rhythms.silence(rhythm, at)
    dormant = (ceiling for since, ceiling in _DORMANT_CEILINGS if silent > since)
    return max(pace.max_interval, next(dormant, _NONE))


def lowered(pace: Pace, rhythm: Rhythm, lifetime: timedelta | None) -> timedelta:
    """Return the floor, lowered where the server says less and an unchanged answer is free."""
    honoured = rhythm.validated and rhythm.unchanged_bytes == 0
    if honoured and lifetime and _NONE < lifetime < pace.floor <= USUAL_FLOOR:
        return min(pace.floor, max(_SHORTEST_FLOOR, lifetime))
    return pace.floor


def floored(terms: Terms, rhythm: Rhythm, floor: timedelta) -> Bound:
    """Return the floor that holds for the feed, where ``floor`` does for any like it."""
    if terms.interval is not None:
        floor, why = terms.interval, ", as configured"
    else:
        why = ", like any feed"
        cost = _DAY * min(1.0, rhythm.unchanged_bytes / _BYTES_A_DAY)
        if floor and not rhythm.validated and cost > floor:
            floor, why = cost, ", as every poll costs it the whole document"
    penalised = min(floor * rhythm.penalty, _LONGEST_PENALISED)
    if penalised > floor:
        floor, why = penalised, ", as it told us that we ask too often"
    return Bound(floor, f"at most once in {show_duration(floor)}{why}")


def wishes(terms: Terms, rhythm: Rhythm) -> tuple[Bound, ...]:
    """Return what the document asks for; a promise made to its publisher goes before."""
    if terms.interval is not None:
        return ()
    ttl = min(rhythm.ttl or _NONE, _LONGEST_WISH)
    period = min(rhythm.update_period or _NONE, _LONGEST_WISH)
    return (
        Bound(ttl, f"its ttl asks for {show_duration(ttl)}"),
        Bound(period, f"it says that it is updated every {show_duration(period)}"),
    )


def said(rhythm: Rhythm, at: datetime) -> tuple[Bound, ...]:
    """Return what the server's headers say."""
    fresh = max(_NONE, (rhythm.fresh_until or at) - at)
    away = max(_NONE, (rhythm.not_before or at) - at)
    return (
        Bound(fresh, f"server allows {show_duration(fresh)}", telling=fresh > _NONE),
        Bound(away, f"server asks us to stay away for {show_duration(away)}"),
    )


def audit(terms: Terms) -> tuple[Bound, ...]:
    """Return how long a feed can wait whose hub tells us of its news (WebSub)."""
    return (Bound(_AUDIT, "its hub tells us", telling=True),) if terms.pushed else ()
