"""What commands that read start from: a database that is there, and the configuration if any."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aggregator.app.store import opened_store
from aggregator.cli.context import Context
from aggregator.cli.names import known_name
from aggregator.config.mentions import mentioned
from aggregator.config.settings import Config
from aggregator.errors import QueryError, StoreError, UsageError
from aggregator.query.nodes import Node
from aggregator.query.syntax import parse
from aggregator.store.base import Store
from aggregator.tagging import Rule


@dataclass(frozen=True, slots=True)
class Stored:
    """An open store; ``config`` is None where a database alone was given."""

    store: Store
    config: Config | None

    @property
    def rules(self) -> dict[str, Rule]:
        """Today's rules by the name of their tag."""
        return self.config.rules_by_name() if self.config else {}

    def tag_names(self) -> set[str]:
        """Return every tag that a rule gives or an entry carries."""
        return {*self.rules, *(name for name, _ in self.store.tag_counts())}

    def read(self, query: str) -> Node:
        """Read a query that asks for no tag and no list but those there are.

        Raises `QueryError`.
        """
        node = parse(query, self.config.lists if self.config else {})
        asked = [name for name in mentioned(node, "tag") if name.text not in self.rules]
        known = self.tag_names() if asked else ()
        for name in asked:
            try:
                known_name(name.text, "tag", known)
            except UsageError as error:
                raise QueryError(query, name.start, name.end, str(error)) from None
        return node


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
