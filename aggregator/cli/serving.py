"""``serve``: the pages over what is stored, without polling."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from aggregator.app.serving import exposure, front_page, opened_pages, served
from aggregator.app.store import utc_now
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.stored import stored
from aggregator.config.following import LastGood
from aggregator.config.settings import ServeSettings


@click.command()
@click.option("--host", help="The address to listen on, instead of `serve.host`.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port to listen on, instead of `serve.port`; 0 takes any that is free.",
)
@click.pass_obj
def serve_command(context: Context, host: str | None, port: int | None) -> None:
    """Show what is stored as pages in a browser, until stopped (Ctrl-C or SIGTERM).

    Nothing is polled and nothing is changed; `aggregator run` serves the same pages if the
    configuration has a `serve` section. Edits of the configuration are seen at once.

    \b
    Examples:
      aggregator serve
      aggregator serve --port 9000
    """
    with stored(context):
        current = LastGood(context.config_path, lambda error: terminal.complain(str(error)))
    config = current()
    settings = config.serve or ServeSettings()
    settings = replace(
        settings, host=host or settings.host, port=settings.port if port is None else port
    )
    database = context.database_option or config.database
    with (
        opened_pages(database, current, utc_now, lambda: None) as pages,
        served(settings, [pages]) as listener,
        _until_stopped(),
    ):
        if warning := exposure(settings):
            terminal.say(warning)
        terminal.say(f"{front_page(settings, listener.port)} — Ctrl-C stops.")


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Do what is done within, then wait for SIGINT or SIGTERM."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
        stop.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
