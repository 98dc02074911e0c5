"""The daemon: polls what is due, publishes what changed, follows its configuration."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Protocol

from aggregator.app import World, opened_store, opened_wiring, policy
from aggregator.config.load import load
from aggregator.config.settings import Config
from aggregator.errors import AggregatorError
from aggregator.model import FeedState, Refresh
from aggregator.publishing import Published, publish
from aggregator.scheduler import Ticker
from aggregator.store.base import Store
from aggregator.store.lock import DaemonLock
from aggregator.sweep import Observer, Signal, Sweep

TICK = timedelta(seconds=1)
LOOK_AT_CLOCK_SECONDS = 5.0
GRACE_SECONDS = 10.0
"""How long polls under way may take to end once the daemon was told to stop."""

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
    config_path: Path, database: Path | None, journal: Journal, world: World | None = None
) -> None:
    """Poll and publish until SIGTERM or SIGINT; SIGHUP or a changed file reloads the config.

    ``database`` stands for the one that the configuration names. Raises `ConfigError` and
    `StoreError` if it cannot start; once it runs, neither ends it.
    """
    config = load(config_path)
    path = database or config.database
    with DaemonLock(path), opened_store(path) as store:
        Daemon(config, store, journal, world or World()).run()


class Daemon:
    """One configuration at work on one store; everything happens on the thread of `run`."""

    def __init__(self, config: Config, store: Store, journal: Journal, world: World) -> None:
        self._config = config
        self._stamps = _stamps(config)
        self._store = store
        self._journal = journal
        self._world = world
        self._last_failure: str | None = None
        # What is published may be older than the configuration.
        self._unpublished = True

    def run(self) -> None:
        """Work until told to stop, then let the polls under way end."""
        self._store.subscribe(self._config.subscriptions, self._world.clock())
        with ExitStack() as wirings:
            wiring = wirings.enter_context(opened_wiring(self._config, self._world))
            sweep = Sweep(self._store, wiring, self)
            with _ticking(sweep, self._journal) as ticker, _signalled(sweep):
                self._journal.told(f"polling {len(self._config.subscriptions)} feeds")
                while self._turn(sweep, wirings):
                    ticker.watch_clock()
                self._journal.told("stopping: polls under way may end")
                self._guarded(lambda: sweep.finish(GRACE_SECONDS))
                self._guarded(self._publish)
        self._journal.told("stopped")

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        """Note whether there is something to publish, and pass it on."""
        self._unpublished = self._unpublished or bool(refresh.new or refresh.changed)
        self._journal.polled(state, refresh)

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Pass it on."""
        self._journal.left(state, until, reason)

    def _turn(self, sweep: Sweep, wirings: ExitStack) -> bool:
        """Deal with what happens next; say whether to go on."""
        signals: list[Signal] = []
        self._guarded(lambda: signals.extend(sweep.turn(LOOK_AT_CLOCK_SECONDS)))
        if Signal.RELOAD in signals or (Signal.TICK in signals and self._edited()):
            self._guarded(lambda: signals.extend(self._reload(sweep, wirings)))
        if Signal.TICK in signals:
            self._guarded(sweep.claim_due)
            self._guarded(self._publish)
        return Signal.STOP not in signals

    def _guarded(self, act: Callable[[], object]) -> None:
        """Do something that the disk or a bad configuration may prevent: both can be mended.

        What fails in the same way as last time is not told again.
        """
        try:
            act()
        except AggregatorError as error:
            if str(error) != self._last_failure:
                self._journal.failed(error)
            self._last_failure = str(error)

    def _edited(self) -> bool:
        return _stamps(self._config) != self._stamps

    def _reload(self, sweep: Sweep, wirings: ExitStack) -> tuple[Signal, ...]:
        """Follow the configuration; a bad one changes nothing. Raises `ConfigError`."""
        self._stamps = _stamps(self._config)
        config = load(self._config.path)
        signals: tuple[Signal, ...] = ()
        if config.poll == self._config.poll:
            sweep.wiring = replace(sweep.wiring, policy=policy(config))
        else:
            signals = sweep.finish(GRACE_SECONDS)
            sweep.wiring = wirings.enter_context(opened_wiring(config, self._world))
        self._store.subscribe(config.subscriptions, self._world.clock())
        if config.database != self._config.database:
            self._journal.told(f"the new database, {config.database}, is used after a restart")
        self._config, self._stamps, self._unpublished = config, _stamps(config), True
        self._journal.told(f"the configuration was read again: {len(config.subscriptions)} feeds")
        return signals

    def _publish(self) -> None:
        """Write the outputs that changed. Raises `PublishError` for the last that it cannot."""
        if not self._unpublished:
            return
        self._unpublished = False
        for output in self._config.outputs:
            published = publish(self._store, self._config, output, self._world.clock())
            if published.changed:
                self._journal.published(published)


def _stamps(config: Config) -> tuple[tuple[int, int] | None, ...]:
    """Return what changes when one of the configuration's files is edited."""
    return tuple(_stamp(path) for path in config.watched)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


@contextmanager
def _ticking(sweep: Sweep, journal: Journal) -> Iterator[Ticker]:
    ticker = Ticker(lambda: sweep.signal(Signal.TICK), TICK, on_error=journal.failed)
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
