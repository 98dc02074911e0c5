"""A program that polls the real way and kills itself in the middle: for tests of crashes.

::

    python -m tests.crashing DIRECTORY POINT…

Every point is tried in a process of its own, in ``DIRECTORY/<point>``; how each ended is printed.
A point is ``<edition> <stage>`` (see `STAGES`) or the number of an SQL statement. The newsroom
polls three files, which come out in two editions.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.fetch.files import read_file
from aggregator.fetch.politeness import Hosts
from aggregator.model.boilerplate import Fingerprints
from aggregator.model.feeds import FeedState, Subscription
from aggregator.model.fetching import Document, Fetched, FetchRequest
from aggregator.model.polls import Refresh
from aggregator.pipeline import Edge, Reading, Tell, read
from aggregator.polling import Pace
from aggregator.query.syntax import parse
from aggregator.settling import Policy
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.sweep import Sweep
from aggregator.sweeping.wiring import Wiring
from aggregator.tagger import Tagger
from aggregator.tagging import Rule
from tests.builders import NOW
from tests.scenario import NO_TIME, Heard, rss

STAGES = (
    "after the claim",
    "after the fetch",
    "after the parse",
    "before the commit",
    "inside the commit",
    "at the end of the commit",
    "after the commit",
)


def wire(*titles: str) -> bytes:
    """Return a document whose every item ends with the same words."""
    signed = b"<description>Distributed by the wire for all its readers</description></item>"
    return rss(*titles).replace(b"</item>", signed)


EDITIONS: tuple[dict[str, bytes], ...] = (
    {
        "wire.xml": wire(
            "Eleven migrants rescued", "Talks in Bamako", "Rain in Dakar", "Wind in Agadez"
        ),
        "press.xml": rss("Bamako votes", title="Press"),
        "fixed.xml": rss("Mali and Niger agree", title="Fixed"),
    },
    {
        "wire.xml": wire(
            "Vote in Mali", "Eleven migrants rescued", "Talks in Bamako", "Rain in Dakar"
        ).replace(b"<title>Eleven", b"<title>Correction: fourteen"),
        "press.xml": b"<!DOCTYPE html><html><body>We are moving house.</body></html>",
        "fixed.xml": rss("Mali and Niger agree", title="Fixed"),
    },
)
"""The second corrects an entry, brings one, lets one go; one feed breaks, one stays the same."""

POLLS_AT = (NOW, NOW + timedelta(days=2))

RULES = tuple(
    Rule(name, name.title(), parse(query), query, version="1")
    for name, query in (("mali", "Bamako OR Mali"), ("counts", "eleven OR fourteen"))
)

Reach = Callable[[str], None]
"""Called at each stage with its name."""


@dataclass(frozen=True, slots=True)
class Fatal:
    """Where a process is to die: at a stage of an edition, or at a statement; None: nowhere."""

    edition: int | None = None
    stage: str | None = None
    statement: int | None = None

    @classmethod
    def at(cls, point: str) -> "Fatal":
        if point.isdigit():
            return cls(statement=int(point))
        edition, _, stage = point.partition(" ")
        assert stage in STAGES
        return cls(int(edition), stage)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Tracer:
    """Counts statements, and knows where in a commit they stand."""

    def __init__(self, fatal: Fatal) -> None:
        self.count = 0
        self.reach: Reach = lambda stage: None
        self.committing = False
        self._fatal = fatal

    def __call__(self, statement: str) -> None:
        self.count += 1
        if self.count == self._fatal.statement:
            die()
        if self.committing and statement.startswith("UPDATE feed"):
            self.reach("inside the commit")
        if self.committing and statement.startswith("COMMIT"):
            self.reach("at the end of the commit")


class Staged(SqliteStore):
    """A store that tells which stage of a poll was reached."""

    def __init__(self, path: Path, tracer: Tracer) -> None:
        super().__init__(path, tracer=tracer)
        self._tracer = tracer

    def claim(self, *arguments: object, **named: object) -> tuple[FeedState, ...]:
        claimed = super().claim(*arguments, **named)  # type: ignore[arg-type]
        if claimed:
            self._tracer.reach("after the claim")
        return claimed

    def apply(self, refreshes: Sequence[Refresh]) -> tuple[str, ...]:
        self._tracer.reach("before the commit")
        self._tracer.committing = True
        applied = super().apply(refreshes)
        self._tracer.committing = False
        self._tracer.reach("after the commit")
        return applied


def edge(reach: Reach, at: datetime) -> Edge:
    def fetch(request: FetchRequest, _: Tell) -> Fetched:
        fetched = read_file(request.url, now=at)
        reach("after the fetch")
        return fetched

    def read_here(document: Document, key: str, known: tuple[Fingerprints, ...]) -> Reading:
        reading = read(document, key, known)
        reach("after the parse")
        return reading

    return Edge(fetch, read_here, lambda: at, "aggregator")


def run(
    directory: Path, fatal: Fatal, *, since: int = 0, late: timedelta = NO_TIME
) -> tuple[int, list[Refresh]]:
    """Poll the editions from ``since`` on, each ``late``; return the statements, and the polls."""
    tracer, heard = Tracer(fatal), Heard()
    with closing(Staged(directory / "aggregator.db", tracer)) as store:
        for edition in range(since, len(EDITIONS)):
            at = POLLS_AT[edition] + late

            def reach(stage: str, edition: int = edition) -> None:
                if (edition, stage) == (fatal.edition, fatal.stage):
                    die()

            tracer.reach = reach
            bring_out(directory, edition)
            store.subscribe(
                [Subscription(name, (directory / name).as_uri()) for name in EDITIONS[0]], at
            )
            wiring = Wiring(
                edge(reach, at),
                Policy(Tagger(RULES), Pace(), Pace(floor=NO_TIME)),
                Hosts(NO_TIME, NO_TIME),
                threads=1,  # so that the statements come in one order
            )
            assert Sweep(store, wiring, heard).round()
    return tracer.count, heard.refreshes


def bring_out(directory: Path, edition: int) -> None:
    for name, body in EDITIONS[edition].items():
        (directory / name).write_bytes(body)


def edition_in(directory: Path) -> int:
    """Return which edition had come out when the process died."""
    body = (directory / "press.xml").read_bytes() if (directory / "press.xml").exists() else b""
    return 1 if body == EDITIONS[1]["press.xml"] else 0


def main(directory: Path, points: Sequence[str]) -> None:
    for point in points:
        (directory / point).mkdir()
        child = os.fork()
        if child == 0:
            run(directory / point, Fatal.at(point))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status))  # noqa: T201 - for the test that started us


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
