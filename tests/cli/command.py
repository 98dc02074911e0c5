"""Runs the command line within the test's own process."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from aggregator.cli.main import main


@dataclass(frozen=True, slots=True)
class Said:
    """What a command wrote, and its exit status."""

    output: str
    errors: str
    status: int


def command(*arguments: object) -> Said:
    """Run ``aggregator ARGUMENTS`` and return what it said; output is not a terminal."""
    output, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors), pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    output.flush()
    status = left.value.code
    assert isinstance(status, int)
    return Said(output.buffer.getvalue().decode(), errors.getvalue(), status)
