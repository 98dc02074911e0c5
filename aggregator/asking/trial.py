"""A query on trial: what it finds among what is stored, and what it would change of a tag."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from aggregator.asking.names import known_name
from aggregator.asking.stored import Stored
from aggregator.config.mentions import mentioned
from aggregator.errors import QueryError
from aggregator.model.entries import Evidence, TaggedEntry
from aggregator.query.match import find
from aggregator.query.nodes import And, Field, Node, Not, Value
from aggregator.query.rules import refuse_in_rules
from aggregator.store.base import Search


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry, and what is to be marked in it."""

    subject: TaggedEntry
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a query would do to a tag as it is stored; ``scope`` is that of the tag's rule."""

    tag: str
    scope: str | None
    tagged: int
    added: int
    taken: int
    samples_added: tuple[Sample, ...]
    samples_taken: tuple[Sample, ...]

    @property
    def kept(self) -> int:
        """How many carry the tag and would go on to."""
        return self.tagged - self.taken


@dataclass(frozen=True, slots=True)
class Tried:
    """What a query finds: how many of the ``stored`` entries are ``matching``.

    ``counted`` are the newest of them, as many as are counted by feed, language and month;
    ``refusal`` says why a rule may not ask the query.
    """

    query_text: str
    matching: int
    stored: int
    counted: tuple[TaggedEntry, ...]
    samples: tuple[Sample, ...]
    refusal: str | None
    change: Change | None


BREAKDOWNS: dict[str, Callable[[TaggedEntry], str]] = {
    "feed": lambda subject: subject.source.name,
    "language": lambda subject: (subject.entry.language or "und").partition("-")[0],
    "month": lambda subject: f"{subject.arrived_at:%Y-%m}",
}
"""What entries are counted by; months are those of their arrival, in UTC."""


def breakdown(entries: Iterable[TaggedEntry], name: str) -> list[tuple[str, int]]:
    """Count entries: the most frequent first, but months from the latest back."""
    counts = Counter(map(BREAKDOWNS[name], entries)).items()
    if name == "month":
        return sorted(counts, reverse=True)
    return sorted(counts, key=lambda count: (-count[1], count[0]))


@dataclass(frozen=True, slots=True)
class Trial:
    """How a query is tried: on entries that arrived from ``since`` until before ``until``.

    ``now`` is what relative times are counted from. Of those that match, the newest ``limit``
    are counted by feed, language and month (None: all), and ``samples`` shown of each kind.
    ``tag`` is the one that the query would give, if any.
    """

    opened: Stored
    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    tag: str | None = None
    limit: int | None = None
    samples: int = 0

    def tried(self, query: str, node: Node) -> Tried:
        """Return all that is to be said of a query."""
        found = self.opened.store.search(self._search(node, self.limit))
        return Tried(
            query_text=query,
            matching=self._count(node),
            stored=self._count(None),
            counted=found,
            samples=self._evidence(node, found[: self.samples]),
            refusal=self._refusal(query, node),
            change=self._change(node),
        )

    def _search(self, node: Node | None, limit: int | None) -> Search:
        """Return the question, within the period."""
        return Search(self.now, node, self.since, self.until, limit)

    def _count(self, node: Node | None) -> int:
        """Return how many entries match."""
        return self.opened.store.count(self._search(node, None))

    def _samples(self, node: Node, shown_by: Node) -> tuple[Sample, ...]:
        """Return the newest entries that match, marked by what another query finds in them."""
        if not self.samples:
            return ()
        found = self.opened.store.search(self._search(node, self.samples))
        return self._evidence(shown_by, found)

    def _evidence(self, node: Node, found: tuple[TaggedEntry, ...]) -> tuple[Sample, ...]:
        """Return entries with what a query finds in them."""
        return tuple(Sample(each, find(node, each, self.now) or ()) for each in found)

    def _change(self, node: Node) -> Change | None:
        """Return what the query would add to and take from the tag, as far as it is asked for."""
        if self.tag is None:
            return None
        name = known_name(self.tag, "tag", self.opened.tag_names())
        rule = self.opened.rules.get(name)
        scope = rule.feeds if rule else None
        within = node if scope is None else And((node, scope.query))
        tagged = Field("tag", Value(name))
        added, taken = And((within, Not(tagged))), And((tagged, Not(within)))
        return Change(
            name,
            scope=None if scope is None else scope.query_text,
            tagged=self._count(tagged),
            added=self._count(added),
            taken=self._count(taken),
            samples_added=self._samples(added, within),
            samples_taken=self._carrying(name, self._samples(taken, tagged)),
        )

    def _carrying(self, name: str, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
        """Return samples marked by what once made the tag match."""
        return tuple(
            Sample(
                each.subject,
                next((tag.evidence for tag in each.subject.tags if tag.name == name), ()),
            )
            for each in samples
        )

    def _refusal(self, query: str, node: Node) -> str | None:
        """Return why a rule may not ask this, None if it may."""
        own = [value for value in mentioned(node, "tag") if value.text == self.tag]
        if own:
            told = "A rule may not ask for its own tag."
            return str(QueryError(query, own[0].start, own[0].end, told))
        try:
            refuse_in_rules(node, query)
        except QueryError as error:
            return str(error)
        return None
