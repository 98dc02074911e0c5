"""``init``: a configuration to begin with."""

import shlex
from importlib.resources import files
from pathlib import Path

import click

from aggregator.cli.context import Context
from aggregator.errors import UsageError
from aggregator.text import visible

DEFAULT_PATH = Path("feeds.yaml")


@click.command()
@click.pass_obj
def init_command(context: Context) -> None:
    """Write a commented configuration to begin with.

    It has feeds, tags and outputs, and goes to feeds.yaml, or where --config says; a file that
    is there is never overwritten.

    \b
    Example:
      aggregator --config newsroom.yaml init
    """
    path = context.config_path
    _write_new(path, files("aggregator").joinpath("starter.yaml").read_bytes())
    given = "" if path == DEFAULT_PATH else f" --config {shlex.quote(str(path))}"
    click.echo(f"Wrote {visible(str(path))}: read it, and make it yours. Then:")
    for command, does in (
        ("check", "says whether it is in order"),
        ("poll", "fetches what the feeds have"),
        ("search", "shows the newest entries"),
        ("run", "goes on polling, and publishes the outputs"),
    ):
        click.echo(f"  aggregator{given} {command:<8} {does}")


def _write_new(path: Path, body: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(body)
    except FileExistsError:
        raise UsageError(
            f"{path} exists already and is left as it is: move it away, or choose another name"
            " with --config."
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error
