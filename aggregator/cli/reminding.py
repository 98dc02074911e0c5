"""The reminder that rules were changed and not applied, for every place where one would look."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from aggregator.app.rules import pending_tags
from aggregator.app.store import opened_store
from aggregator.cli import terminal
from aggregator.config.settings import Config
from aggregator.errors import StoreError
from aggregator.retagging import notice
from aggregator.store.base import Store


def remind(store: Store, config: Config | None) -> None:
    """Say on stderr which tags are pending, if any; without a configuration nobody knows."""
    if config is not None and (names := pending_tags(store, config.rules)):
        terminal.say(notice(names))


def reminders(database: Path, config: Config) -> Iterable[str]:
    """Return the same for a command that can do without: nothing where it cannot be read."""
    with suppress(StoreError), opened_store(database) as store:
        names = pending_tags(store, config.rules)
        return (notice(names),) if names else ()
    return ()
