"""What a store can tell of itself to whoever watches over it: a part of `base.Store`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

RECENT = timedelta(hours=1)
"""Over which time polls are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How polls ended, and how many so; ``code`` is a failure's own, empty for all else."""

    outcome: str
    code: str
    polls: int


@dataclass(frozen=True, slots=True)
class Measures:
    """How a store does at an instant.

    ``feeds`` are counted by status; ``due`` are those that could be polled at once, the first of
    them since ``overdue``. ``polls`` are all that there ever were, ``last`` those that were the
    last of active feeds, ``recent`` those that ended within `RECENT`: their ``durations`` are in
    ascending order, ``recent_bytes`` what came of them. ``tags`` count the entries that carry
    each. ``untold`` says for how long the first entry waits that each webhook has yet to be told
    of, zero if none does. ``size_bytes`` is the database on disk, its log included.
    """

    feeds: tuple[tuple[str, int], ...]
    due: int
    overdue: timedelta
    polls: int
    last: tuple[Ended, ...]
    recent: tuple[Ended, ...]
    durations: tuple[timedelta, ...]
    recent_bytes: int
    entries: int
    tags: tuple[tuple[str, int], ...]
    untold: tuple[tuple[str, timedelta], ...]
    size_bytes: int


class MeasureStore(Protocol):
    """Watching over a store."""

    def measures(self, now: datetime) -> Measures:
        """Return how the store does; cheap, however much it holds."""

    def version(self) -> int:
        """Return a number that is another one once any other store of this database committed."""
