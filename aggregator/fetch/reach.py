"""Which hosts our own network would let us reach, found out without a request to any of them."""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from aggregator.fetch.lookup import LookUps, Resolve
from aggregator.fetch.patience import Timeouts
from aggregator.fetch.routing import WITNESSES, Route, leads_to_any


class Reach:
    """Asks name servers and the system's routes about several hosts at once; for many threads."""

    def __init__(self, resolve: Resolve, route: Route, timeouts: Timeouts | None = None) -> None:
        self._resolve = resolve
        self._route = route
        self._seconds = (timeouts or Timeouts()).look_up

    def unreachable(self, hosts: Sequence[str]) -> frozenset[str]:
        """Return those that no name server answers for, or no way leads to; one or more are asked.

        It takes as long as a look-up may, a few seconds. That a name is unknown is an answer.
        """
        # Of its own for each time, lest look-ups that hang since an outage began be in the way.
        look_ups = LookUps(self._resolve, at_once=len(hosts))
        with ThreadPoolExecutor(len(hosts), thread_name_prefix="reach") as pool:
            found = pool.map(lambda host: self._is_unreachable(host, look_ups), hosts)
            return frozenset(host for host, away in zip(hosts, found, strict=True) if away)

    def _is_unreachable(self, host: str, look_ups: LookUps) -> bool:
        try:
            addresses = WITNESSES.get(host) or look_ups.addresses(host, self._seconds)
        except socket.gaierror as error:
            return error.errno == socket.EAI_AGAIN
        except TimeoutError:
            return True
        except (OSError, UnicodeError):
            return False
        return bool(addresses) and not leads_to_any(addresses, self._route)
