"""What commands that read start from: a database that is there, and the configuration if any."""

from collections.abc import Iterator
from contextlib import contextmanager

from aggregator.app.store import opened_store
from aggregator.asking.stored import Stored
from aggregator.cli.context import Context
from aggregator.config.settings import Config
from aggregator.errors import StoreError


def config_if_any(context: Context) -> Config | None:
    """Return the configuration, None if there is no such file. Raises `ConfigError`."""
    return context.config() if context.config_path.exists() else None


@contextmanager
def stored(context: Context) -> Iterator[Stored]:
    """Open the database for a command that reads; none is made where there is none.

    Raises `ConfigError` if neither a database nor a configuration is given, and `StoreError`.
    """
    config = config_if_any(context)
    database = context.database_option or (config or context.config()).database
    if not database.exists():
        raise StoreError(f"There is no database at {database}: run `aggregator poll` first.")
    with opened_store(database) as store:
        yield Stored(store, config)
