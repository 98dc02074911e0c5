"""Tests of dialling: several addresses, one connection."""

import errno
import socket
from ipaddress import ip_address

import pytest

from aggregator.fetch.dialling import alternating, dial
from aggregator.fetch.guard import Address


def addresses(*written: str) -> tuple[Address, ...]:
    return tuple(ip_address(address) for address in written)


def test_row_68_families_take_turns_and_the_first_stays_first() -> None:
    found = addresses("2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2")
    assert alternating(found) == addresses(
        "2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"
    )
    assert alternating(addresses("192.0.2.1", "192.0.2.2")) == addresses("192.0.2.1", "192.0.2.2")


def test_a_name_with_hundreds_of_addresses_gets_ten_attempts() -> None:
    assert len(alternating(addresses(*(f"192.0.2.{number}" for number in range(200))))) == 10


def test_the_connection_and_whom_it_reached_are_returned() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connected, address = dial(addresses("127.0.0.1"), port, 5)
        with connected, server.accept()[0] as accepted:
            assert connected.getpeername() == ("127.0.0.1", port)
            assert connected.getsockname() == accepted.getpeername()
            assert address == ip_address("127.0.0.1")


def test_when_all_refuse_the_last_refusal_is_raised() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        dial(addresses("127.0.0.1", "127.0.0.1"), port, 5)


def test_a_refusal_tells_more_than_that_another_address_has_no_way() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    # No way leads to everybody at once.
    for tried in (("127.0.0.1", "255.255.255.255"), ("255.255.255.255", "127.0.0.1")):
        with pytest.raises(OSError, match=r".+") as caught:
            dial(addresses(*tried), port, 5)
        assert caught.value.errno == errno.ECONNREFUSED


def test_an_address_that_cannot_even_be_tried_is_a_failure_like_others() -> None:
    with pytest.raises(OSError, match=r".+"):
        dial(addresses("255.255.255.255"), 80, 5)
