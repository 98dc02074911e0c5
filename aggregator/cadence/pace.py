"""How fast we may go, and on which terms one feed is polled: what the bounds are made of."""

from dataclasses import dataclass
from datetime import timedelta

USUAL_FLOOR = timedelta(minutes=60)
"""The least time between two polls of a feed that has promised us nothing else."""

LONGEST_ABSENCE = timedelta(days=31)
"""How long anybody who asks for it is left alone at most: longer is a mistake of theirs."""

USUAL_KAPPA = timedelta(hours=3)
"""How often a feed is polled that publishes once a day, unless a budget says otherwise."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast we may go: the same for all feeds of the public internet.

    ``floor`` is the least time from the end of one poll to the next, zero for networks that are
    our own. ``max_interval`` bounds what is learned about a living feed. ``kappa`` is how often
    a feed is polled that publishes once a day: larger is slower.
    """

    floor: timedelta = USUAL_FLOOR
    max_interval: timedelta = timedelta(days=1)
    kappa: timedelta = USUAL_KAPPA


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms the feed ``key`` is polled.

    ``interval`` is the configured promise, if there is one; ``weight`` is how much its entries
    matter; ``pushed`` says that a hub tells us of its news.
    """

    key: str
    pace: Pace
    interval: timedelta | None = None
    weight: float = 1.0
    pushed: bool = False
