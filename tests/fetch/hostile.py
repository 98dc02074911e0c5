"""Addresses, names and urls that lead where nobody outside may lead us, and who resolves them.

The resolver knows what a name server could be made to say, and reads numbers as the system's own
does: ``127.1``, ``0x7f.1`` and ``2130706433`` are all loopback.
"""

import socket
from ipaddress import IPv4Address, ip_address

from aggregator.fetch.guard import Address


def listed(table: str) -> list[str]:
    return table.split()


REGISTERED = listed("""
0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32
192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.88.99.2/32 192.168.0.0/16
192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32
::1/128 ::/128 ::ffff:0:0/104 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23
2001::/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48
2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
5f00::/16 fc00::/7 fe80::/10
224.0.0.0/4 ff00::/8 fec0::/10 ::/96
""")
"""IANA's two registries of special-purpose addresses (RFC 6890), of the mapped ones the beginning;
in the last line multicast, the former site-local and the former IPv4-compatible addresses."""

ADDRESSES = listed("""
0.0.0.1 10.0.0.1 100.100.100.200 127.0.0.1 127.0.0.2 127.1.2.3 169.254.0.1 169.254.169.254
169.254.170.2 172.16.0.1 172.17.0.1 192.168.1.1 198.18.0.1 224.0.0.251 239.255.255.250 254.1.2.3
::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
::ffff:0.0.0.0 ::ffff:0:127.0.0.1 0:0:0:0:0:ffff:7f00:0001
64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1 2001:0:53aa:64c::1 2002:7f00:1::1 2002:a00:1::1
2002:c0a8:101::1 2a00:1450::5efe:7f00:1 2a00:1450::200:5efe:a00:1 2a00:1450::5efe:c0a8:101
4000::1 8000::1 fd00:ec2::254 fd12:3456:789a::1 febf::1 feff::1 ff02::1 ff02::fb ff0e::1
""")
"""Single addresses that are known from attacks, or stand for a block of no registry."""

ZONED = ["fe80::1%eth0", "2606:4700::1111%eth0"]

SPELT = listed("""
0 127.1 127.0.1 127.0.0.1. 2130706433 017700000001 0x7f000001 0x7F.1 0x7f.0x0.0x0.0x1 0177.0.0.1
0177.0x0.1 127.0x1 00000177.1 0300.0250.1 0xa9fea9fe 2852039166 169.254.43518 0xac.0x10.1 10.1
127。0。0。1 127｡0｡0｡1 ①②⑦.0.0.1 １２７.0.0.1 0x7f.1.
""")
"""Hosts that mean an address of our own to somebody who reads numbers generously."""

NAMES = {
    "localhost": "127.0.0.1 ::1",
    "localhost.localdomain": "127.0.0.1",
    "news.localhost": "127.0.0.1",
    "ip6-localhost": "::1",
    "ip6-loopback": "::1",
    "broadcasthost": "255.255.255.255",
    "host.docker.internal": "172.17.0.1",
    "kubernetes.default.svc": "10.96.0.1",
    "metadata": "169.254.169.254",
    "metadata.google.internal": "169.254.169.254",
    "instance-data.ec2.internal": "fd00:ec2::254",
    "router.lan": "192.168.0.1",
    "127.0.0.1.nip.example": "127.0.0.1",
    "10-0-0-1.sslip.example": "10.0.0.1",
    "a9fea9fe.rebind.example": "169.254.169.254",
    "mapped.example": "::ffff:127.0.0.1",
    "nat64.example": "64:ff9b::7f00:1",
    "zoned.example": "fe80::1%1",
    "everything-private.example": "10.0.0.1 192.168.0.1 fd00::1",
}
"""Names, and the addresses that a name server or ``/etc/hosts`` gives for them."""

DISGUISED = [
    "http://public.example@127.0.0.1/",
    "http://public.example:80@127.0.0.1/",
    "http://public.example%2f@127.0.0.1/",
    "http://a:b@c@127.0.0.1/",
    "http://127.0.0.1#@public.example/",
    "http://127.0.0.1?@public.example/",
    "http://127.0.0.1\\@public.example/",
    "http://public.example\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:///127.0.0.1/",
    "http://127.0.0.1%00.public.example/",
    "http://127.0.0.1%2f.public.example/",
    "http://127.0.0.1\t/",
    "http://[::ffff:127.0.0.1]:80/",
    "http://[fe80::1%25eth0]/",
    "http://[v1.127]/",
    "http://127.0.0.1:80:80/",
    "http://127.0.0.1:22/",
    "http://127.0.0.1:6667/",
    "http://127.0.0.1:65616/",
    "http://public.example:25/",
    "http://public.example:0/",
    "https://localhost./",
    "feed://127.0.0.1/",
    "feed:http://127.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "http+unix://%2Frun%2Fdocker.sock/",
]
"""Urls that look like something else."""


def in_url(host: str) -> str:
    return f"http://[{host}]/" if ":" in host else f"http://{host}/"


URLS = [*map(in_url, (*ADDRESSES, *ZONED, *SPELT, *NAMES)), *DISGUISED]

PUBLIC = ip_address("93.184.216.34")


def resolve(host: str) -> tuple[Address, ...]:
    """Answer as a generous resolver with a treacherous name server does."""
    name = host.lower().rstrip(".")
    if name in NAMES:
        return tuple(map(ip_address, NAMES[name].split()))
    try:
        return (IPv4Address(socket.inet_aton(name)),)
    except OSError:
        pass
    if name.endswith(".example"):
        return (PUBLIC,)
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
