"""The front of the command line: global options, lazy commands, errors as sentences."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from aggregator import __version__
from aggregator.cli.context import Context
from aggregator.errors import AggregatorError, ConfigError, QueryError, UsageError
from aggregator.text import visible

COMMANDS: dict[str, str] = {
    "init": "aggregator.cli.setup",
    "check": "aggregator.cli.setup",
    "run": "aggregator.cli.running",
    "poll": "aggregator.cli.polling",
    "preview": "aggregator.cli.preview",
    "search": "aggregator.cli.entries",
    "show": "aggregator.cli.entries",
    "explain": "aggregator.cli.explain",
    "tags": "aggregator.cli.figures",
    "stats": "aggregator.cli.figures",
    "emit": "aggregator.cli.emit",
    "feeds": "aggregator.cli.feeds",
    "demo": "aggregator.cli.demo",
}
"""Where each command lives; its module is imported only when it runs or asks for its help."""

USAGE_ERRORS = (ConfigError, QueryError, UsageError)


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, None if there is no such."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), f"{cmd_name}_command")
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
    ctx.obj = Context(config, database)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status: 0 done, 1 failed, 2 usage or config.

    ``arguments`` are those after the program's name, None for those it was started with.
    """
    try:
        status = aggregator.main(arguments, standalone_mode=False)
    except click.Abort:
        sys.exit(_say("Interrupted: what was stored stays, everything else can be repeated.", 1))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except AggregatorError as error:
        sys.exit(_say(str(error), 2 if isinstance(error, USAGE_ERRORS) else 1))
    except BrokenPipeError:
        # The reader of our output (head, less) has enough; that is its business, not a failure.
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)


def _say(sentence: str, status: int) -> int:
    click.echo(f"aggregator: {visible(sentence, keep_lines=True)}", err=True)
    return status
