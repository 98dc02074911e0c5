"""One connection out of several addresses: the next is tried before the last has given up.

RFC 8305 (Happy Eyeballs): address families alternate, attempts start 250 ms apart or as soon as
one fails, and the first to succeed ends the others. A host whose IPv6 leads nowhere costs a
quarter of a second.
"""

import errno
import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from aggregator.fetch.guard import Address
from aggregator.fetch.routing import is_no_way

Dial = Callable[[Sequence[Address], int, float], tuple[socket.socket, Address]]
"""From addresses, best first, a port and a time limit in seconds to a connection and whom it
reached; raises TimeoutError or another OSError."""

_STAGGER_SECONDS = 0.25
_MAX_ATTEMPTS = 10
_UNDER_WAY = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK})


def dial(addresses: Sequence[Address], port: int, seconds: float) -> tuple[socket.socket, Address]:
    """Connect to one of the addresses, best first; return the socket and whom it reached.

    Raises TimeoutError after so many seconds, else the OSError of the last attempt to fail: of
    those that found a way, if any did. A host that refuses us has been reached, though our
    network may know no IPv6.
    """
    with selectors.DefaultSelector() as selector:
        try:
            winner, address = _race(selector, deque(alternating(addresses)), port, seconds)
            selector.unregister(winner)
        finally:
            for key in tuple(selector.get_map().values()):
                key.data.socket.close()
    winner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return winner, address


def alternating(addresses: Sequence[Address]) -> tuple[Address, ...]:
    """Return the first ten addresses with families taking turns, the first one's family first."""
    first = addresses[0].version
    same = [address for address in addresses if address.version == first]
    other = [address for address in addresses if address.version != first]
    turns = chain.from_iterable(zip_longest(same, other))
    return tuple(address for address in turns if address is not None)[:_MAX_ATTEMPTS]


@dataclass(frozen=True, slots=True)
class _Attempt:
    socket: socket.socket
    address: Address


def _race(
    selector: selectors.BaseSelector, waiting: deque[Address], port: int, seconds: float
) -> tuple[socket.socket, Address]:
    ends_at = time.monotonic() + seconds
    next_at = 0.0
    failure = OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
    while waiting or selector.get_map():
        now = time.monotonic()
        if now >= ends_at:
            raise TimeoutError
        if waiting and (now >= next_at or not selector.get_map()):
            next_at = now + _STAGGER_SECONDS
            try:
                _start(selector, waiting.popleft(), port)
            except OSError as error:
                failure = _graver(failure, error)
            continue
        until = min(ends_at, next_at) if waiting else ends_at
        for key, _ in selector.select(until - now):
            attempt: _Attempt = key.data
            code = attempt.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == 0:
                return attempt.socket, attempt.address
            failure = _graver(failure, OSError(code, os.strerror(code)))
            selector.unregister(attempt.socket)
            attempt.socket.close()
            next_at = now
    raise failure


def _graver(known: OSError, latest: OSError) -> OSError:
    return known if is_no_way(latest) and not is_no_way(known) else latest


def _start(selector: selectors.BaseSelector, address: Address, port: int) -> None:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    attempt = socket.socket(family, socket.SOCK_STREAM)
    attempt.setblocking(False)
    code = attempt.connect_ex((str(address), port))
    if code not in _UNDER_WAY:
        attempt.close()
        raise OSError(code, os.strerror(code))
    selector.register(attempt, selectors.EVENT_WRITE, _Attempt(attempt, address))
