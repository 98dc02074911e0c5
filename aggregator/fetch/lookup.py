"""Names to addresses, bounded in time and in number.

``getaddrinfo`` takes no time limit and cannot be interrupted. So every look-up has a thread of its
own that may be left behind; it is a daemon, so it never holds up the end of the program either.
"""

import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any

from aggregator.fetch.guard import Address
from aggregator.fetch.routing import WITNESSES, Route, leads_to_any, route

Resolve = Callable[[str], tuple[Address, ...]]
"""From a host's name to its addresses, best first; raises OSError or UnicodeError."""


AddressInfo = Callable[[str], Sequence[tuple[Any, ...]]]
"""What `socket.getaddrinfo` answers for a host's name, its address last; raises OSError."""


def _address_info(host: str) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)


def system_addresses(
    host: str, route: Route = route, ask: AddressInfo = _address_info
) -> tuple[Address, ...]:
    """Ask the system's resolver, without a time limit. Raises OSError or UnicodeError.

    Where no way leads out, or where the root servers are unknown too, nobody knows any name:
    while it is offline, macOS calls every name unknown, and so do the name servers of networks
    that are cut off themselves. That is told like a name server's silence.
    """
    try:
        found = ask(host)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN or (_leads_out(route) and _knows_any_name(ask)):
            raise
        raise socket.gaierror(socket.EAI_AGAIN, "no network") from error
    return tuple(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))


def _leads_out(route: Route) -> bool:
    return any(leads_to_any(addresses, route) for addresses in WITNESSES.values())


def _knows_any_name(ask: AddressInfo) -> bool:
    for name in WITNESSES:
        try:
            ask(name)
        except OSError:
            continue
        return True
    return False


class LookUps:
    """Look-ups at most ``at_once`` at a time, those left behind included; for many threads."""

    def __init__(self, resolve: Resolve, at_once: int = 32) -> None:
        self._resolve = resolve
        self._slots = threading.BoundedSemaphore(at_once)

    def addresses(self, host: str, seconds: float) -> tuple[Address, ...]:
        """Return a host's addresses, best first.

        Raises TimeoutError after so many seconds, OSError if the resolver fails, UnicodeError
        for what cannot be a name.
        """
        try:
            return (ip_address(host),)
        except ValueError:
            return self._looked_up(host, seconds)

    def _looked_up(self, host: str, seconds: float) -> tuple[Address, ...]:
        ends_at = time.monotonic() + seconds
        if not self._slots.acquire(timeout=seconds):
            raise TimeoutError
        answers: queue.SimpleQueue[tuple[Address, ...] | OSError | UnicodeError] = (
            queue.SimpleQueue()
        )

        def look_up() -> None:
            try:
                answers.put(self._resolve(host))
            except (OSError, UnicodeError) as error:
                answers.put(error)
            finally:
                self._slots.release()

        threading.Thread(target=look_up, name=f"look-up of {host}", daemon=True).start()
        try:
            answer = answers.get(timeout=max(0.0, ends_at - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(answer, tuple):
            return answer
        raise answer
