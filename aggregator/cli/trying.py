"""``try``: what a query would find among what is stored, and what it would change of a tag."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import click

from aggregator.app.store import utc_now
from aggregator.asking.trial import Trial
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.listing import Period, limit_option, period_options
from aggregator.cli.shapes import Shape, shape_option, write_object
from aggregator.cli.stored import stored
from aggregator.cli.tried import page, tried_object

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
        since, until = wanted.period.bounds(now)
        trial = Trial(opened, now, since, until, wanted.tag, wanted.limit, wanted.samples)
        tried = trial.tried(query, node)
    if shape == "json":
        write_object(tried_object(tried))
        return
    terminal.write_text(terminal.draw(page(tried), terminal.stdout()))
