"""What every test of the network starts from: a publisher on loopback, and clients for it."""

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from aggregator.fetch import asking
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.guard import Address
from aggregator.fetch.lookup import system_addresses
from aggregator.model.feeds import Validators
from aggregator.model.fetching import FetchRequest
from tests.builders import NOW, feed_state
from tests.publisher import Publisher

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
NO_VALIDATORS = Validators()

Resolve = Callable[[str], tuple[Address, ...]]


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def client(resolve: Resolve = system_addresses, **settings: Any) -> Client:
    """Build a client that may fetch from loopback, with other settings as given."""
    chosen = ClientSettings(**{"allow_addresses": LOOPBACK, **settings})
    return Client(chosen, lambda: NOW, resolve=resolve)


def names(**hosts: str) -> Resolve:
    """Build a resolver that knows these names, their dots written as underscores, and no others."""
    known = {
        name.replace("_", "."): tuple(ip_address(address) for address in addresses.split())
        for name, addresses in hosts.items()
    }

    def resolve(host: str) -> tuple[Address, ...]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, f"only {sorted(known)} are known")
        return known[host]

    return resolve


def request(url: str, validators: Validators = NO_VALIDATORS) -> FetchRequest:
    state = feed_state(url, validators=validators)
    return asking.request(state, user_agent="aggregator/0.1.0 (+https://contact.example)")
