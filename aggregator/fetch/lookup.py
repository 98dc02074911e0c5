"""Names to addresses, bounded in time and in number.

``getaddrinfo`` takes no time limit and cannot be interrupted. So every look-up has a thread of its
own that may be left behind; it is a daemon, so it never holds up the end of the program either.
"""

import queue
import socket
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address

from aggregator.fetch.guard import Address
from aggregator.fetch.routing import WITNESSES, Route, leads_to_any, route

Resolve = Callable[[str], tuple[Address, ...]]
"""From a host's name to its addresses, best first; raises OSError or UnicodeError."""


def system_addresses(host: str, route: Route = route) -> tuple[Address, ...]:
    """Ask the system's resolver, without a time limit. Raises OSError or UnicodeError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        # While it is offline, macOS calls every name unknown.
        if error.errno == socket.EAI_AGAIN or _leads_out(route):
            raise
        raise socket.gaierror(socket.EAI_AGAIN, "no network") from error
    return tuple(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))


def _leads_out(route: Route) -> bool:
    return any(leads_to_any(addresses, route) for addresses in WITNESSES.values())


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
