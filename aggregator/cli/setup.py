"""``init`` and ``check``: a configuration to begin with, and whether it is in order."""

import shlex
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Literal

import click

from aggregator.cli.context import Context
from aggregator.config.checking import ExampleFailure, check_examples
from aggregator.config.load import load
from aggregator.config.settings import Config
from aggregator.durations import show_duration
from aggregator.errors import ConfigError, Problem, UsageError
from aggregator.output.jsonfeed import Json, encode
from aggregator.polling import USUAL_FLOOR
from aggregator.tagging import Rule
from aggregator.text import visible
from aggregator.wording import counted

DEFAULT_PATH = Path("feeds.yaml")

_SHOWN = 5


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


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="A sentence, or one JSON object with everything that was found.",
)
@click.pass_context
def check_command(ctx: click.Context, form: Literal["table", "json"]) -> None:
    """Check the configuration, and run the examples of its tags.

    Mistakes come with file and line. Exit status: 0 all is well, 1 an example fails, 2 the
    configuration cannot be used.

    \b
    Example:
      aggregator --config feeds.yaml check
    """
    context = ctx.ensure_object(Context)
    path = context.config_path
    try:
        config = load(path)
    except ConfigError as error:
        if form == "json":
            _write(_report(path, None, error.problems, (), ()))
        else:
            _tell(error.problems, "mistake")
        ctx.exit(2)
    failures = check_examples(config.rules)
    warnings = (
        *_warnings(config),
        *_reminders(context.database_option or config.database, config),
    )
    if form == "json":
        _write(_report(path, config, (), failures, warnings))
    else:
        for warning in warnings:
            click.echo(visible(warning), err=True)
        _tell(failures, "failing example")
        if not failures:
            click.echo(f"{visible(str(path))} is in order: {_summary(config)}.")
    ctx.exit(1 if failures else 0)


def _reminders(database: Path, config: Config) -> tuple[str, ...]:
    """Return that rules were changed and not applied yet, if a database says so."""
    if not database.exists():
        return ()
    # Loaded only where it is needed: this command is to be light.
    reminding = import_module("aggregator.cli.reminding")
    return tuple(reminding.reminders(database, config))


def _write(report: Json) -> None:
    # Not by `cli.terminal`, which needs rich: this command stays light for editors and hooks.
    click.echo(encode(report, indent=2), nl=False)


def _tell(found: Sequence[Problem | ExampleFailure], what: str) -> None:
    """Tell what was found on stderr, each as ``file:line: sentence``, and how many they are."""
    for each in found:
        click.echo(visible(str(each), keep_lines=True), err=True)
    if found:
        click.echo(counted(len(found), what) + ".", err=True)


def _summary(config: Config) -> str:
    examples = sum(_examples(rule) for rule in config.rules)
    told = (
        counted(len(config.subscriptions), "feed"),
        counted(len(config.rules), "tag"),
        counted(len(config.outputs), "output"),
    )
    return f"{', '.join(told)}; {_all_hold(examples)}"


def _all_hold(examples: int) -> str:
    match examples:
        case 0:
            return "there are no examples to run"
        case 1:
            return "the one example holds"
        case _:
            return f"all {examples:,} examples hold"


def _examples(rule: Rule) -> int:
    return len(rule.examples_match) + len(rule.examples_no_match)


def _warnings(config: Config) -> tuple[str, ...]:
    """Return what is allowed, but binds whoever writes it: an interval below the usual floor."""
    hasty = [
        f"{feed.name or feed.url} ({show_duration(feed.interval)})"
        for feed in config.subscriptions
        if feed.interval is not None
        and feed.interval < USUAL_FLOOR
        and not feed.location.startswith("file:")
    ]
    if not hasty:
        return ()
    more = f" and {len(hasty) - _SHOWN} more" if len(hasty) > _SHOWN else ""
    return (
        f"Polled more often than once in {show_duration(USUAL_FLOOR)}, which their publishers"
        f" must have agreed to: {', '.join(hasty[:_SHOWN])}{more}.",
    )


def _report(
    path: Path,
    config: Config | None,
    problems: Sequence[Problem],
    failures: Sequence[ExampleFailure],
    warnings: Sequence[str],
) -> Json:
    """Return the object that ``--format json`` prints; counts are null without a configuration."""
    return {
        "version": 1,
        "config": str(path),
        "feeds": None if config is None else len(config.subscriptions),
        "tags": None if config is None else len(config.rules),
        "outputs": None if config is None else len(config.outputs),
        "examples": None if config is None else sum(map(_examples, config.rules)),
        "problems": [
            {
                "path": problem.path,
                "line": problem.line,
                "sentence": problem.sentence,
                "excerpt": problem.excerpt,
            }
            for problem in problems
        ],
        "failing_examples": [
            {
                "path": failure.path,
                "line": failure.line,
                "tag": failure.rule,
                "sentence": failure.sentence,
            }
            for failure in failures
        ],
        "warnings": list(warnings),
    }
