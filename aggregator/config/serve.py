"""The ``serve:`` section → `ServeSettings`."""

import os
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from aggregator.config.keys import SERVE
from aggregator.config.reading import Problems, Section, section
from aggregator.config.settings import Network, ServeSettings
from aggregator.config.tree import Value
from aggregator.urls import fetchable

LEAST_PASSWORD = 12
"""Characters of a password: nobody counts how often one is guessed."""

_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def read_serve(
    value: Value, admitted: Sequence[Network], problems: Problems
) -> ServeSettings | None:
    """Read the section; None, and a problem, where it says too little or nothing useful.

    ``admitted`` are the networks of our own, where an address needs no https.
    """
    keys = section(value, SERVE, problems)
    if keys is None:
        return None
    url = keys.text("url")
    if url is not None and not _is_usable(url, admitted, keys):
        return None
    built_in = ServeSettings()
    return ServeSettings(
        url and url.rstrip("/"),
        keys.text("host") or built_in.host,
        keys.whole("port", 1, 65535) or built_in.port,
        keys.texts("hosts"),
        _password(keys),
        keys.flag("proxy_images"),
    )


def _password(keys: Section) -> str | None:
    """Read the password, or look it up in the environment."""
    password, name = keys.text("password"), keys.text("password_env")
    if name is not None:
        password = os.environ.get(name)
        if password is None:
            keys.wrong("password_env", f"There is no environment variable {name}.")
    if password is not None and len(password) < LEAST_PASSWORD:
        told = f"The password must have {LEAST_PASSWORD} characters at least."
        keys.wrong("password" if name is None else "password_env", told)
    return password


def _is_usable(url: str, admitted: Sequence[Network], keys: Section) -> bool:
    parts = urlsplit(url) if fetchable(url) else None
    if parts is None or parts.query or parts.fragment or not _is_plain(parts):
        keys.wrong("url", f"`url` must be an address like https://newsroom.example, not {url!r}.")
        return False
    if parts.scheme != "https" and not _is_own(parts.hostname or "", admitted):
        keys.wrong(
            "url",
            f"`url` must begin with https: what hubs send to {url} could be read and forged.",
        )
        return False
    return True


def _is_plain(parts: SplitResult) -> bool:
    """Tell whether there is nothing in it that a web server might rewrite on the way to us."""
    return "@" not in parts.netloc and not set(parts.path) & set("%{}")


def _is_own(host: str, admitted: Sequence[Network]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return any(address in network for network in (*_LOOPBACK, *admitted))
