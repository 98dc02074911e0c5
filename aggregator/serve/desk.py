"""Questions about what is stored, answered by a few threads, none for longer than is allowed."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TypeVar

from aggregator.store.base import Store

SECONDS = 5.0
"""How long a question may take."""

_STORES = 4
_AGAIN_SECONDS = 0.05
"""How often a question that takes too long is interrupted, until it has ended."""

Answer = TypeVar("Answer")


class Desk:
    """Stores of one database, each used by one question at a time; opened when first needed."""

    def __init__(self, opened: Callable[[], Store], stores: int = _STORES) -> None:
        self._opened = opened
        self._threads = ThreadPoolExecutor(stores, thread_name_prefix="desk")
        self._free: SimpleQueue[Store] = SimpleQueue()

    async def ask(self, question: Callable[[Store], Answer], seconds: float = SECONDS) -> Answer:
        """Return what a question about the store comes to.

        Raises what it raises, and `StoreInterruptedError` once it has taken ``seconds``. Time
        spent waiting for other questions does not count.
        """
        work = _Work()
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, self._answered, question, work)
        while not answer.done():
            await asyncio.wait((answer,), timeout=work.patience(seconds))
            work.end_after(seconds)
        return await answer

    def close(self) -> None:
        """Wait for the questions under way, and close the stores."""
        self._threads.shutdown()
        while not self._free.empty():
            self._free.get().close()

    def _answered(self, question: Callable[[Store], Answer], work: "_Work") -> Answer:
        try:
            store = self._free.get_nowait()
        except Empty:
            store = self._opened()
        work.begin(store)
        try:
            return question(store)
        finally:
            work.end()
            self._free.put(store)


class _Work:
    """One question under way: on which store, and since when."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._store: Store | None = None
        self._began: float | None = None

    def begin(self, store: Store) -> None:
        with self._lock:
            self._store, self._began = store, time.monotonic()

    def end(self) -> None:
        with self._lock:
            self._store = None

    def patience(self, seconds: float) -> float:
        """Return for how long nothing need be done about it."""
        left = seconds if self._began is None else self._began + seconds - time.monotonic()
        return max(left, _AGAIN_SECONDS)

    def end_after(self, seconds: float) -> None:
        """Interrupt it if it has taken so long and is still under way."""
        with self._lock:
            if self._store and self._began and time.monotonic() >= self._began + seconds:
                self._store.interrupt()
