"""When a host may be asked again: one request at a time, and not too soon after the last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock


@dataclass(frozen=True, slots=True)
class _Host:
    in_flight: int
    started_at: datetime
    latency: timedelta


class Hosts:
    """Remembers the requests to every host; may be used by several threads.

    It never waits and never counts time: whoever dispatches requests asks `earliest` for the
    first of each host's queue, so that no host holds up another, and tells of every start and
    end. It keeps three values for each host ever asked.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    def earliest(self, host: str, gap: timedelta, now: datetime) -> datetime | None:
        """Return when a request to ``host`` may start: ``now``, or later; None while one runs.

        From start to start it is at least ``gap``, and twice as long as the last answer took: a
        slow server is given as much rest as it worked. A ``gap`` of zero, for networks of our
        own, means that nothing is owed: any number of requests may run at once.
        """
        with self._lock:
            known = self._hosts.get(host)
        if known is None or not gap:
            return now
        if known.in_flight:
            return None
        rest = max(gap, 2 * known.latency)
        # A clock that was set back must not lengthen the rest.
        return max(now, min(known.started_at + rest, now + rest))

    def start(self, host: str, at: datetime) -> None:
        """Note that a request to ``host`` started."""
        with self._lock:
            known = self._hosts.get(host)
            in_flight = known.in_flight if known else 0
            latency = known.latency if known else timedelta(0)
            self._hosts[host] = _Host(in_flight + 1, at, latency)

    def finish(self, host: str, started_at: datetime, at: datetime) -> None:
        """Note that the request to ``host`` that started then has ended, however it did."""
        with self._lock:
            known = self._hosts[host]
            self._hosts[host] = _Host(known.in_flight - 1, known.started_at, at - started_at)
