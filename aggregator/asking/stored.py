"""A query as a user writes it: it may ask for no tag and no list but those there are."""

from dataclasses import dataclass

from aggregator.asking.names import known_name
from aggregator.config.mentions import mentioned
from aggregator.config.settings import Config
from aggregator.errors import QueryError, UsageError
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
