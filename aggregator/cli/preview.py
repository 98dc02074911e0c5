"""``preview``: what a feed would bring, without keeping anything."""

import click

from aggregator import __version__
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.listing import Listing, channel_for, listing_options, write_entries
from aggregator.cli.sources import Previewed, Refused, opened_preview, origins
from aggregator.cli.stored import config_if_any
from aggregator.config.settings import Config
from aggregator.output.channel import Channel, channel_id
from aggregator.output.jsonfeed import encode, render_line
from aggregator.publishing import tag_titles


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--base-url", metavar="URL", help="Where the one document came from.")
@click.option("--allow-private", is_flag=True, help="Also fetch from private addresses.")
@listing_options
@click.pass_obj
def preview_command(
    context: Context,
    sources: tuple[str, ...],
    base_url: str | None,
    allow_private: bool,
    listing: Listing,
) -> None:
    """Show what SOURCE, a feed's URL or file or - for stdin, would bring: entries and their tags.

    Nothing is stored, and no database is needed; tags are those of the configuration. Entries
    stand in the order of their document. With --format jsonl every source is one line: a JSON
    Feed, or an object with the key error.

    \b
    Examples:
      aggregator preview https://www.example.org/rss
      curl -s https://www.example.org/rss | aggregator preview - --base-url https://www.example.org/rss
    """
    asked = origins(sources, base_url)
    config = config_if_any(context)
    if config is None:
        terminal.say(f"{context.config_path} does not exist: without its rules nothing is tagged.")
    read: list[Previewed] = []
    failed = False
    with opened_preview(
        config, len(asked), allow_private=allow_private, world=context.world
    ) as preview:
        for found in preview.all(asked):
            _tell(found)
            failed = failed or isinstance(found, Refused)
            if listing.form == "jsonl":
                terminal.write(_line(found, config))
            elif isinstance(found, Previewed):
                read.append(found)
    if listing.form != "jsonl" and read:
        channel = _channel(read[0], config) if len(asked) == 1 else channel_for("Preview", config)
        write_entries(listing, channel, [entry for found in read for entry in found.entries])
    if failed:
        raise click.exceptions.Exit(1)


def _tell(found: Previewed | Refused) -> None:
    if isinstance(found, Refused):
        terminal.complain(str(found.error))
    elif found.feed.problem:
        terminal.say(f"{found.origin.name}: {found.feed.problem}")


def _line(found: Previewed | Refused, config: Config | None) -> bytes:
    if isinstance(found, Previewed):
        return render_line(_channel(found, config), found.entries)
    told = {
        "code": found.error.code,
        "message": str(found.error),
        "source": found.origin.written,
    }
    return encode({"error": told})


def _channel(found: Previewed, config: Config | None) -> Channel:
    """Return the feed as what it says of itself."""
    origin, feed = found.origin, found.feed
    return Channel(
        channel_id(origin.written, found.address),
        feed.title or origin.name,
        description=feed.description,
        self_url=found.address,
        site_url=feed.link,
        tag_titles=tag_titles(config) if config else {},
        version=__version__,
        image=feed.image,
        icon=feed.icon,
        authors=feed.authors,
        language=feed.language,
    )
