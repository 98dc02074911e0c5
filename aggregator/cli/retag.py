"""``retag``: today's rules, or a former version of one, applied to everything stored."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.app.rules import former_rules, keep_rules, pending_tags, plan_for
from aggregator.app.store import utc_now
from aggregator.asking.names import known_name
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.retagged import Retagged, advice, report, shown
from aggregator.cli.shapes import Shape, shape_option, utc_option, write_object
from aggregator.cli.stored import stored
from aggregator.config.settings import Config
from aggregator.errors import UsageError
from aggregator.reapplying import Application, Manner, Walk, examine
from aggregator.retagging import NO_RULE, Plan, plan
from aggregator.store.base import Store
from aggregator.store.rules import KeptRule
from aggregator.tagging import Rule
from aggregator.wording import counted, local

_VERSIONS_NAMED = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; ``to`` is a version, or the beginning of one, of the one tag named."""

    tags: tuple[str, ...]
    to: str | None
    is_dry: bool
    samples: int


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done; ``former`` is the rule that it goes back to, if it does."""

    plan: Plan
    former: Rule | None = None


@click.command()
@click.argument("tags", metavar="[TAG]...", nargs=-1)
@click.option("--dry-run", "is_dry", is_flag=True, help="Show what would change; change nothing.")
@click.option("--to", metavar="VERSION", help="Go back to a former version of the one TAG.")
@click.option(
    "--samples",
    type=click.IntRange(0, 100),
    default=3,
    show_default=True,
    metavar="NUMBER",
    help="Show so many entries that gain a tag, and so many that lose it.",
)
@shape_option
@utc_option
@click.pass_obj
def retag_command(context: Context, /, shape: Shape, utc: bool, **wished: Any) -> None:
    """Make the tags of all stored entries what today's rules give.

    Without TAG it is about the tags whose rules are new, were changed or are gone since the
    stored entries were tagged. Feeds may be polled meanwhile. What is interrupted, the same
    command goes on with.

    \b
    Examples:
      aggregator retag --dry-run
      aggregator retag sahel
      aggregator retag sahel --to 490bffcf
    """
    wish, zone = Wish(**wished), terminal.zone(utc=utc)
    if wish.to is not None and len(wish.tags) != 1:
        raise UsageError("--to goes back to a version of one tag: name that one.")
    with stored(context) as opened:
        # Without a configuration there are no rules, and all tags would be taken off.
        config = opened.config or context.config()
        opened.store.subscribe(config.subscriptions, utc_now())
        if not wish.is_dry:
            keep_rules(opened.store, config.rules, utc_now())
        work = _work(opened.store, config, wish, zone)
        retagged = _retagged(opened.store, config, work, wish)
        awaited = pending_tags(opened.store, config.rules)
    if shape == "json":
        write_object(report(retagged))
        return
    parts: list[RenderableType] = [*shown(retagged, zone)]
    if retagged.targets:
        parts += advice(retagged, config, work.former, awaited)
    terminal.write_text(terminal.draw(parts, terminal.stdout()))


# --- what is to be done ------------------------------------------------------------------------


def _work(store: Store, config: Config, wish: Wish, zone: tzinfo) -> Work:
    """Find out what is meant. Raises `UsageError`."""
    if not wish.tags:
        return Work(plan_for(store, config.rules, pending_tags(store, config.rules)))
    followed = store.tag_states()
    known = {*config.rules_by_name(), *(state.tag for state in followed.tags)}
    tags = tuple(known_name(tag, "tag", known) for tag in wish.tags)
    if wish.to is not None:
        return _former(store, config, (tags[0], wish.to), zone)
    for tag, state in followed.states(tags).items():
        if tag not in config.rules_by_name() and not state.carried:
            raise UsageError(
                f"No rule gives {tag}, and no entry carries it: there is nothing to retag."
                " A former rule is brought back by --to."
            )
    return Work(plan_for(store, config.rules, tags))


def _former(store: Store, config: Config, asked: tuple[str, str], zone: tzinfo) -> Work:
    tag, beginning = asked
    kept = store.kept_rules(tag)
    versions = {rule.version for rule in kept if rule.version.startswith(beginning.lower())}
    if len(versions) != 1 or not beginning:
        raise UsageError(_unknown(tag, beginning, kept, zone, several=len(versions) > 1))
    rules = former_rules(store, tag, versions.pop())
    # The rules that it stood behind are former ones, too: stored tags do not tell of them.
    planned = plan(rules, [tag], [rule.name for rule in rules])
    return Work(planned, next(rule for rule in rules if rule.name == tag))


def _unknown(
    tag: str, beginning: str, kept: tuple[KeptRule, ...], zone: tzinfo, *, several: bool
) -> str:
    if not kept:
        return f"No version of {tag} is kept yet: `poll`, `run` and `retag` keep those they use."
    some = [
        f"{rule.version} (since {local(rule.first_used_at, zone)})"
        for rule in kept[:_VERSIONS_NAMED]
    ]
    more = f" and {len(kept) - len(some):,} more" if len(kept) > len(some) else ""
    what = f"Several versions of {tag} begin" if several else f"No version of {tag} begins"
    return f"{what} with {beginning!r}. There are: {', '.join(some)}{more}."


# --- doing it ----------------------------------------------------------------------------------


def _retagged(store: Store, config: Config, work: Work, wish: Wish) -> Retagged:
    targets, rules = work.plan.targets, config.rules_by_name()
    manner = Manner(samples=wish.samples)
    before = {name: state.applied for name, state in store.tag_states().states(targets).items()}
    if wish.is_dry or not targets:
        resumed, walk = False, examine(store, work.plan, manner)
        _walked(walk, walk.step)
    else:
        application = Application(store, work.plan, utc_now, manner, held=_held(work, rules))
        resumed, walk = application.resumed, application.walk
        with _interruptible(walk, wish):
            _walked(walk, application.step)
    titles = {name: rules[name].title for name in targets if name in rules}
    return Retagged(walk.tallies, titles, before, targets, walk.done, wish.is_dry, resumed)


def _held(work: Work, rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return the versions in use that are undone: the daemon is not to apply them again."""
    if work.former is None:
        return {}
    versions = {name: rule.version for name, rule in rules.items()}
    return {
        name: versions.get(name, NO_RULE)
        for name, version in work.plan.targets.items()
        if versions.get(name, NO_RULE) != version
    }


def _walked(walk: Walk, step: Callable[[], bool]) -> None:
    """Go all the way, with a bar on a terminal."""
    with _bar(walk) as moved:
        while step():
            moved()


@contextmanager
def _bar(walk: Walk) -> Iterator[Callable[[], None]]:
    if not sys.stderr.isatty():
        yield lambda: None
        return
    bar = Progress(
        TextColumn("retagging"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar as progress:
        task = progress.add_task("", total=walk.total)
        yield lambda: progress.update(task, completed=walk.done, total=walk.total)


@contextmanager
def _interruptible(walk: Walk, wish: Wish) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        to = f" --to {wish.to}" if wish.to else ""
        command = " ".join(("aggregator retag", *wish.tags)) + to
        terminal.complain(
            f"Interrupted: {walk.done:,} of {counted(walk.total, 'entry')} are done, and stay so;"
            f" `{command}` goes on from there."
        )
        raise click.exceptions.Exit(1) from None
