"""How long a poll may take, and each part of it: the limits that no server can talk us out of."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from aggregator.errors import TimedOutError
from aggregator.fetch.location import shown


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each part of a poll may take, and all of it together, in seconds."""

    look_up: float = 5
    connect: float = 10
    tls: float = 10
    first_byte: float = 20
    idle: float = 15
    total: float = 60


@dataclass(frozen=True, slots=True)
class Patience:
    """The time that one poll has, until ``ends_at`` (monotonic, in seconds).

    ``source`` is the URL as its complaints show it.
    """

    timeouts: Timeouts
    ends_at: float
    source: str = ""

    @classmethod
    def now(cls, timeouts: Timeouts) -> Self:
        """Return the patience of a poll that begins."""
        return cls(timeouts, time.monotonic() + timeouts.total)

    def asking(self, url: str) -> Self:
        """Return the same patience, spent on a URL."""
        return replace(self, source=shown(url))

    @contextlib.contextmanager
    def within(self, seconds: float, told: str) -> Iterator[float]:
        """Give what a step may take, and turn its TimeoutError into a TimedOutError."""
        left = self.ends_at - time.monotonic()
        total = f"{self.source} did not give its whole answer within {self.timeouts.total:g} s."
        if left <= 0:
            raise TimedOutError(total)
        try:
            yield min(seconds, left)
        except TimeoutError as error:
            sentence = f"{self.source} {told} within {seconds:g} s."
            raise TimedOutError(sentence if seconds < left else total) from error
