"""``try``: what a query would find among what is stored, and what it would change of a tag."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

import click

from aggregator.app.store import utc_now
from aggregator.asking.names import known_name
from aggregator.asking.stored import Stored
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.listing import Period, limit_option, period_options
from aggregator.cli.shapes import Shape, shape_option, write_object
from aggregator.cli.stored import stored
from aggregator.cli.tried import Change, Sample, Tried, page, tried_object
from aggregator.config.mentions import mentioned
from aggregator.errors import QueryError
from aggregator.model.entries import TaggedEntry
from aggregator.query.match import find
from aggregator.query.nodes import And, Field, Node, Not, Value
from aggregator.query.rules import refuse_in_rules
from aggregator.store.base import Search

USUAL_LIMIT = 10_000
USUAL_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tag the query would give, if any; which entries count, and how many are shown."""

    tag: str | None
    period: Period
    limit: int | None
    samples: int


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --as, --since, --until, --limit and --samples, given to the command as ``wanted``."""

    @click.option("--as", "tag", metavar="TAG", help="Compare with the tag as it is stored.")
    @period_options
    @limit_option(USUAL_LIMIT)
    @click.option(
        "--samples",
        type=click.IntRange(min=0),
        default=USUAL_SAMPLES,
        show_default=True,
        help="At most so many entries are shown of each kind; 0 shows none.",
    )
    @wraps(command)
    def wanting(
        *args: object,
        tag: str | None,
        period: Period,
        limit: int | None,
        samples: int,
        **others: object,
    ) -> None:
        command(*args, wanted=Wanted(tag, period, limit, samples), **others)

    return wanting


@click.command()
@click.argument("query")
@_options
@shape_option
@click.pass_obj
def try_command(context: Context, query: str, wanted: Wanted, shape: Shape) -> None:
    """Show how many stored entries match QUERY, from where and when, and some of them.

    With --as TAG, also what it would add to and take from the tag if it were its rule's query.
    Says whether a rule may ask it. Of at most so many as --limit says, the newest, it is counted
    by feed, language and month. Changes nothing.

    \b
    Examples:
      aggregator try 'Niger EXCEPT "Niger Delta"'
      aggregator try 'Sahel OR $sahel-states' --as sahel --since 30d
    """
    now = utc_now()
    with stored(context) as opened:
        node = opened.read(query)
        tried = _Bench(opened, wanted, now).tried(query, node)
    if shape == "json":
        write_object(tried_object(tried))
        return
    terminal.write_text(terminal.draw(page(tried), terminal.stdout()))


@dataclass(frozen=True, slots=True)
class _Bench:
    """Asks the store; ``now`` is what relative times are counted from."""

    opened: Stored
    wanted: Wanted
    now: datetime

    def tried(self, query: str, node: Node) -> Tried:
        """Return all that is to be said of a query."""
        found = self.opened.store.search(self.search(node, self.wanted.limit))
        return Tried(
            query_text=query,
            matching=self.count(node),
            stored=self.count(None),
            counted=found,
            samples=self.evidence(node, found[: self.wanted.samples]),
            refusal=self.refusal(query, node),
            change=self.change(node),
        )

    def search(self, node: Node | None, limit: int | None) -> Search:
        """Return the question, within the period."""
        since, until = self.wanted.period.bounds(self.now)
        return Search(self.now, node, since, until, limit)

    def count(self, node: Node | None) -> int:
        """Return how many entries match."""
        return self.opened.store.count(self.search(node, None))

    def samples(self, node: Node, shown_by: Node) -> tuple[Sample, ...]:
        """Return the newest entries that match, marked by what another query finds in them."""
        if not self.wanted.samples:
            return ()
        found = self.opened.store.search(self.search(node, self.wanted.samples))
        return self.evidence(shown_by, found)

    def evidence(self, node: Node, found: tuple[TaggedEntry, ...]) -> tuple[Sample, ...]:
        """Return entries with what a query finds in them."""
        return tuple(Sample(each, find(node, each, self.now) or ()) for each in found)

    def change(self, node: Node) -> Change | None:
        """Return what the query would add to and take from the tag, as far as it is asked for."""
        if self.wanted.tag is None:
            return None
        name = known_name(self.wanted.tag, "tag", self.opened.tag_names())
        rule = self.opened.rules.get(name)
        scope = rule.feeds if rule else None
        within = node if scope is None else And((node, scope.query))
        tagged = Field("tag", Value(name))
        added, taken = And((within, Not(tagged))), And((tagged, Not(within)))
        return Change(
            name,
            scope=None if scope is None else scope.query_text,
            tagged=self.count(tagged),
            added=self.count(added),
            taken=self.count(taken),
            samples_added=self.samples(added, within),
            samples_taken=self.carrying(name, self.samples(taken, tagged)),
        )

    def carrying(self, name: str, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
        """Return samples marked by what once made the tag match."""
        return tuple(
            Sample(
                each.subject,
                next((tag.evidence for tag in each.subject.tags if tag.name == name), ()),
            )
            for each in samples
        )

    def refusal(self, query: str, node: Node) -> str | None:
        """Return why a rule may not ask this, None if it may."""
        own = [value for value in mentioned(node, "tag") if value.text == self.wanted.tag]
        if own:
            told = "A rule may not ask for its own tag."
            return str(QueryError(query, own[0].start, own[0].end, told))
        try:
            refuse_in_rules(node, query)
        except QueryError as error:
            return str(error)
        return None
