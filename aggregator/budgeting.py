"""Keeping to the budget of requests: every ten minutes the pace follows what polling comes to."""

from dataclasses import replace
from datetime import datetime

from aggregator.cadence.budget import LOOK, adjusted
from aggregator.pipeline import Clock
from aggregator.store.base import Store
from aggregator.sweeping.sweep import Sweep


class Budgeting:
    """The daemon's pace. It alone changes it; commands take it as it is."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._budget: int | None = None
        self._looked_at: datetime = clock()

    def begin(self, budget: int | None, sweep: Sweep) -> None:
        """Keep to this budget, in requests a day, from the pace on that was found last."""
        self._budget = budget
        self._take_up(sweep)

    def act(self, sweep: Sweep) -> None:
        """Adjust the pace if it is time to. Raises `StoreError`."""
        now = self._clock()
        if abs(now - self._looked_at) < LOOK:
            return
        self._looked_at = now
        before = self._store.kappa()
        kappa = adjusted(before, self._store.planned_rate(own=False), self._budget)
        if kappa != before:
            self._store.keep_kappa(kappa)
            self._take_up(sweep)

    def _take_up(self, sweep: Sweep) -> None:
        policy = sweep.wiring.policy.at(self._store.kappa())
        sweep.wiring = replace(sweep.wiring, policy=policy)
