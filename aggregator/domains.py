"""Which hosts are one site: those under one registrable domain, as the Public Suffix List has it.

Only the list's ICANN section counts. Its other one says where strangers share a domain
(``alice.github.io``, ``bob.tumblr.com``): another owner, but the same servers, and it is those
that are asked too often or not.
"""

from functools import cache, lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1024)
def registrable(host: str | None) -> str | None:
    """Return the domain that somebody registered and to which ``host`` belongs.

    ``host`` is in lower case and ASCII. None where it belongs to no group: an address, a name of
    one label, a public suffix itself. An unknown top-level domain is taken for a public suffix.
    """
    if host is None or "." not in host or _is_address(host):
        return None
    return _suffixes().privatesuffix(host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    """Return the list; reading it takes some 30 ms, so that it waits for the first question."""
    return PublicSuffixList(only_icann=True)
