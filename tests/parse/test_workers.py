"""Functions run in other processes, within limits."""

import multiprocessing
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import AggregatorError, NotAFeedError, ParserFailedError, ParserLimitError
from aggregator.parse.document import parse_document
from aggregator.parse.workers import Limits, Workers, perform
from tests.parse import chores
from tests.parse.documents import document, rss

SHORT = Limits(duration=timedelta(seconds=1), memory_bytes=2**30, tasks=1000)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, SHORT) as shared:
        yield shared


def test_a_result_comes_back_from_another_process(workers: Workers) -> None:
    assert workers.run(chores.double, 21) == 42
    assert workers.run(chores.process_id) != os.getpid()


def test_a_document_is_parsed_as_it_would_be_here(workers: Workers) -> None:
    given = document(rss("<item><title>été</title></item>"))
    assert workers.run(parse_document, given) == parse_document(given)


def test_our_own_errors_pass_through_as_they_are(workers: Workers) -> None:
    with pytest.raises(NotAFeedError, match=r"^not a feed at all$"):
        workers.run(chores.refuse, "not a feed at all")


@pytest.mark.parametrize(
    ("chore", "error", "sentence"),
    [
        (chores.stumble, ParserFailedError, r"failed unexpectedly: KeyError: 'gone'$"),
        (
            chores.unpicklable,
            ParserFailedError,
            r"failed unexpectedly: AttributeError: .*unpicklable",
        ),
        (chores.die, ParserFailedError, r"died with exit status -11\.$"),
        (chores.leave, ParserFailedError, r"died with exit status 7\.$"),
        (chores.hog, ParserLimitError, r"took more than 1,024 MiB of memory\.$"),
        (chores.swell, ParserLimitError, r"was read of the document takes more than 64 MiB\.$"),
        (chores.spin, ParserLimitError, r"took longer than 1 seconds\.$"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_goes_wrong_is_one_sentence(
    workers: Workers, chore: object, error: type[AggregatorError], sentence: str
) -> None:
    assert callable(chore)
    with pytest.raises(error, match=sentence):
        workers.run(chore)
    assert workers.run(chores.double, 1) == 2


def test_a_process_that_dies_fails_its_own_task_alone(workers: Workers) -> None:
    def one(number: int) -> int | None:
        try:
            return workers.run(chores.double_unless_eighth, number)
        except ParserFailedError:
            return None

    with ThreadPoolExecutor(64) as threads:
        results = list(threads.map(one, range(64)))
    assert results == [None if number % 8 == 0 else 2 * number for number in range(64)]


def test_a_process_killed_between_two_tasks_is_replaced(workers: Workers) -> None:
    for _ in range(2):
        os.kill(workers.run(chores.process_id), signal.SIGKILL)
        assert workers.run(chores.double, 3) == 6


def test_processes_are_replaced_after_so_many_tasks() -> None:
    with Workers(1, Limits(tasks=2)) as few:
        assert len({few.run(chores.process_id) for _ in range(5)}) == 3


def test_no_process_starts_before_the_first_task() -> None:
    before = set(multiprocessing.active_children())
    with Workers(8):
        assert set(multiprocessing.active_children()) == before


def test_what_is_closed_runs_nothing_and_may_be_closed_again() -> None:
    closed = Workers(1)
    closed.close()
    closed.close()
    with pytest.raises(ParserFailedError, match="the program is stopping"):
        closed.run(chores.double, 1)


def test_closing_wakes_those_who_wait(tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    slow = Workers(1)
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(slow.run, chores.announce_and_spin, started) for _ in range(2)]
        started.read_bytes()  # until the first has begun
        slow.close()
        for one in waiting:
            with pytest.raises(ParserFailedError, match="the program is stopping"):
                one.result(10)


def test_processor_time_is_limited_even_if_nobody_watches() -> None:
    script = (
        "import pickle; from datetime import timedelta\n"
        "from aggregator.parse.workers import Limits, perform; from tests.parse import chores\n"
        "perform(pickle.dumps((chores.spin, ())), Limits(duration=timedelta(seconds=0)))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=30)
    assert done.returncode == -signal.SIGXCPU


def test_limits_are_lifted_after_the_task() -> None:
    before = [resource.getrlimit(what) for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]
    assert pickle.loads(perform(pickle.dumps((chores.double, (4,))), Limits())) == 8
    assert [
        resource.getrlimit(what) for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU)
    ] == before


def test_an_interrupt_from_the_terminal_leaves_the_processes_and_the_screen_alone() -> None:
    script = """
import os, signal
from aggregator.parse.workers import Workers
from tests.parse import chores
signal.signal(signal.SIGINT, lambda *_: None)
with Workers(2) as workers:
    for number in range(200):
        os.killpg(0, signal.SIGINT)
        assert workers.run(chores.double, number) == 2 * number
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
