"""Which schemes, ports and addresses may be fetched from at all: pure decisions, made on the IP.

A name says nothing: ``127.1``, ``2130706433`` and ``rebound.example`` are all loopback once they
are resolved. So the judgement is passed on each resolved address, right before connecting to it.
"""

from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SCHEMES = {"http": 80, "https": 443}
"""The only schemes that are requested, with their ports."""


class Admission(Enum):
    """What the guard says of an address."""

    PUBLIC = "public"
    BY_CONFIG = "by_config"
    """Not public, but in a network that ``poll.allow_addresses`` admits."""
    REFUSED = "refused"


_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is routed today; loopback, NAT64, unique local, multicast … lie outside."""

_DENIED = tuple(
    ip_network(network)
    for network in (
        # IANA special-purpose registries (RFC 6890 and its successors). Python 3.11's is_global
        # is True for several of these, so they are all named.
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo, ORCHID, benchmarking, AMT …
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""How the lower half of an IPv6 address begins that carries an IPv4 address (RFC 5214 §6.1)."""

# fmt: off
_BAD_PORTS = frozenset({
    # https://fetch.spec.whatwg.org/#port-blocking
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
})
# fmt: on


def admitted(address: Address, allowed: tuple[Network, ...]) -> Admission:
    """Judge one resolved address; ``allowed`` are the networks that the config admits besides.

    IPv4 addresses that are mapped into IPv6 are judged as what they are. A public address is
    public even if the config names it too.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if _is_public(address):
        return Admission.PUBLIC
    if any(address in network for network in allowed):
        return Admission.BY_CONFIG
    return Admission.REFUSED


def is_own(host: str, allowed: tuple[Network, ...]) -> bool:
    """Tell whether a host is written as an address that only the config admits.

    For what is decided before connecting; a name may turn out to be such an address later.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return admitted(address, allowed) is Admission.BY_CONFIG


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and not _is_routed(address):
        return False
    return address.is_global and not any(address in network for network in _DENIED)


def _is_routed(address: IPv6Address) -> bool:
    if address not in _GLOBAL_UNICAST or address.scope_id is not None:
        return False
    carrier, carried = divmod(int(address) & 0xFFFFFFFFFFFFFFFF, 2**32)
    return carrier not in _ISATAP or _is_public(IPv4Address(carried))


def port_is_blocked(port: int) -> bool:
    """Tell whether a port belongs to another protocol that HTTP could be made to speak to."""
    return port in _BAD_PORTS
