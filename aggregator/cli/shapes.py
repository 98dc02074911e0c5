"""Reports as a table for people or one JSON object for programs: the options, and the object."""

from typing import Literal

import click

from aggregator.cli import terminal
from aggregator.output.jsonfeed import Json, encode

Shape = Literal["table", "json"]

shape_option = click.option(
    "--format",
    "shape",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="json is described in docs/json.md.",
)
"""Adds --format, given to the command as ``shape``."""

utc_option = click.option("--utc", is_flag=True, help="Show the table's times in UTC.")


def write_object(report: Json) -> None:
    """Write a report for programs to stdout."""
    terminal.write(encode(report, indent=2))
