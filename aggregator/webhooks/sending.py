"""Webhooks are told, each letter on a thread of its own, all else on the sweep's.

A webhook gets one letter at a time, in the order in which polls tagged the entries; what it does
not take is tried again, later and later, and holds up what follows. It is written down as told
only then: after a crash a letter may come twice, under the same ``webhook-id``.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Thread

from aggregator.config.settings import Config, OutputSettings, WebhookSettings
from aggregator.errors import FetchError
from aggregator.fetch.posting import Letter
from aggregator.model.fetching import Hop
from aggregator.model.polls import Asked
from aggregator.query.match import find
from aggregator.store.base import Store
from aggregator.store.webhooks import NewlyTagged, Webhook
from aggregator.sweeping.sweep import Sweep
from aggregator.urls import without_credentials
from aggregator.webhooks.letters import letter, retry_at

AT_A_GLANCE = 100
"""How many newly tagged entries are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell of what an output holds."""

    output: OutputSettings
    webhook: WebhookSettings

    @property
    def name(self) -> str:
        """What it is known by: another address of the same output is another webhook."""
        return f"{self.output.name} {without_credentials(self.webhook.url)}"


class Sending:
    """The webhooks of a configuration, told of what one store's polls have tagged."""

    def __init__(self, store: Store, tell: Callable[[str], object]) -> None:
        self._store = store
        self._tell = tell
        self._told: dict[str, Told] = {}
        self._away: set[str] = set()

    @property
    def is_away(self) -> bool:
        """Whether a letter is on its way."""
        return bool(self._away)

    def begin(self, config: Config, now: datetime) -> None:
        """Tell these webhooks from now on. Raises `StoreError`."""
        self._told = {told.name: told for told in every(config.outputs)}
        self._store.follow_webhooks(tuple(self._told), now)

    def act(self, sweep: Sweep) -> None:
        """Send what is to be sent to those that may be told now. Raises `StoreError`."""
        if not self._told or sweep.network_is_away:
            return
        now = sweep.wiring.edge.clock()
        for webhook in self._store.webhooks():
            if webhook.name in self._told and webhook.due_at <= now:
                self._go_on(webhook, sweep)

    def _go_on(self, webhook: Webhook, sweep: Sweep) -> None:
        """Send a webhook the next letter, if there is one and none is on its way."""
        told = self._told.get(webhook.name)
        if told is None or webhook.name in self._away:
            return
        now = sweep.wiring.edge.clock()
        stretch = self._store.newly_tagged(webhook.reached, AT_A_GLANCE)
        for each in stretch.found:
            if self._is_for(told, each, now):
                self._send(replace(webhook, reached=each.number), told, each, sweep)
                return
        if stretch.end != webhook.reached:
            self._store.keep_webhook(replace(webhook, reached=stretch.end))

    def _is_for(self, told: Told, each: NewlyTagged, now: datetime) -> bool:
        """Tell whether an output holds an entry for what polls say of it, and this is news."""
        tags = tuple(tag for tag in each.subject.tags if tag.name in each.given)
        query = told.output.query
        if query is not None and find(query, replace(each.subject, tags=tags), now) is None:
            return False
        return not self._store.was_sent(told.name, each.subject.entry.id)

    def _send(self, reaching: Webhook, told: Told, each: NewlyTagged, sweep: Sweep) -> None:
        now = sweep.wiring.edge.clock()
        target = told.webhook
        sent = letter(target.url, target.key, told.name, each.subject, now)
        self._away.add(told.name)
        Thread(
            target=self._run,
            args=(reaching, each, sent, sweep),
            name=f"webhook {told.name}",
            daemon=True,
        ).start()

    def _run(self, reaching: Webhook, each: NewlyTagged, sent: Letter, sweep: Sweep) -> None:
        edge = sweep.wiring.edge
        hops: list[Hop] = []
        error: FetchError | None = None
        try:
            edge.post(sent, edge.user_agent, hops.append)
        except FetchError as failure:
            error = failure
        except CancelledError:
            # We are stopping: what was not taken is sent again.
            return
        sweep.call(lambda: self._hear(reaching, each, tuple(hops), error, sweep))

    def _hear(
        self,
        reaching: Webhook,
        each: NewlyTagged,
        hops: tuple[Hop, ...],
        error: FetchError | None,
        sweep: Sweep,
    ) -> None:
        """Write down what came of a letter, and go on."""
        self._away.discard(reaching.name)
        self._store.record([Asked(hop, "webhook", "An entry was tagged.") for hop in hops])
        if error is None:
            done = replace(reaching, failures=0)
            self._store.keep_webhook(done, each.subject.entry.id)
            self._go_on(done, sweep)
            return
        now = sweep.wiring.edge.clock()
        failures = reaching.failures + 1
        due_at = retry_at(failures, error.retry_after, now)
        behind = each.number - 1
        self._store.keep_webhook(Webhook(reaching.name, behind, failures, due_at))
        if failures == 1:
            self._tell(f"the webhook {reaching.name} could not be told: {error} It is tried again.")


def every(outputs: Iterable[OutputSettings]) -> tuple[Told, ...]:
    """Return the webhooks of outputs."""
    return tuple(Told(output, webhook) for output in outputs for webhook in output.webhooks)
