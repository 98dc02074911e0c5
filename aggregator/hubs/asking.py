"""Hubs are asked, each request on a thread of its own, all else on the sweep's.

::

    store.prospects ─▶ next_step ─▶ its host's turn ─▶ kept ─▶ POST ─▶ ledger, and what it said

A request is kept before it is made: its hub may verify it before it has answered.
"""

import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread

from aggregator.cadence.pace import LONGEST_ABSENCE
from aggregator.errors import FetchError
from aggregator.fetch.posting import Form, letter_of
from aggregator.model.fetching import Hop
from aggregator.model.polls import Asked
from aggregator.politeness import Ask, Away, Granted, Rests, Verdict
from aggregator.store.base import Store
from aggregator.sweeping.sweep import Sweep
from aggregator.urls import host
from aggregator.websub.answers import failed
from aggregator.websub.subscription import (
    Callback,
    Forget,
    Subscribe,
    Unsubscribe,
    Wait,
    fields,
    next_step,
)

AT_ONCE = 4
"""How many hubs are asked at once."""

AT_A_GLANCE = 50
"""About how many feeds' hubs is thought in one go."""

LONGEST_REQUEST = timedelta(minutes=5)

LOOK_AGAIN = timedelta(seconds=1)
"""When a hub is thought of again that is asked just now for another feed."""

REST = timedelta(hours=1)
"""How long a hub is left alone that has too much to do (429, 503), unless it says for how long."""

Chance = Callable[[], str]
"""Gives texts that nobody can guess, for tokens and secrets."""

Request = Subscribe | Unsubscribe


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of a request: the hops it took, and what went wrong, if something did."""

    hops: tuple[Hop, ...]
    error: FetchError | None


class Asking:
    """Requests to the hubs of one store's feeds; callbacks are below ``address``."""

    def __init__(
        self,
        store: Store,
        sweep: Sweep,
        address: str,
        chance: Chance = secrets.token_urlsafe,
    ) -> None:
        self._store = store
        self._sweep = sweep
        self._address = address
        self._chance = chance
        self._away: dict[str, datetime] = {}
        self._resting: dict[str, datetime] = {}

    @property
    def is_away(self) -> bool:
        """Whether a hub is being asked."""
        return bool(self._away)

    def move_in(self) -> None:
        """Let the hubs that know another address of ours be told this one."""
        self._store.move_pushes(self._address, self._now())

    def act(self) -> None:
        """Do what there is to do about hubs, as far as it is their turn. Raises `StoreError`."""
        now = self._now()
        # What came of a request may be lost with a full disk.
        self._away = {token: at for token, at in self._away.items() if now - at < LONGEST_REQUEST}
        if len(self._away) >= AT_ONCE or self._sweep.network_is_away:
            return
        queued = Counter[str]()
        later: list[tuple[str, datetime]] = []
        for prospect in self._store.prospects(now, AT_A_GLANCE):
            match next_step(prospect, self._callback(), now):
                case Wait(push):
                    self._store.keep_push(push)
                case Forget(key):
                    self._store.forget_push(key)
                case (Subscribe() | Unsubscribe()) as request:
                    until = self._asked_or_until(request, now)
                    if until is not None:
                        # Whoever has to wait for one hub makes room for the feeds of others.
                        name = host(request.push.hub.url) or ""
                        later.append((prospect.key, until + self._gap * queued[name]))
                        queued[name] += 1
        self._store.postpone_pushes(later)

    def _now(self) -> datetime:
        return self._sweep.wiring.edge.clock()

    @property
    def _gap(self) -> timedelta:
        return self._sweep.wiring.hosts.gap

    def _callback(self) -> Callback:
        return Callback(self._chance(), self._chance(), self._address)

    def _asked_or_until(self, request: Request, now: datetime) -> datetime | None:
        """Ask a hub if it is its turn; else return until when that has to wait."""
        hub = request.push.hub
        resting_until = self._resting.get(host(hub.url) or "", now)
        if resting_until > now:
            return resting_until
        if len(self._away) >= AT_ONCE:
            return now + LOOK_AGAIN
        hosts = self._sweep.wiring.hosts
        turn = hosts.ask_for(request.push.key, request.callback.token, hub.url)
        verdict: Verdict = Granted()
        if turn is not None:
            (verdict,) = self._store.take_turns([turn], now, 1)
        match verdict:
            case Granted():
                self._store.keep_push(request.push)
                self._away[request.callback.token] = now
                Thread(
                    target=self._run,
                    args=(request, turn),
                    name=f"hub of {request.push.key}",
                    daemon=True,
                ).start()
                return None
            case Rests(until):
                return until
            case Away(pause):
                return pause.until
            case _:
                return now + LOOK_AGAIN

    def _run(self, request: Request, turn: Ask | None) -> None:
        edge = self._sweep.wiring.edge
        hops: list[Hop] = []
        letter = letter_of(Form(request.push.hub.url, fields(request)))
        error: FetchError | None = None
        try:
            edge.post(letter, edge.user_agent, hops.append)
        except FetchError as failure:
            error = failure
        except CancelledError:
            # We are stopping; what was kept says when to ask again.
            error = None
        answer = _Answer(tuple(hops), error)
        self._sweep.call(lambda: self._hear(request, turn, answer))

    def _hear(self, request: Request, turn: Ask | None, answer: _Answer) -> None:
        """Write down what came of a request; what it was about may have changed meanwhile."""
        self._away.pop(request.callback.token, None)
        if turn is not None:
            self._store.end_turns([turn])
        self._store.record([Asked(hop, "hub", request.push.sentence) for hop in answer.hops])
        if answer.error is None:
            return
        self._rest(request.push.hub.url, answer.error)
        prospect = self._store.prospect(request.push.key)
        push = prospect.push if prospect else None
        if push is not None and push.pending == request.callback:
            told = f"Its hub could not be asked: {answer.error}"
            self._store.keep_push(failed(push, told, answer.error.retry_after, self._now()))

    def _rest(self, url: str, error: FetchError) -> None:
        """Leave a hub alone that asks for it, whichever feeds it tells of."""
        wait = error.retry_after or (REST if error.status in {429, 503} else timedelta(0))
        self._resting[host(url) or ""] = self._now() + min(wait, LONGEST_ABSENCE)
