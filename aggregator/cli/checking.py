"""``check``: whether a configuration is in order, its examples hold, and its rules are sound."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from aggregator.cli import wrapping
from aggregator.cli.checked import Checked, report, told, verdict
from aggregator.cli.context import Context
from aggregator.config.checking import check_examples
from aggregator.config.following import ConfigFile
from aggregator.config.linting.lint import lint
from aggregator.config.linting.remark import Lint
from aggregator.config.load import Loaded
from aggregator.errors import ConfigError, StoreError, UsageError
from aggregator.output.jsonfeed import encode
from aggregator.text import visible

PAUSE_SECONDS = 0.5
"""Between two looks at the files: soon enough for whoever has just saved one."""


@click.command()
@click.option("--strict", is_flag=True, help="Lints are failures: the exit status is 1.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl-C.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="A sentence, or one JSON object with everything that was found.",
)
@click.pass_context
def check_command(
    ctx: click.Context, strict: bool, watch: bool, form: Literal["table", "json"]
) -> None:
    """Check the configuration, run the examples of its tags, and lint their rules.

    Mistakes, failing examples and lints come with file and line. A lint is what is allowed, but
    most likely not meant; where there is a database, the stored entries are asked as well. Exit
    status: 0 all is well, 1 an example fails, 2 the configuration cannot be used.

    \b
    Example:
      aggregator --config feeds.yaml check --watch
    """
    context = ctx.ensure_object(Context)
    file = ConfigFile(context.config_path)
    if watch:
        if form == "json":
            raise UsageError("--watch tells people what they have just saved: leave out --format.")
        with suppress(KeyboardInterrupt):
            watch_file(file, lambda: _tell(checked(file, context)))
        ctx.exit(0)
    found = checked(file, context)
    if form == "json":
        # Not by `cli.terminal`, which needs rich: this command stays light for editors and hooks.
        click.echo(encode(report(found), indent=2), nl=False)
    else:
        _tell(found)
    ctx.exit(found.status(is_strict=strict))


def watch_file(
    file: ConfigFile,
    check: Callable[[], None],
    wait: Callable[[], None] = lambda: time.sleep(PAUSE_SECONDS),
) -> None:
    """Check now, and again whenever a file is saved; it ends with what ``wait`` raises."""
    check()
    while True:
        wait()
        if file.is_edited():
            click.echo(f"\nChanged at {datetime.now().astimezone():%H:%M:%S}:", err=True)
            check()


def checked(file: ConfigFile, context: Context) -> Checked:
    """Read the configuration, and look for everything that can be wrong with it."""
    path = str(context.config_path)
    try:
        loaded = file.load_written()
    except ConfigError as error:
        return Checked(path, None, problems=error.problems)
    failures = check_examples(loaded.config.rules)
    database = context.database_option or loaded.config.database
    if not database.exists():
        return Checked(path, loaded.config, failures=failures, lints=lint(loaded, None))
    lints, notes = _with_what_is_stored(database, loaded)
    return Checked(path, loaded.config, failures=failures, lints=lints, notes=notes)


def _with_what_is_stored(database: Path, loaded: Loaded) -> tuple[tuple[Lint, ...], list[str]]:
    """Return the lints, and what there is to say of the database."""
    # Loaded only where it is needed: this command is to be light.
    from aggregator.cli.corpus import opened_corpus  # noqa: PLC0415
    from aggregator.cli.reminding import reminders  # noqa: PLC0415

    notes = list(reminders(database, loaded.config))
    try:
        with opened_corpus(database) as corpus:
            return lint(loaded, corpus), notes
    except StoreError as error:
        return lint(loaded, None), [*notes, f"What is stored was not asked: {error}"]


def _tell(found: Checked) -> None:
    for line in told(found):
        click.echo(wrapping.told(line), err=True)
    if sentence := verdict(found):
        click.echo(visible(sentence))
