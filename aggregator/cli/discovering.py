"""``feeds discover``: which feeds there are at an address."""

import click

from aggregator.cli import terminal
from aggregator.cli.addressing import location_of
from aggregator.cli.context import Context
from aggregator.cli.looking import AFeed, APage, look
from aggregator.cli.shapes import Shape, shape_option, write_object


@click.command()
@click.argument("url")
@shape_option
@click.pass_obj
def discover_command(context: Context, url: str, shape: Shape) -> None:
    """List the feeds that a web page names.

    If URL is a feed itself, that is the only one. Nothing is stored.

    \b
    Example:
      aggregator feeds discover https://www.example.org/
    """
    found = look(location_of(url), context.config().poll)
    rows = rows_of(found)
    if shape == "json":
        feeds = [{"url": url, "title": title, "type": kind} for url, title, kind in rows]
        report = {"version": 1, "url": found.url, "feeds": feeds}
        write_object(report)
    else:
        table = terminal.columns(("url", "title", "type"), rows)
        terminal.write_text(terminal.draw([table], terminal.stdout()))


def rows_of(found: AFeed | APage) -> tuple[tuple[str, str, str], ...]:
    """Return URL, title and type of what was found; types of a page's feeds are its claim."""
    if isinstance(found, AFeed):
        return ((found.url, found.title, found.format),)
    return tuple((feed.url, feed.title, feed.media_type) for feed in found.feeds)
