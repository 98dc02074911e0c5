"""``run`` as its user meets it: a log in logfmt, signals, and an exit status."""

import io
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.cli.running import Log
from aggregator.config.settings import OutputSettings
from aggregator.errors import AggregatorError, ConfigError, Problem, StoreFullError
from aggregator.model.polls import Outcome
from aggregator.publishing import Published
from tests.builders import FEED, NOW, feed, feed_state, poll_record, refresh
from tests.cli.newsroom import feed as served
from tests.cli.newsroom import newsroom
from tests.publisher import HANG, Publisher

HOSTILE = "\x1b]0;owned\x07\x9b31m\u202eevil\nlevel=info"
ACTIVE = set("\x00\x07\x1b\x9b\u202e\r")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log, as a program reads it; ``keys`` in their order."""

    keys: tuple[str, ...]
    values: dict[str, str]


def read(line: str) -> Line:
    pairs = [part.partition("=") for part in shlex.split(line)]
    return Line(tuple(key for key, _, _ in pairs), {key: value for key, _, value in pairs})


class Written:
    """A log, and what it wrote."""

    def __init__(self, *, verbose: bool = False) -> None:
        self.log = Log(verbose=verbose)
        self._errors = io.StringIO()

    def __enter__(self) -> Log:
        self._redirected = redirect_stderr(self._errors)
        self._redirected.__enter__()
        return self.log

    def __exit__(self, *_: object) -> None:
        self._redirected.__exit__(None, None, None)

    def lines(self) -> list[Line]:
        return [read(line) for line in self._errors.getvalue().splitlines()]

    def line(self) -> dict[str, str]:
        (only,) = self.lines()
        return only.values

    def text(self) -> str:
        return self._errors.getvalue()


def test_a_line_begins_with_time_level_and_event() -> None:
    written = Written()
    with written as log:
        log.polled(feed_state(), refresh(poll=poll_record(new=3, changed=1)))
    (line,) = written.lines()
    assert line.keys == ("timestamp", "level", "event", "feed", "new", "changed", "next")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.values.pop("timestamp"))
    assert line.values == {
        "level": "info",
        "event": "new",
        "feed": "Example News",
        "new": "3",
        "changed": "1",
        "next": "2026-03-02T13:00:00Z",
    }


def test_at_its_first_poll_a_feed_goes_by_its_title_already() -> None:
    written, unnamed = Written(), feed_state(name=FEED)
    with written as log:
        log.polled(unnamed, refresh(unnamed, poll=poll_record(new=1), feed=feed("The Wire")))
        log.polled(unnamed, refresh(unnamed, poll=poll_record(new=1), feed=feed("")))
        log.polled(feed_state(name="Ours"), refresh(poll=poll_record(new=1), feed=feed("Theirs")))
    assert [line.values["feed"] for line in written.lines()] == ["The Wire", FEED, "Ours"]


def test_a_failed_poll_is_a_warning_with_its_sentence() -> None:
    written = Written()
    failed = poll_record(outcome=Outcome.FAILED, error_code="http", sentence="It said 404.")
    with written as log:
        log.polled(feed_state(), refresh(poll=failed, feed=None))
    line = written.line()
    assert (line["level"], line["event"], line["why"]) == ("warning", "failed", "It said 404.")


def test_of_a_feed_that_is_gone_for_good_no_next_poll_is_told() -> None:
    written = Written()
    gone = poll_record(outcome=Outcome.GONE, status=410)
    with written as log:
        log.polled(
            feed_state(), refresh(poll=gone, feed=None, stopped=True, due_reason="410 twice")
        )
    line = written.line()
    assert (line["event"], line["why"], line["next"]) == ("gone", "410 twice", "never")


@pytest.mark.parametrize("verbose", [True, False])
def test_polls_that_brought_nothing_are_for_the_curious(*, verbose: bool) -> None:
    written = Written(verbose=verbose)
    with written as log:
        log.polled(feed_state(), refresh(poll=poll_record(outcome=Outcome.NOT_MODIFIED)))
    assert len(written.lines()) == verbose


def test_outputs_waits_and_turning_points_are_told() -> None:
    written = Written()
    output = OutputSettings("sahel", Path("/srv/sahel.atom"), "atom", "The Sahel")
    with written as log:
        log.told("polling 3 feeds")
        log.published(Published(output, entries=7, changed=True))
        log.left(feed_state(), NOW + timedelta(hours=1), "it asked for it")
        log.failed(StoreFullError("The disk is full."))
    assert [line.values["event"] for line in written.lines()] == [
        "polling 3 feeds",
        "published",
        "left",
        "The disk is full.",
    ]
    assert [line.values["level"] for line in written.lines()] == ["info", "info", "info", "error"]
    assert "output=sahel path=/srv/sahel.atom entries=7" in written.text()


def test_each_mistake_of_a_configuration_has_its_line() -> None:
    written = Written()
    mistakes = tuple(
        Problem("feeds.yaml", line, "That is wrong.", excerpt="  (Sahel\n  ^") for line in (3, 9)
    )
    with written as log:
        log.failed(ConfigError(mistakes))
    assert [line.values["event"] for line in written.lines()] == [
        "feeds.yaml:3: That is wrong.",
        "feeds.yaml:9: That is wrong.",
    ]


def test_nothing_a_publisher_says_acts_on_a_terminal_or_makes_a_line() -> None:
    written, unnamed = Written(), feed_state(name=FEED)
    failed = poll_record(outcome=Outcome.FAILED, error_code="x", sentence=HOSTILE)
    output = OutputSettings(HOSTILE, Path(f"/srv/{HOSTILE}"), "atom", "")
    with written as log:
        log.polled(unnamed, refresh(unnamed, poll=poll_record(new=1), feed=feed(HOSTILE)))
        log.polled(unnamed, refresh(unnamed, poll=failed, feed=None))
        log.left(feed_state(name=HOSTILE), NOW, HOSTILE)
        log.published(Published(output, entries=1, changed=True))
        log.told(HOSTILE)
        log.failed(AggregatorError(HOSTILE))
        log.failed(ConfigError((Problem(HOSTILE, 1, HOSTILE, HOSTILE),)))
    assert len(written.lines()) == 7
    assert not set(written.text()) & ACTIVE


class Full(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_log_that_nobody_can_take_ends_nothing() -> None:
    closed = io.StringIO()
    closed.close()
    for errors in (Full(), closed):
        with redirect_stderr(errors):
            Log(verbose=False).told("polling 3 feeds")


# --- the process -----------------------------------------------------------------------------


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def test_the_process_ends_well_on_sigterm_with_all_it_read_stored(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/a", served("Wire \x9b31m", "Talks in Mali"))
    publisher.serve("/slow", HANG)
    config = newsroom(tmp_path, publisher, "/a", more="outputs: [{path: all.json}]\n")
    text = config.read_text().replace("    name: A\n", "")
    config.write_text(text.replace("outputs:", f"  - url: {publisher.url('/slow')}\noutputs:"))
    with subprocess.Popen(
        [sys.executable, "-m", "aggregator", "--config", config, "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        watchdog = threading.Timer(30, running.kill)
        watchdog.start()
        try:
            assert running.stderr is not None
            lines = []
            for line in running.stderr:
                lines.append(line)
                if "entries=1" in line:
                    publisher.wait_for(1, "/slow")
                    running.send_signal(signal.SIGTERM)
                if "stopping" in line:
                    running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0
            assert running.stdout is not None
            assert running.stdout.read() == ""
        finally:
            watchdog.cancel()
            running.kill()
    log = [read(line).values for line in lines]
    assert log[0]["event"] == "polling 2 feeds"
    assert log[-1]["event"] == "stopped"
    (poll,) = (line for line in log if "feed" in line)
    assert poll["feed"].startswith("Wire ")
    assert poll["new"] == "1"
    assert not set("".join(lines)) & ACTIVE
    assert b"Talks in Mali" in (tmp_path / "all.json").read_bytes()
