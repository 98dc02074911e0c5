"""Hubs are told that what we publish has changed, each on a thread of its own.

WebSub leaves it to hub and publisher how (§6); what hubs understand is the form of PubSubHubbub
0.4, §7.1. A hub then asks for the topic itself, so that several changes need one ping, and nothing
is written down: after a restart the next change tells of all.
"""

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime
from threading import Thread

from aggregator.config.settings import OutputSettings
from aggregator.errors import FetchError
from aggregator.fetch.posting import Form, letter_of
from aggregator.model.fetching import Hop
from aggregator.model.polls import Asked
from aggregator.store.base import Store
from aggregator.sweeping.sweep import Sweep
from aggregator.urls import without_credentials
from aggregator.webhooks.letters import retry_at

MOST_TRIES = 8
"""How often a hub is told of one change: for two hours, as the waits double from a minute on."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What has changed, and who tells its subscribers; both are addresses."""

    hub: str
    url: str


@dataclass(frozen=True, slots=True)
class Due:
    """When a hub is to be told, and how often that has failed."""

    at: datetime
    failures: int = 0


class Pinging:
    """The hubs that are to be told; on the thread of the sweep, like all that uses its store."""

    def __init__(self, store: Store, tell: Callable[[str], object]) -> None:
        self._store = store
        self._tell = tell
        self._waiting: dict[Topic, Due] = {}
        self._away: set[Topic] = set()

    @property
    def is_away(self) -> bool:
        """Whether a ping is on its way."""
        return bool(self._away)

    def changed(self, output: OutputSettings, now: datetime) -> None:
        """Note that an output has changed: its hub, if it has one, is told at the next `act`."""
        if output.hub and output.url:
            self._waiting[Topic(output.hub, output.url)] = Due(now)

    def act(self, sweep: Sweep) -> None:
        """Tell the hubs that are to be told by now."""
        if sweep.network_is_away:
            return
        now = sweep.wiring.edge.clock()
        for topic, due in tuple(self._waiting.items()):
            if due.at <= now and topic not in self._away:
                del self._waiting[topic]
                self._away.add(topic)
                self._send(topic, due, sweep)

    def _send(self, topic: Topic, due: Due, sweep: Sweep) -> None:
        name = f"hub {without_credentials(topic.hub)}"
        Thread(target=self._run, args=(topic, due, sweep), name=name, daemon=True).start()

    def _run(self, topic: Topic, due: Due, sweep: Sweep) -> None:
        edge = sweep.wiring.edge
        form = Form(topic.hub, (("hub.mode", "publish"), ("hub.url", topic.url)))
        hops: list[Hop] = []
        error: FetchError | None = None
        try:
            edge.post(letter_of(form), edge.user_agent, hops.append)
        except FetchError as failure:
            error = failure
        except CancelledError:
            return
        sweep.call(lambda: self._hear(topic, due, tuple(hops), error, sweep))

    def _hear(
        self, topic: Topic, due: Due, hops: tuple[Hop, ...], error: FetchError | None, sweep: Sweep
    ) -> None:
        """Write down what came of a ping, and wait with the next try where it was not taken."""
        self._away.discard(topic)
        self._store.record([Asked(hop, "hub", "An output has changed.") for hop in hops])
        if error is None:
            return
        failures = due.failures + 1
        hub = without_credentials(topic.hub)
        if failures >= MOST_TRIES:
            self._tell(f"the hub {hub} was not told that {topic.url} has changed: {error}")
            return
        if failures == 1:
            self._tell(f"the hub {hub} could not be told: {error} It is tried again.")
        again = Due(retry_at(failures, error.retry_after, sweep.wiring.edge.clock()), failures)
        self._waiting.setdefault(topic, again)
