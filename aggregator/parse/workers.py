"""Functions run in other processes, within limits of time and memory; the only place with Pebble.

A hostile document can cost a parser minutes or gigabytes, and parsing holds the interpreter's
lock. Pebble's pool outlives the death of a worker, where the standard library's
`ProcessPoolExecutor` fails every task that waits.
"""

import math
import multiprocessing
import pickle
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import resource_tracker
from types import TracebackType
from typing import Self, TypeVar, cast

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from aggregator.errors import AggregatorError, ParserFailedError, ParserLimitError

_T = TypeVar("_T")

_START = timedelta(seconds=60)
"""How long a process may take to start on a busy machine, beyond the time of its tasks."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may cost.

    ``duration`` bounds its wall clock time and, should nobody watch, its processor time;
    ``memory_bytes`` the address space of its process; ``result_bytes`` what it hands to ours,
    since a long ``xml:base`` makes a small document large. After ``tasks`` a process is replaced,
    so that what libraries leak stays small.
    """

    duration: timedelta = timedelta(seconds=20)
    memory_bytes: int = 1536 * 2**20
    result_bytes: int = 64 * 2**20
    tasks: int = 500


class Workers:
    """Worker processes, started with the first call; safe to call from many threads.

    A process imports what it needs when it starts (spawn, not fork: this program has threads).
    Whoever builds one closes it.
    """

    def __init__(self, processes: int, limits: Limits | None = None) -> None:
        self._processes = processes
        self._limits = limits or Limits()
        self._turns = threading.BoundedSemaphore(2 * processes)
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._waiting: set[ProcessFuture[bytes]] = set()
        self._closed = False

    def run(self, function: Callable[..., _T], /, *arguments: object) -> _T:
        """Return ``function(*arguments)``, computed in another process, while this thread waits.

        ``function`` belongs to a module; it, the arguments and the result can be pickled. Raises
        the `AggregatorError` that it raises, `ParserLimitError` if it exceeds a limit, and
        `ParserFailedError` if it raises anything else, its process dies or `close` was called.
        """
        call = pickle.dumps((function, arguments))
        with self._turns:
            try:
                answer = self._translated(call)
            except BrokenProcessPool:  # a process died between two tasks: nobody's fault
                answer = self._translated(call, again=True)
        return cast("_T", pickle.loads(answer))

    def close(self) -> None:
        """End all processes; what still runs fails. May be called again."""
        with self._lock:
            self._closed = True
            self._discard(self._pool)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _translated(self, call: bytes, *, again: bool = False) -> bytes:
        """Return the pickled result; of Pebble's errors only `BrokenProcessPool` leaves, once."""
        try:
            return self._computed(call)
        except AggregatorError:
            raise
        except BrokenProcessPool:
            if not again:
                raise
            sentence = "The processes that read documents do not start or do not stay alive."
            raise ParserFailedError(sentence) from None
        except TimeoutError:
            raise ParserLimitError(
                f"Reading the document took longer than {_seconds(self._limits):g} seconds."
            ) from None
        except MemoryError:
            raise _took_too_much(self._limits) from None
        except ProcessExpired as error:
            raise _died(error.exitcode, self._limits) from None
        except Exception as error:
            raise ParserFailedError(
                f"Reading the document failed unexpectedly: {type(error).__name__}: {error}"
            ) from error

    def _computed(self, call: bytes) -> bytes:
        """Wait for the pool's answer; a pool that is broken, or silent for too long, is discarded.

        No more tasks are in it than two a process, so that waiting has a bound.
        """
        with self._lock:
            pool = self._started()
            future = self._scheduled(pool, call)
        try:
            return future.result(2 * _seconds(self._limits) + _START.total_seconds())
        except CancelledError:
            raise BrokenProcessPool from None
        except (BrokenProcessPool, TimeoutError) as error:
            if isinstance(error, BrokenProcessPool) or not future.done():
                with self._lock:
                    self._discard(pool)
            raise
        finally:
            with self._lock:
                self._waiting.discard(future)

    def _started(self) -> ProcessPool:
        if self._closed:
            raise ParserFailedError("Reading documents has ended: the program is stopping.")
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._processes,
                max_tasks=self._limits.tasks,
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _scheduled(self, pool: ProcessPool, call: bytes) -> ProcessFuture[bytes]:
        try:
            with _without_interrupts():
                future = pool.schedule(
                    perform, (call, self._limits), timeout=_seconds(self._limits)
                )
        except RuntimeError:  # so Pebble says that its pool is broken
            self._discard(pool)
            raise BrokenProcessPool from None
        self._waiting.add(future)
        return future

    def _discard(self, pool: ProcessPool | None) -> None:
        """End ``pool`` unless another thread did; those who wait for it are woken."""
        if pool is None or pool is not self._pool:
            return
        self._pool = None
        for future in self._waiting:
            future.cancel()  # type: ignore[no-untyped-call]  # Pebble's
        pool.stop()  # type: ignore[no-untyped-call]  # Pebble's
        pool.join()


def perform(call: bytes, limits: Limits) -> bytes:
    """Do what was pickled, in the worker process, and pickle the result within the same limits."""
    with (
        _limited(resource.RLIMIT_CORE, 0),
        _limited(resource.RLIMIT_AS, limits.memory_bytes),
        _limited(resource.RLIMIT_CPU, math.ceil(_spent() + _seconds(limits))),
    ):
        function, arguments = pickle.loads(call)
        answer = pickle.dumps(function(*arguments))
    if len(answer) > limits.result_bytes:
        most = limits.result_bytes // 2**20
        raise ParserLimitError(f"What was read of the document takes more than {most:,} MiB.")
    return answer


@contextmanager
def _limited(what: int, most: int) -> Iterator[None]:
    """Lower the soft limit: the hard one stays, so that it can be lifted again.

    macOS refuses limits on the address space; there the time limit alone holds.
    """
    soft, hard = resource.getrlimit(what)
    lowered = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (lowered, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (soft, hard))


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let processes and threads that start here inherit that they ignore a Ctrl-C.

    The terminal sends it to all processes; the main one ends the others in order. Pebble ignores
    it once a worker runs, but not while its interpreter starts; the standard library's resource
    tracker lifts the block when it starts, so it goes first.
    """
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _spent() -> float:
    """Return the seconds of processor time that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _seconds(limits: Limits) -> float:
    return limits.duration.total_seconds()


def _took_too_much(limits: Limits) -> ParserLimitError:
    megabytes = limits.memory_bytes // 2**20
    return ParserLimitError(f"Reading the document took more than {megabytes:,} MiB of memory.")


def _died(exit_code: int, limits: Limits) -> ParserLimitError | ParserFailedError:
    """Say why a process ended; a negative exit code is the signal that killed it."""
    if exit_code == -signal.SIGXCPU:
        return ParserLimitError(
            f"Reading the document took more than {_seconds(limits):g} seconds of processor time."
        )
    if exit_code == -signal.SIGKILL:  # the kernel's, when memory runs out
        return ParserLimitError("The process that read the document was killed.")
    return ParserFailedError(
        f"The process that read the document died with exit status {exit_code}."
    )
