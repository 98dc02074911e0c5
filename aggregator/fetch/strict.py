"""Which hosts are asked by https alone, because they said so (RFC 6797).

::

    header    = directive *( ";" directive )
    directive = "max-age" "=" seconds | "includeSubDomains" | token [ "=" value ]
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from threading import Lock

from aggregator.fetch.exchange import Response
from aggregator.fetch.headers import values
from aggregator.fetch.location import locate
from aggregator.model.fetching import Strict

LONGEST = timedelta(days=10 * 365)
"""Nobody knows what a host wants in ten years."""

_DIRECTIVE = re.compile(r'\s*([^\s;="]+)\s*(?:=\s*("[^"]*"|[^\s;"]*)\s*)?')
_PLAIN = re.compile(r"http(://.*)", re.IGNORECASE | re.DOTALL)
_PORT = re.compile(r"(https://[^/?#]*):80(?=[/?#]|\Z)")


class StrictHosts:
    """What hosts have said, for many threads at once; ``known`` is what they said before."""

    def __init__(self, known: Iterable[Strict] = ()) -> None:
        self._lock = Lock()
        self._hosts = {strict.host: strict for strict in known}

    def learn(self, *told: Strict) -> None:
        """Take it that hosts said this, instead of whatever they said before."""
        with self._lock:
            self._hosts.update({strict.host: strict for strict in told})

    def upgraded(self, url: str, now: datetime) -> str:
        """Return what is to be asked instead of ``url``: itself, or its https twin (§8.3).

        Port 80 becomes 443, any other stays.
        """
        plain = _PLAIN.fullmatch(url)
        if plain is None or not self._is_strict(locate(url).host, now):
            return url
        return _PORT.sub(r"\1", f"https{plain[1]}")

    def _is_strict(self, host: str, now: datetime) -> bool:
        if is_number(host):
            return False
        labels = host.rstrip(".").split(".")
        with self._lock:
            said = [self._hosts.get(".".join(labels[start:])) for start in range(len(labels))]
        return any(
            strict is not None and now < strict.until and (strict.subdomains or not above)
            for above, strict in enumerate(said)
        )


def read_strict(response: Response, received_at: datetime) -> Strict | None:
    """Return what a response says of its host, None where it says nothing or may not.

    Only https speaks for a host, and only if that has a name; the first line counts (§8.1). A
    line that breaks the grammar, or has no max-age, says nothing (§6.1).
    """
    lines = values(response.headers, b"strict-transport-security")
    location = locate(response.url)
    if not lines or location.scheme != "https" or is_number(location.host):
        return None
    told = _directives(lines[0].decode("latin-1"))
    age = told.get("max-age", "")
    if not (age.isascii() and age.isdigit()):
        return None
    lasting = timedelta(seconds=min(int(age[:12]), LONGEST.total_seconds()))
    host = location.host.rstrip(".")
    return Strict(host, received_at + lasting, subdomains="includesubdomains" in told)


def is_number(host: str) -> bool:
    """Tell whether a host is an address instead of a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _directives(line: str) -> dict[str, str]:
    """Return directives by their names in lower case; none where the line breaks the grammar."""
    told: dict[str, str] = {}
    for part in filter(str.strip, line.split(";")):
        directive = _DIRECTIVE.fullmatch(part)
        if directive is None or directive[1].lower() in told:
            return {}
        told[directive[1].lower()] = (directive[2] or "").strip('"')
    return told
