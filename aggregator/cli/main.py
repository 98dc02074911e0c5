"""The front of the command line: global options, lazy commands, errors as sentences."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aggregator import __version__
from aggregator.cli.context import Context
from aggregator.cli.wrapping import told
from aggregator.config.keys import closest
from aggregator.errors import AggregatorError, ConfigError, QueryError, UsageError

if TYPE_CHECKING:  # most commands never poll, and start without what polls
    from aggregator.app.polling import World


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command that is not imported yet; ``does`` is what the list of commands says of it."""

    module: str
    does: str


COMMANDS: dict[str, Lazy] = {
    "init": Lazy("aggregator.cli.setup", "Write a commented configuration to begin with."),
    "check": Lazy("aggregator.cli.checking", "Check the configuration and its rules."),
    "run": Lazy("aggregator.cli.running", "Poll, tag and publish until stopped."),
    "poll": Lazy("aggregator.cli.polling", "Poll the feeds that are due, once."),
    "preview": Lazy("aggregator.cli.preview", "Read a file or URL and show its entries' tags."),
    "search": Lazy("aggregator.cli.entries", "Show entries that match, or the newest."),
    "show": Lazy("aggregator.cli.entries", "Show one entry in full."),
    "explain": Lazy("aggregator.cli.explain", "Say why an entry has its tags, or has one not."),
    "try": Lazy("aggregator.cli.trying", "Show what a query would find, or change of a tag."),
    "evaluate": Lazy("aggregator.cli.evaluating", "Hold the rules against labelled entries."),
    "tags": Lazy("aggregator.cli.figures", "Count the entries of every tag, and their trend."),
    "retag": Lazy("aggregator.cli.retag", "Apply changed rules to everything that is stored."),
    "stats": Lazy("aggregator.cli.figures", "Show figures of the whole database."),
    "emit": Lazy("aggregator.cli.emit", "Write the outputs, or any query as a feed."),
    "feeds": Lazy("aggregator.cli.feeds", "Show how feeds are doing; add and remove them."),
    "serve": Lazy("aggregator.cli.serving", "Show what is stored as pages in a browser."),
    "demo": Lazy("aggregator.cli.demo", "Show all of it on sample feeds, without a network."),
}
"""The commands, in the order a newcomer meets them. Listing them imports none."""

USAGE_ERRORS = (ConfigError, QueryError, UsageError)


class _Refused(Exception):
    """The operating system refused something, in most cases to take our output.

    Stands for the OSError, of which click would make an exit status of its own.
    """

    def __init__(self, error: OSError) -> None:
        what = error.filename or "The output cannot be written"
        super().__init__(f"{what}: {error.strerror or error}.")
        self.is_enough = isinstance(error, BrokenPipeError)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _Refused(error) from error


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is wanted."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Read the global options; help and version are written here."""
        with _refusals():
            return super().make_context(*arguments, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        with _refusals():
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; to one that does not exist, say which may be meant."""
        name = args[0]
        if name not in COMMANDS and (meant := closest(name, COMMANDS)):
            ctx.fail(f"No such command {name!r}. Did you mean {meant!r}?")
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.does) for name, command in COMMANDS.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, None if there is no such."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name].module), f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("feeds.yaml"),
    show_default=True,
    help="The configuration: feeds, tags and outputs.",
)
@click.option(
    "--database",
    type=click.Path(path_type=Path),
    help="The database, instead of the one that the configuration names.",
)
@click.version_option(__version__, prog_name="aggregator")
@click.pass_context
def aggregator(ctx: click.Context, config: Path, database: Path | None) -> None:
    """Poll RSS, Atom and JSON feeds politely, tag their entries, republish any query as a feed."""
    ctx.obj = Context(config, database, ctx.obj)


def main(arguments: Sequence[str] | None = None, world: "World | None" = None) -> None:
    """Run the command line and leave with its exit status: 0 done, 1 failed, 2 usage or config.

    ``arguments`` are those after the program's name, None for those it was started with;
    ``world`` stands for the one around us.
    """
    _open_closed_streams()
    try:
        status = aggregator.main(
            arguments, prog_name="aggregator", standalone_mode=False, obj=world
        )
    except click.Abort:
        status = _say("Interrupted: what was stored stays, everything else can be repeated.", 1)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except AggregatorError as error:
        status = _say(str(error), 2 if isinstance(error, USAGE_ERRORS) else 1)
    except _Refused as error:
        _abandon_output()
        # The reader of our output (head, less) has enough: that is no failure.
        status = 0 if error.is_enough else _say(str(error), 1)
    sys.exit(status if isinstance(status, int) else 0)


def _open_closed_streams() -> None:
    """Stand in for streams that whoever started us has closed, for which Python has None.

    What is opened takes their numbers, so that no file of ours gets what is meant for a terminal.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - stays open


def _say(sentence: str, status: int) -> int:
    with suppress(OSError):  # there is nowhere else to say it
        click.echo(told(f"aggregator: {sentence}"), err=True)
    return status


def _abandon_output() -> None:
    """Let what is left in the buffer go somewhere when Python writes it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
