"""What a configuration is refused for, in a form that tests can compare."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.errors import ConfigError, Problem

Write = Callable[..., Path]


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.problems


def problem(path: Path) -> Problem:
    (only,) = problems(path)
    return only


def caret(found: Problem) -> str:
    """Return what the carets of a problem's excerpt stand under."""
    assert found.excerpt is not None
    line, carets = found.excerpt.split("\n")
    return line[carets.index("^") : carets.rindex("^") + 1]
