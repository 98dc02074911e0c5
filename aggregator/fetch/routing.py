"""Whether a way leads to an address, found out without sending anything to anybody."""

import errno
import socket
from collections.abc import Callable
from ipaddress import ip_address

from aggregator.fetch.guard import Address

Route = Callable[[Address], object]
"""Raises OSError where no way leads to an address."""

WITNESSES: dict[str, tuple[Address, ...]] = {
    # https://www.iana.org/domains/root/servers; from everywhere there is a way to these.
    "a.root-servers.net": (ip_address("198.41.0.4"), ip_address("2001:503:ba3e::2:30")),
    "k.root-servers.net": (ip_address("193.0.14.129"), ip_address("2001:7fd::1")),
    "l.root-servers.net": (ip_address("199.7.83.42"), ip_address("2001:500:9f::42")),
}
"""Hosts whose addresses need no look-up, for where there are not enough others to go by."""

_NO_WAY = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
)


def route(address: Address) -> None:
    """Ask the system which way leads to an address. Raises OSError where none does.

    To connect a datagram socket sends no packet: it chooses the way alone.
    """
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.connect((str(address), 443))


def is_no_way(error: OSError) -> bool:
    """Tell whether an attempt failed for want of a way: nothing far away had a part in that."""
    return error.errno in _NO_WAY


def leads_to_any(addresses: tuple[Address, ...], route: Route) -> bool:
    """Tell whether a way leads to one of the addresses at least."""
    for address in addresses:
        try:
            route(address)
        except OSError:
            continue
        return True
    return False
