"""The network between us and every publisher, which may go away: nothing of it is real.

::

    internet.go_away(Away.NAMES)    # no name server answers, whoever is asked for
    internet.lost.add("a.example")  # or none for this one alone
    internet.come_back()
"""

import errno
import os
import socket
import threading
from collections.abc import Callable, Sequence
from enum import Enum, auto
from ipaddress import ip_address

from aggregator.fetch.dialling import dial
from aggregator.fetch.guard import Address

LOOPBACK = ip_address("127.0.0.1")


class Away(Enum):
    """How a network is away."""

    NAMES = auto()
    """No name server answers; the system says so at once."""
    SILENCE = auto()
    """Look-ups hang until it is back."""
    ROUTES = auto()
    """Names are known, from a cache, but no way leads anywhere."""


class Internet:
    """Names, ways and connections, all of which lead to one port of this machine.

    ``known`` says which addresses a host would have. Hosts in ``lost`` are lost while it is
    there, addresses in ``near`` can be reached while it is away. ``look_ups`` counts them.
    """

    def __init__(self, known: Callable[[str], tuple[Address, ...]], port: int) -> None:
        self.lost = set[str]()
        self.near = set[str]()
        self.look_ups = 0
        self._known = known
        self._port = port
        self._away: Away | None = None
        self._is_back = threading.Event()

    def go_away(self, how: Away) -> None:
        self._is_back.clear()
        self._away = how

    def come_back(self) -> None:
        self._away = None
        self._is_back.set()

    def resolve(self, host: str) -> tuple[Address, ...]:
        self.look_ups += 1
        if self._away is Away.SILENCE:
            self._is_back.wait()
        if self._away is Away.NAMES or host in self.lost:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._known(host)

    def route(self, address: Address) -> None:
        if self._away is Away.ROUTES and str(address) not in self.near:
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    def dial(
        self, addresses: Sequence[Address], port: int, seconds: float
    ) -> tuple[socket.socket, Address]:
        self.route(addresses[0])
        connection, _ = dial([LOOPBACK], self._port, seconds)
        return connection, addresses[0]
