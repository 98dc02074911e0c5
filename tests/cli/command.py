"""Runs the command line within the test's own process."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from aggregator.app.polling import Runs, World
from aggregator.cli.main import main
from tests.reading import here


@dataclass(frozen=True, slots=True)
class Said:
    """What a command wrote, and its exit status."""

    output: str
    errors: str
    status: int


class Screen(io.TextIOWrapper):
    """An output that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def command(
    *arguments: object,
    to: type[io.TextIOWrapper] = io.TextIOWrapper,
    workers: Callable[[int], AbstractContextManager[Runs]] = here,
) -> Said:
    """Run ``aggregator ARGUMENTS`` and return what it said; output is a pipe, or a `Screen`.

    Documents are read in this process, but for ``workers=workers_for``.
    """
    written, errors = io.BytesIO(), io.StringIO()
    output = to(written, "utf-8")
    with redirect_stdout(output), redirect_stderr(errors), pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments], World(workers=workers))
    output.flush()
    status = left.value.code
    assert isinstance(status, int)
    return Said(written.getvalue().decode(), errors.getvalue(), status)
