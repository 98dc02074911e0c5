"""``emit``: the outputs of the configuration into their files, or any query to stdout."""

import click

from aggregator.app.store import utc_now
from aggregator.asking.names import known_name
from aggregator.asking.stored import Stored
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.listing import FORMS, Form, Listing, channel_for, write_entries
from aggregator.cli.stored import stored
from aggregator.config.settings import DEFAULT_LIMIT, Config, OutputSettings
from aggregator.errors import PublishError, UsageError
from aggregator.listings import publish_listings
from aggregator.publishing import publish
from aggregator.store.base import Search
from aggregator.wording import counted


@click.command()
@click.argument("outputs", nargs=-1, metavar="[OUTPUT]...")
@click.option("--query", metavar="QUERY", help="Write what matches to stdout instead.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Of --query.  [default: atom]")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=f"Of --query: at most so many entries, 0 means all.  [default: {DEFAULT_LIMIT}]",
)
@click.pass_obj
def emit_command(
    context: Context,
    outputs: tuple[str, ...],
    query: str | None,
    form: Form | None,
    limit: int | None,
) -> None:
    """Write the outputs of the configuration: those named, else all.

    A file whose content would be the same is left untouched. With --query one feed goes to
    stdout instead.

    \b
    Examples:
      aggregator emit sahel
      aggregator emit --query 'tag:sahel AND lang:fr' --format atom > sahel-fr.atom
    """
    if query is None:
        if form is not None or limit is not None:
            raise UsageError("--format and --limit belong to --query: outputs have their own.")
        _write_outputs(context, outputs)
    elif outputs:
        raise UsageError("--query writes to stdout: give it, or the names of outputs.")
    else:
        most = DEFAULT_LIMIT if limit is None else limit or None
        with stored(context) as opened:
            found = opened.store.search(Search(utc_now(), opened.read(query), limit=most))
            channel = channel_for(query, opened.config)
        write_entries(Listing(form or "atom"), channel, found)


def _write_outputs(context: Context, names: tuple[str, ...]) -> None:
    config = context.config()
    known = {output.name: output for output in config.outputs}
    wanted = dict.fromkeys(known_name(name, "output", known) for name in names) or known
    if not wanted:
        terminal.say(f"{context.config_path} has no outputs: there is nothing to write.")
        return
    with stored(context) as opened:
        failures = [name for name in wanted if not _write(opened, config, known[name])]
    if not names and not _write_listings(config):
        failures.append("publish")
    if failures:
        raise click.exceptions.Exit(1)


def _write_listings(config: Config) -> bool:
    """Write what is published beside the outputs; say whether it could be written."""
    try:
        changed = publish_listings(config)
    except PublishError as error:
        terminal.complain(str(error))
        return False
    for path in changed:
        terminal.say(f"{path.name}: written, {path}")
    return True


def _write(opened: Stored, config: Config, output: OutputSettings) -> bool:
    """Write one output and tell what became of it; say whether it could be written."""
    try:
        published = publish(opened.store, config, output, utc_now())
    except PublishError as error:
        terminal.complain(str(error))
        return False
    became = "written" if published.changed else "unchanged"
    entries = counted(published.entries, "entry")
    terminal.say(f"{output.name}: {became}, {entries}, {output.path}")
    return True
