"""Module-level functions for the workers' tests: what a worker process may be asked to do."""

import os
import signal
from pathlib import Path

from aggregator.errors import NotAFeedError


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def spin() -> None:
    while True:
        pass


def announce_and_spin(pipe: Path) -> None:
    pipe.write_bytes(b"started")
    spin()


def double_unless_eighth(number: int) -> int:
    if number % 8 == 0:
        die()
    return double(number)


def hog() -> int:
    return len(bytearray(1 << 40))


def swell() -> bytes:
    return bytes(64 * 2**20)


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(7)


def refuse(sentence: str) -> None:
    raise NotAFeedError(sentence)


def stumble() -> None:
    raise KeyError("gone")


def unpicklable() -> object:
    return lambda: None
