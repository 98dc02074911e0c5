"""How κ follows a budget of requests: slower while the schedule comes to more, faster below it."""

from datetime import timedelta

from aggregator.cadence.pace import USUAL_KAPPA

LOOK = timedelta(minutes=10)
"""How often κ is adjusted."""

MOST_A_SECOND = 50.0
"""What no installation goes beyond, whatever its budget."""

_GAIN = 0.2
_FASTEST = timedelta(hours=1)
_SLOWEST = timedelta(hours=48)
_DAY = timedelta(days=1)


def adjusted(kappa: timedelta, rate: float, budget: int | None) -> timedelta:
    """Return κ for the next ten minutes.

    ``rate`` is how many requests a second the schedule comes to, ``budget`` how many a day are
    allowed. Without one κ is never below the usual: nobody asks publishers for more because
    there is room for it.
    """
    allowed = MOST_A_SECOND
    if budget is not None:
        allowed = min(MOST_A_SECOND, budget / _DAY.total_seconds())
    least = USUAL_KAPPA if budget is None else _FASTEST
    wanted = kappa.total_seconds() * (1 + _GAIN * (rate - allowed) / allowed)
    bounded = max(least.total_seconds(), min(wanted, _SLOWEST.total_seconds()))
    return timedelta(seconds=round(bounded))
