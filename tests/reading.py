"""Reads documents in the test's own process: to start another takes longer than most tests."""

import pickle
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar, cast

_T = TypeVar("_T")


class Here:
    """Computes at once; what goes in and comes out is pickled, as between processes.

    Without limits: that worker processes have them, and end, is tested where they are started.
    """

    def run(self, function: Callable[..., _T], /, *arguments: object) -> _T:
        function, arguments = pickle.loads(pickle.dumps((function, arguments)))
        return cast("_T", pickle.loads(pickle.dumps(function(*arguments))))


def here(_documents: int) -> AbstractContextManager[Here]:
    return nullcontext(Here())
