"""Virtual time: a sweep whose waits are leaps of its clock, so that a week takes minutes.

::

    inbox = VirtualInbox(clock)
    sweep = Sweep(store, wiring, observer, inbox)
    inbox.in_flight = lambda: sweep.under_way
    live(sweep, store, clock, until)

While a visit is under way the clock stands still, and the loop really waits for it; while none
is, a wait is over at once, and the clock shows when.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from aggregator.store.base import Store
from aggregator.sweeping.sweep import Message, Sweep
from tests.scenario import Clock

PATIENCE = 60.0
"""Real seconds that a visit may take before the test fails."""

LONGEST_WAIT = timedelta(minutes=10)
"""How long, on its own clock, a daemon without anything to do waits before it looks again."""

_SHORTEST_WAIT = timedelta(seconds=1)


class VirtualInbox(SimpleQueue[Message]):
    """An inbox that sets a clock instead of waiting; ``in_flight`` says whether to wait really."""

    def __init__(self, clock: Clock) -> None:
        self.in_flight: Callable[[], bool] = lambda: False
        self._clock = clock

    def get(self, block: bool = True, timeout: float | None = None) -> Message:
        if not block:
            return super().get(block=False)
        if self.in_flight():
            # What comes late would be a hang: Empty would only be asked for again.
            return super().get(timeout=PATIENCE)
        try:
            return super().get(block=False)
        except Empty:
            assert timeout is not None, "nothing is under way, and nobody will ever come"
            self._clock.advance(seconds=timeout)
            raise


def live(sweep: Sweep, store: Store, clock: Clock, until: datetime) -> None:
    """Do what the daemon does, looking at the store when something is due instead of every second.

    What is under way when the time is over ends.
    """
    while clock() < until:
        sweep.claim_due()
        due_at = store.next_due_at() or until
        wait = min(max(due_at - clock(), _SHORTEST_WAIT), LONGEST_WAIT, until - clock())
        sweep.turn(wait.total_seconds())
    while sweep.under_way:
        sweep.turn(0)
