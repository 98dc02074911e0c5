"""``demo``: the whole program in ten seconds, on sample feeds and without a network."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from click.core import ParameterSource
from rich.console import RenderableType
from rich.text import Text

from aggregator.app.polling import World, opened_wiring, sweeping
from aggregator.app.rules import take_up
from aggregator.app.store import opened_store, utc_now
from aggregator.cli import terminal
from aggregator.cli.explained import page
from aggregator.cli.progress import tallied
from aggregator.cli.running import Log
from aggregator.cli.summary import Round, shown
from aggregator.config.load import load
from aggregator.config.settings import Config
from aggregator.daemon import run
from aggregator.demo.play import POLLS_AT, furnish, world
from aggregator.demo.server import SampleServer
from aggregator.errors import UsageError
from aggregator.output.table import render_table
from aggregator.publishing import publish
from aggregator.query.syntax import parse
from aggregator.reasons import explain
from aggregator.store.base import Search, Store
from aggregator.sweeping.wiring import Wiring
from aggregator.wording import counted

SHOWN = "tag:security-cooperation"
EXPLAINED: tuple[tuple[str, str, str | None], ...] = (
    ("Why it carries them", 'feed:"Sahel Wire" title:Rabat', None),
    ("And why a match report is not of the Sahel", 'feed:"Atlas Sport" "Étoile du Sahel"', "sahel"),
)


@click.command()
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("aggregator-demo"),
    show_default=True,
    help="Where the demo's configuration, database and outputs go.",
)
@click.option("--keep", is_flag=True, help="Go on as a daemon on the sample feeds, until Ctrl-C.")
@click.pass_context
def demo_command(ctx: click.Context, directory: Path, keep: bool) -> None:
    """Show the whole program on sample feeds that are served on this computer.

    Nine publishers that do not exist are polled twice, with a second edition in between; their
    entries are tagged, searched, explained and published as feeds. Nothing leaves this machine.

    \b
    Examples:
      aggregator demo
      aggregator demo --directory /tmp/look --keep
    """
    _refuse_other_places(ctx.find_root())
    config_path = furnish(directory)
    with SampleServer() as server:
        config = load(config_path)
        with opened_store(config.database) as store:
            _play(config, store, server, ctx.obj.world or World())
        _show(*_farewell(config_path))
        if keep:
            run(config_path, None, Log(verbose=True), world(server, utc_now))


def _refuse_other_places(root: click.Context) -> None:
    for name in ("config", "database"):
        if root.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"The demo has its own {name}: say --directory instead of --{name}.")


def _play(config: Config, store: Store, server: SampleServer, outside: World) -> None:
    feeds = counted(len(config.subscriptions), "publisher")
    _show(Text(f"{feeds} that do not exist, served on this computer, are polled twice."))
    around = world(server, lambda: POLLS_AT[server.edition])
    around = replace(around, workers=outside.workers)
    with opened_wiring(config, around) as wiring:
        for server.edition, now in enumerate(POLLS_AT):
            _show(*_scene(f"Poll {server.edition + 1}, on {now:%d %B %Y at %H:%M} UTC"))
            _show(*shown(_round(config, store, wiring), UTC))
    now = POLLS_AT[-1]
    _show(*_scene(f"What carries the tag: aggregator search {SHOWN}"))
    _list(store, now)
    _explain(config, store, now)
    _publish(config, store, now)


def _round(config: Config, store: Store, wiring: Wiring) -> Round:
    """Poll every sample feed, as ``poll --all`` does."""
    now = wiring.edge.clock()
    take_up(store, config, now)
    keys = [feed.key for feed in store.feeds()]
    with (
        tallied(len(keys), bar=False) as tally,
        sweeping(store, wiring, tally) as sweep,
    ):
        sweep.round(keys)
    return Round(tally, (), now, wiring.edge.clock(), store.next_due_at())


def _list(store: Store, now: datetime) -> None:
    out = terminal.stdout()
    entries = store.search(Search(now=now, query=parse(SHOWN)))
    terminal.write_text(render_table(entries, UTC, columns=out.columns, colour=out.colour))


def _explain(config: Config, store: Store, now: datetime) -> None:
    rules = config.rules_by_name()
    for why, query, name in EXPLAINED:
        (subject,) = store.search(Search(now=now, query=parse(query), limit=1))
        asked = " ".join(("aggregator explain", subject.entry.id[:6], name or "")).rstrip()
        _show(*_scene(f"{why}: {asked}"))
        _show(*page((explain(subject, rules, name),)))


def _publish(config: Config, store: Store, now: datetime) -> None:
    _show(*_scene("What others can subscribe to: aggregator emit"))
    for output in config.outputs:
        published = publish(store, config, output, now)
        entries = counted(published.entries, "entry")
        _show(Text(f"{os.path.relpath(output.path)}: {entries}"))


def _scene(title: str) -> tuple[RenderableType, ...]:
    return Text(""), Text(title, style="bold underline"), Text("")


def _show(*parts: RenderableType) -> None:
    terminal.write_text(terminal.draw(parts, terminal.stdout()))


def _farewell(config_path: Path) -> tuple[RenderableType, ...]:
    path = os.path.relpath(config_path)
    return (
        *_scene("Now it is yours"),
        Text(f"aggregator --config {path} search Rabat"),
        Text(f"aggregator --config {path} feeds"),
        Text("aggregator init     # and then: aggregator poll"),
    )
