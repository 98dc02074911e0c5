"""The ``poll:`` section → `PollSettings`."""

import os
import ssl
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from aggregator.config.keys import POLL
from aggregator.config.reading import Problems, Section, items, read_text, section
from aggregator.config.settings import Network, PollSettings
from aggregator.config.tree import Value

MIN_MAX_INTERVAL = timedelta(seconds=1)
MAX_WORKERS = 512

MOST_REQUESTS = 999_999_999
"""A day: far more than anybody is asked for, and what can be told from a slip of the finger."""


def read_poll(value: Value, base: Path, problems: Problems) -> PollSettings:
    """Read the section; a wrong value is noted and leaves the built-in one.

    ``base`` is the absolute directory that paths are relative to.
    """
    keys = section(value, POLL, problems)
    if keys is None:
        return PollSettings()
    built_in = PollSettings()
    floor, longest = keys.duration("floor"), keys.duration("max", MIN_MAX_INTERVAL)
    if floor is not None and floor > (longest or built_in.max_interval):
        keys.wrong("floor", "`floor` must not be longer than `max`: no poll could be due.")
    return PollSettings(
        contact=_contact(keys),
        max_interval=longest or built_in.max_interval,
        floor=floor,
        host_gap=keys.duration("host_gap"),
        budget=keys.whole("budget", 1, MOST_REQUESTS),
        workers=keys.whole("workers", 1, MAX_WORKERS) or built_in.workers,
        allow_addresses=_networks(keys, problems),
        ca_bundle=_ca_bundle(keys, base),
    )


def _contact(keys: Section) -> str | None:
    contact = keys.text("contact")
    if contact is None:
        return None
    # It stands in the User-Agent in parentheses (RFC 9110 §10.1.5), hence in ASCII without them.
    reachable = "@" in contact or contact.startswith(("https://", "http://"))
    if reachable and contact.isascii() and not set(contact) & set(" ()\\"):
        return contact
    keys.wrong(
        "contact",
        f"`contact` must be an address where publishers can reach you, a URL like"
        f" https://newsroom.example/about-our-reader or a mail address, not {contact!r}.",
    )
    return None


def _ca_bundle(keys: Section, base: Path) -> Path | None:
    written = keys.text("ca_bundle")
    if written is None:
        return None
    path = Path(os.path.normpath(base / written))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        keys.wrong("ca_bundle", f"{path} holds no certificates of authorities in PEM.")
    except OSError as error:
        keys.wrong("ca_bundle", f"{path} cannot be read: {error.strerror or error}.")
    return path


def _networks(keys: Section, problems: Problems) -> tuple[Network, ...]:
    value = keys.get("allow_addresses")
    if value is None:
        return ()
    networks = (_network(item, problems) for item in items(value, "`allow_addresses`", problems))
    return tuple(network for network in networks if network is not None)


def _network(item: Value, problems: Problems) -> Network | None:
    text = read_text(item, "each of `allow_addresses`", problems)
    if text is None:
        return None
    try:
        return ip_network(text)
    except ValueError:
        problems.at(
            item, f"{text!r} is not a network: write it like 127.0.0.0/8 or fd00::/8.{_meant(text)}"
        )
        return None


def _meant(text: str) -> str:
    try:
        return f" Did you mean {ip_network(text, strict=False)}?"
    except ValueError:
        return ""
