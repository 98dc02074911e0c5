"""The demo's world: sample publishers on loopback, and a clock that stands where it is set.

Names, not ports, enter ids: every name leads to this machine and every connection to the sample
server, so that the same is stored and shown everywhere.
"""

import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from ipaddress import IPv4Address
from pathlib import Path

from aggregator.app.polling import World
from aggregator.demo.server import SampleServer
from aggregator.errors import UsageError
from aggregator.fetch.dialling import dial
from aggregator.fetch.guard import Address

POLLS_AT = (datetime(2024, 4, 23, 6, tzinfo=UTC), datetime(2024, 4, 23, 12, tzinfo=UTC))
"""When the demo polls: before and after some publishers have brought out a second edition."""

CONFIG = "feeds.yaml"

_LOOPBACK = IPv4Address("127.0.0.1")
_LEFT_BEHIND = ("demo.db", "demo.db-wal", "demo.db-shm", "demo.db.lock")


def furnish(directory: Path) -> Path:
    """Put the demo's configuration into a directory of its own and return its path.

    What an earlier demo left there is removed; a directory with another configuration in it
    is not touched. Raises `UsageError`.
    """
    config = directory / CONFIG
    sample = files(__package__).joinpath(CONFIG).read_bytes()
    try:
        if config.exists() and config.read_bytes() != sample:
            raise UsageError(
                f"{config} is not the demo's: name another place with --directory, or remove it."
            )
        directory.mkdir(parents=True, exist_ok=True)
        for name in _LEFT_BEHIND:
            (directory / name).unlink(missing_ok=True)
        config.write_bytes(sample)
    except OSError as error:
        raise UsageError(f"{directory} cannot hold the demo: {error.strerror}.") from error
    return config


def world(server: SampleServer, clock: Callable[[], datetime]) -> World:
    """Return a world in which every name is the sample server's."""

    def resolve(_: str) -> tuple[Address, ...]:
        return (_LOOPBACK,)

    def dial_server(
        addresses: Sequence[Address], _: int, seconds: float
    ) -> tuple[socket.socket, Address]:
        return dial(addresses, server.port, seconds)

    return World(clock, resolve, dial_server, paced=False)
