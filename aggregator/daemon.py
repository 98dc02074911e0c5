"""The daemon: polls what is due, publishes what changed, follows its configuration."""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from aggregator.app.polling import World, opened_wiring, policy
from aggregator.app.rules import take_up
from aggregator.app.store import opened_store
from aggregator.budgeting import Budgeting
from aggregator.catchup import Catchup
from aggregator.config.following import ConfigFile
from aggregator.config.settings import Config, OutputSettings
from aggregator.errors import AggregatorError, ConfigError
from aggregator.listings import publish_listings
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Refresh
from aggregator.publishing import Published, publish
from aggregator.pushing import Pushing
from aggregator.scheduler import Ticker
from aggregator.store.base import Store
from aggregator.store.lock import DaemonLock
from aggregator.sweeping.sweep import Observer, Signal, Sweep
from aggregator.webhooks.pings import Pinging
from aggregator.webhooks.sending import Sending
from aggregator.wording import counted

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

TICK = timedelta(seconds=1)
LOOK_AT_CLOCK_SECONDS = 5.0
GRACE_SECONDS = 10.0
"""How long polls under way may take to end once the daemon was told to stop."""

REMINDER = timedelta(hours=1)
"""How often a failure that lasts is told again."""

RETRY = timedelta(minutes=1)
"""When an output that could not be written is tried again, if nothing else calls for it."""

REFRESH = timedelta(hours=1)
"""How often outputs are looked at although nothing came: a query may count from now."""

_NEVER = datetime.min.replace(tzinfo=UTC)

SIGNALS: dict[int, Signal] = {
    signal.SIGTERM: Signal.STOP,
    signal.SIGINT: Signal.STOP,
    signal.SIGHUP: Signal.RELOAD,
}


class Journal(Observer, Protocol):
    """Is told what the daemon does, for its log."""

    def published(self, published: Published) -> None:
        """Hear that an output's file has new bytes."""

    def told(self, event: str) -> None:
        """Hear of something that is no poll: a start, a stop, another configuration."""

    def failed(self, error: Exception) -> None:
        """Hear of a failure that is no feed's; the daemon goes on."""


def run(
    config_path: Path,
    database: Path | None,
    journal: Journal,
    world: World | None = None,
    tick: timedelta = TICK,
) -> None:
    """Poll and publish until SIGTERM or SIGINT; SIGHUP or a changed file reloads the config.

    ``database`` stands for the one that the configuration names; every ``tick`` the due are
    looked for. Raises `ConfigError` and `StoreError` if it cannot start; once it runs, neither
    ends it.
    """
    file = ConfigFile(config_path)
    config = file.load()
    path = database or config.database
    with DaemonLock(path), opened_store(path) as store:
        Daemon(file, config, store, path, journal, world or World()).run(tick)


class Daemon:
    """A configuration at work on one store; everything happens on the thread of `run`."""

    def __init__(
        self,
        file: ConfigFile,
        config: Config,
        store: Store,
        database: Path,
        journal: Journal,
        world: World,
    ) -> None:
        self._file = file
        self._config = config
        self._store = store
        self._database = database
        self._journal = journal
        self._world = world
        self._must_follow = False
        # What is published may be older than the configuration.
        self._unpublished = config.outputs
        self._published_at = self._ticked_at = world.clock()
        self._publishing_failed_at = _NEVER
        self._told: dict[str, datetime] = {}
        self._catchup = Catchup(store, world.clock, journal.told)
        self._pushing = Pushing(store, journal.told, self._pages)
        self._budgeting = Budgeting(store, world.clock)
        self._sending = Sending(store, journal.told)
        self._pinging = Pinging(store, journal.told)

    def run(self, tick: timedelta) -> None:
        """Work until told to stop, then let the polls under way end."""
        take_up(self._store, self._config, self._world.clock())
        self._world.strict.learn(*self._store.strict_hosts())
        wirings = ExitStack()
        sweep = Sweep(
            self._store, wirings.enter_context(opened_wiring(self._config, self._world)), self
        )
        # Signals are taken until everything is closed: one more must not end that half-way.
        with (
            _signalled(sweep),
            wirings,
            closing(self._pushing),
            _ticking(sweep, self._journal, tick) as ticker,
        ):
            self._journal.told(f"polling {_feeds(self._config)}")
            self._catchup.begin(self._config.rules)
            self._pushing.begin(self._config.serve, sweep)
            self._budgeting.begin(self._config.poll.budget, sweep)
            self._sending.begin(self._config, self._world.clock())
            while self._turn(sweep, wirings):
                ticker.watch_clock()
            self._journal.told("stopping: polls under way may end")
            self._pushing.close()
            self._guarded(lambda: sweep.finish(GRACE_SECONDS))
            self._publish()
        self._journal.told("stopped")

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        """Note whether there is something to publish, and pass it on."""
        if refresh.new or refresh.changed or refresh.complete:
            self._unpublished = self._config.outputs
            self._publishing_failed_at = _NEVER
        self._pushing.committed(state)
        self._journal.polled(state, refresh)

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Pass it on."""
        self._journal.left(state, until, reason)

    def told(self, event: str) -> None:
        """Pass it on."""
        self._journal.told(event)

    def _turn(self, sweep: Sweep, wirings: ExitStack) -> bool:
        """Deal with what happens next; say whether to go on."""
        signals: list[Signal] = []
        patience = 0.0 if self._catchup.is_due() else LOOK_AT_CLOCK_SECONDS
        self._guarded(lambda: signals.extend(sweep.turn(patience)))
        self._must_follow |= Signal.RELOAD in signals
        if Signal.STOP in signals:
            return False
        if signals and (self._must_follow or self._file.is_edited()):
            self._guarded(lambda: signals.extend(self._follow(sweep, wirings)))
        if Signal.TICK in signals:
            self._ticked_at = self._world.clock()
            self._guarded(lambda: self._budgeting.act(sweep))
            self._guarded(sweep.claim_due)
            self._guarded(lambda: self._pushing.act(sweep))
            self._guarded(lambda: self._sending.act(sweep))
            self._publish_if_due()
            self._guarded(lambda: self._pinging.act(sweep))
        if self._catchup.is_due():
            self._guarded(self._catch_up)
        return Signal.STOP not in signals

    def _pages(self) -> "AbstractContextManager[BaseRoute]":
        # Only whoever serves pages needs what draws them, which takes long to import.
        from aggregator.app.serving import opened_pages  # noqa: PLC0415

        return opened_pages(
            self._database, lambda: self._config, self._world.clock, lambda: self._ticked_at
        )

    def _catch_up(self) -> None:
        """Let what is stored follow the rules, a slice; publish it once it does."""
        if self._catchup.step():
            self._unpublished = self._config.outputs
            self._publishing_failed_at = _NEVER

    def _guarded(self, act: Callable[[], object]) -> bool:
        """Do something that the disk may prevent, which can be mended; say whether it was done.

        A failure that lasts is told now and then, not every time.
        """
        try:
            act()
        except AggregatorError as error:
            now, sentence = self._world.clock(), str(error)
            if abs(now - self._told.get(sentence, _NEVER)) >= REMINDER:
                self._told[sentence] = now
                self._journal.failed(error)
            return False
        return True

    def _follow(self, sweep: Sweep, wirings: ExitStack) -> tuple[Signal, ...]:
        """Use the configuration as it is now; one with mistakes changes nothing.

        Raises `StoreError`: then the old one stays in use, and this is to be called again.
        """
        asked, self._must_follow = self._must_follow, False
        try:
            config = self._file.load()
        except ConfigError as error:
            self._journal.failed(error)
            self._journal.told("the configuration has mistakes: the last good one stays in use")
            return ()
        if config == self._config and not asked:
            # Some other file came into a directory that belongs to the configuration.
            return ()
        self._must_follow = True
        signals = self._adopt(config, sweep, wirings)
        self._must_follow = False
        return signals

    def _adopt(self, config: Config, sweep: Sweep, wirings: ExitStack) -> tuple[Signal, ...]:
        """Use another configuration; return the signals that came meanwhile."""
        take_up(self._store, config, self._world.clock())
        signals: tuple[Signal, ...] = ()
        if config.poll == self._config.poll:
            sweep.wiring = replace(sweep.wiring, policy=policy(config))
        else:
            # Where the new way out cannot be opened, the old one must not be closed.
            with ExitStack() as opened:
                wiring = opened.enter_context(opened_wiring(config, self._world))
                signals = sweep.finish(GRACE_SECONDS)
                wirings.close()
                wirings.enter_context(opened.pop_all())
            sweep.wiring = wiring
        self._budgeting.begin(config.poll.budget, sweep)
        if config.database != self._config.database:
            self._journal.told(f"the new database, {config.database}, is used after a restart")
        if config.serve != self._config.serve:
            self._guarded(lambda: self._pushing.begin(config.serve, sweep))
        self._sending.begin(config, self._world.clock())
        self._config, self._unpublished = config, config.outputs
        self._publishing_failed_at = _NEVER
        self._journal.told(f"the configuration was read again: {_feeds(config)}")
        self._catchup.begin(config.rules)
        return signals

    def _publish_if_due(self) -> None:
        now = self._world.clock()
        if abs(now - self._published_at) >= REFRESH:
            self._published_at = now
            self._unpublished = self._config.outputs
        if abs(now - self._publishing_failed_at) >= RETRY:
            self._publish()

    def _publish(self) -> None:
        """Write the outputs whose bytes changed; those that cannot be written wait."""
        if self._unpublished:
            self._guarded(lambda: publish_listings(self._config))
        self._unpublished = tuple(
            output
            for output in self._unpublished
            if not self._guarded(partial(self._publish_one, output))
        )
        if self._unpublished:
            self._publishing_failed_at = self._world.clock()

    def _publish_one(self, output: OutputSettings) -> None:
        published = publish(self._store, self._config, output, self._world.clock())
        if published.changed:
            self._journal.published(published)
            self._pinging.changed(output, self._world.clock())


def _feeds(config: Config) -> str:
    return counted(len(config.subscriptions), "feed")


@contextmanager
def _ticking(sweep: Sweep, journal: Journal, tick: timedelta) -> Iterator[Ticker]:
    ticker = Ticker(lambda: sweep.signal(Signal.TICK), tick, on_error=journal.failed)
    ticker.start()
    try:
        yield ticker
    finally:
        ticker.stop()


@contextmanager
def _signalled(sweep: Sweep) -> Iterator[None]:
    """Turn the system's signals into the sweep's."""

    def pass_on(number: int, _: FrameType | None) -> None:
        sweep.signal(SIGNALS[number])

    before = {number: signal.signal(number, pass_on) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
