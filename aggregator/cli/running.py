"""``run``: the daemon, and its log on standard error."""

import sys
from datetime import datetime

import click
import structlog

from aggregator.cli.context import Context
from aggregator.daemon import run
from aggregator.dates import rfc3339
from aggregator.model import FeedState, Outcome, Refresh
from aggregator.publishing import Published
from aggregator.text import single_line, visible


class Log:
    """The daemon's journal: a line an event, ``key=value``, nothing in it can act on a terminal.

    Polls that brought nothing are told only if it is ``verbose``.
    """

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        printer = structlog.PrintLogger(sys.stderr)
        self._log: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
            printer,
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        """Tell of a poll."""
        poll, name = refresh.poll, _clean(state.name)
        if poll.outcome in {Outcome.FAILED, Outcome.GONE}:
            told = _clean(poll.sentence or refresh.due_reason)
            self._log.warning("failed", feed=name, why=told, next=rfc3339(refresh.due_at))
        elif poll.new or poll.changed or self._verbose:
            self._log.info(
                str(poll.outcome),
                feed=name,
                new=poll.new,
                changed=poll.changed,
                next=rfc3339(refresh.due_at),
            )

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Tell of a feed that was left alone."""
        self._log.info("left", feed=_clean(state.name), until=rfc3339(until), why=reason)

    def published(self, published: Published) -> None:
        """Tell of an output that changed."""
        output = published.output
        self._log.info("published", output=output.name, entries=published.entries)

    def told(self, event: str) -> None:
        """Tell of anything else."""
        self._log.info(_clean(event))

    def failed(self, error: Exception) -> None:
        """Tell of a failure that does not end the daemon."""
        self._log.error(visible(str(error)))


def _clean(text: str) -> str:
    return visible(single_line(text))


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Tell of polls that brought nothing, too.")
@click.pass_obj
def run_command(context: Context, verbose: bool) -> None:
    """Poll, tag and publish until stopped (Ctrl-C or SIGTERM).

    The configuration is read again when it changes, or on SIGHUP; one with mistakes is told
    and otherwise ignored. One daemon to a database: `aggregator poll` may run beside it.
    """
    run(context.config_path, context.database_option, Log(verbose=verbose))
