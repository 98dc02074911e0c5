"""What every command starts from: which configuration, which database."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.config.load import load
from aggregator.config.settings import Config

if TYPE_CHECKING:  # most commands never poll, and start without what polls
    from aggregator.app.polling import World


@dataclass(frozen=True, slots=True)
class Context:
    """The global options. ``database`` is None where the configuration's counts.

    ``world`` is None where it is the one around us.
    """

    config_path: Path
    database_option: Path | None
    world: "World | None" = None

    def config(self) -> Config:
        """Return the configuration. Raises `ConfigError` with all its mistakes."""
        return load(self.config_path)

    def database(self) -> Path:
        """Return the database's path; with ``--database`` no configuration is needed."""
        return self.database_option or self.config().database
