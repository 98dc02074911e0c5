"""A program that retags and kills itself at an SQL statement: for tests of crashes.

::

    python -m tests.crashing_retag DATABASE STATEMENT…

Each statement is tried in a process of its own, on a copy of the database that stands beside it
under the statement's number; how each ended is printed.
"""

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.app.rules import plan_for
from aggregator.query.syntax import parse
from aggregator.reapplying import Application, Manner
from aggregator.store.sqlite import SqliteStore
from aggregator.tagging import Rule, tag
from tests.builders import NOW, entry, tagged
from tests.store.steps import poll, subscribe

RETAGGED_AT = NOW + timedelta(days=1)
SLICE = 3
TITLES = ("Mali", "Chad", "Mali and Chad", "Oslo", "Football in Mali") * 3


def rules(version: str, **queries: str) -> tuple[Rule, ...]:
    return tuple(Rule(name, name, parse(query), query, version) for name, query in queries.items())


BEFORE = rules("v1", mali="Mali", gone="Football", chad="Chad")
AFTER = (*rules("v2", mali="(Mali AND NOT Football) OR Oslo", new="Oslo"), *BEFORE[2:])


def stock(path: Path) -> None:
    """Make a database whose entries are tagged by the rules of before."""
    with closing(SqliteStore(path)) as store:
        follow(store, BEFORE)
        subscribe(store)
        subjects = (
            tagged(entry(f"{title} {number}", summary="")) for number, title in enumerate(TITLES)
        )
        poll(store, new=tuple(replace(each, tags=tag(each, BEFORE)) for each in subjects))
        follow(store, AFTER)


def follow(store: SqliteStore, of_today: Sequence[Rule]) -> None:
    store.follow_rules({rule.name: rule.version for rule in of_today})


def retag(path: Path, fatal: int | None = None) -> int:
    """Apply the rules of after; return how many statements it took."""
    count = 0

    def trace(statement: str) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    with closing(SqliteStore(path, tracer=trace)) as store:
        plan = plan_for(store, AFTER, ("mali", "new", "gone"))
        application = Application(store, plan, lambda: RETAGGED_AT, Manner(slice=SLICE))
        while application.step():
            pass
    return count


def main(path: Path, statements: Sequence[str]) -> None:
    for statement in statements:
        copy = path.with_name(statement)
        shutil.copy(path, copy)
        child = os.fork()
        if child == 0:
            retag(copy, int(statement))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status))  # noqa: T201 - for the test that started us


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
