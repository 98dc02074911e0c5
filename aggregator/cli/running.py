"""``run``: the daemon, and its log on standard error."""

import sys
from contextlib import suppress
from datetime import datetime

import click
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from aggregator.cli.context import Context
from aggregator.daemon import run
from aggregator.dates import rfc3339
from aggregator.errors import ConfigError
from aggregator.finding import name_of
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Outcome, Refresh
from aggregator.publishing import Published
from aggregator.text import single_line, visible


class Log:
    """The daemon's journal: a line an event, in logfmt, with nothing that acts on a terminal.

    Polls that brought nothing are told only if it is ``verbose``.
    """

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._log: FilteringBoundLogger = structlog.wrap_logger(
            _Stderr(),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _harmless,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        """Tell of a poll."""
        poll, name = refresh.poll, name_of(state, refresh.feed)
        if poll.outcome in {Outcome.FAILED, Outcome.GONE}:
            why = poll.sentence or refresh.due_reason
            self._log.warning(str(poll.outcome), feed=name, why=why, next=_next(refresh))
        elif poll.new or poll.changed or self._verbose:
            self._log.info(
                str(poll.outcome),
                feed=name,
                new=poll.new,
                changed=poll.changed,
                next=_next(refresh),
            )

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Tell of a feed that was left alone."""
        self._log.info("left", feed=state.name, until=rfc3339(until), why=reason)

    def published(self, published: Published) -> None:
        """Tell of an output that changed."""
        output = published.output
        self._log.info(
            "published", output=output.name, path=str(output.path), entries=published.entries
        )

    def told(self, event: str) -> None:
        """Tell of anything else."""
        self._log.info(event)

    def failed(self, error: Exception) -> None:
        """Tell of a failure that does not end the daemon; of a configuration each mistake."""
        if isinstance(error, ConfigError):
            for mistake in error.problems:
                self._log.error(f"{mistake.path}:{mistake.line}: {mistake.sentence}")
        else:
            self._log.error(str(error) or type(error).__name__)


class _Stderr:
    """Writes lines to standard error; where that is full or closed they are lost.

    A daemon must not end because nobody reads its log, and there is nowhere else to say so.
    """

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is the log

    info = warning = error = msg


def _harmless(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep texts, which may be publishers', to one line that cannot act on a terminal."""
    return {
        key: visible(single_line(value)) if isinstance(value, str) else value
        for key, value in event.items()
    }


def _next(refresh: Refresh) -> str:
    return "never" if refresh.stopped else rfc3339(refresh.due_at)


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Tell of polls that brought nothing, too.")
@click.pass_obj
def run_command(context: Context, verbose: bool) -> None:
    """Poll, tag and publish until stopped (Ctrl-C or SIGTERM).

    The configuration is read again when it changes, or on SIGHUP; one with mistakes is told
    and otherwise ignored. One daemon to a database: `aggregator poll` may run beside it.

    \b
    Example:
      aggregator run
    """
    run(context.config_path, context.database_option, Log(verbose=verbose), context.world)
