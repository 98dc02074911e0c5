"""A sweep that waits without time passing: where it would sleep, the clock goes on instead.

Visits are as long as the publisher makes them, by setting the clock while it answers.
"""

from dataclasses import replace
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

from aggregator.store.base import Store
from aggregator.sweeping.sweep import Message, Sweep
from tests.publisher import Reply, Scripted, Seen
from tests.scenario import Heard, Newsroom

SECONDS = 10.0
"""How long a visit may really take on a busy machine before a test fails."""


class Patience(SimpleQueue[Message]):
    """An inbox that sets the clock on when nothing can come but another time."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self.sweep: Sweep | None = None

    def get(self, block: bool = True, timeout: float | None = None) -> Message:
        assert self.sweep is not None
        if self.sweep.under_way:
            return super().get(timeout=SECONDS)
        if self.empty():
            assert timeout is not None, "nothing would ever happen"
            self._newsroom.clock.advance(seconds=timeout)
            raise Empty
        return super().get(block=False)


def patient(
    newsroom: Newsroom, store: Store | None = None, heard: Heard | None = None, **wiring: Any
) -> Sweep:
    """Return a sweep of this newsroom, with changes to its wiring."""
    inbox = Patience(newsroom)
    newsroom.wiring = replace(newsroom.wiring, **wiring)
    inbox.sweep = Sweep(
        store or newsroom.store, newsroom.wiring, heard or newsroom.heard, inbox=inbox
    )
    return inbox.sweep


class Diary:
    """An answer for every path; it notes which host was asked when, by the newsroom's clock."""

    def __init__(self, newsroom: Newsroom, answer: Scripted, *, lasting: float = 0) -> None:
        self.asked: list[tuple[str, datetime]] = []
        self._newsroom = newsroom
        self._answer = answer
        self._lasting = lasting

    def __call__(self, seen: Seen) -> Scripted:
        (host,) = seen.values(b"Host")
        self.asked.append((host.decode(), self._newsroom.clock()))
        self._newsroom.clock.advance(seconds=self._lasting)
        return self._answer

    def times(self, host: str | None = None) -> list[datetime]:
        """Return when a host was asked, or any."""
        return sorted(at for name, at in self.asked if host in (None, name))


def unread(status: int = 404) -> Reply:
    """Return an answer that costs little to deal with."""
    return Reply(status=status)
