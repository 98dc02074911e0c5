"""Tests of reach: what name servers and routes say of hosts, none of which is asked anything."""

import errno
import socket
import threading
from ipaddress import ip_address

import pytest

from aggregator.fetch.guard import Address
from aggregator.fetch.patience import Timeouts
from aggregator.fetch.reach import Reach
from aggregator.fetch.routing import WITNESSES, is_no_way, leads_to_any, route

FOUR, SIX = ip_address("93.184.216.34"), ip_address("2606:2800::1")


def known(host: str) -> tuple[Address, ...]:
    return (SIX, FOUR)


def no_way(_: Address) -> None:
    raise OSError(errno.ENETUNREACH, "Network is unreachable")


def only_four(address: Address) -> None:
    if address.version == 6:
        no_way(address)


def test_a_host_is_reachable_if_a_way_leads_to_one_of_its_addresses() -> None:
    hosts = ("a.example", "93.184.216.34", "b.example")
    assert Reach(known, only_four).unreachable(hosts) == frozenset()
    assert Reach(lambda _: (SIX,), only_four).unreachable(("a.example",)) == {"a.example"}
    assert Reach(known, no_way).unreachable(hosts) == set(hosts)


@pytest.mark.parametrize(
    ("failure", "unreachable"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "no answer"), True),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), False),
        (UnicodeError("no name"), False),
        (OSError(5, "resolver on fire"), False),
    ],
)
def test_that_a_name_is_unknown_is_an_answer(failure: Exception, unreachable: bool) -> None:
    def failing(host: str) -> tuple[Address, ...]:
        raise failure

    assert bool(Reach(failing, only_four).unreachable(("a.example",))) is unreachable


def test_a_name_without_an_address_was_answered_for() -> None:
    assert not Reach(lambda _: (), no_way).unreachable(("a.example",))


def test_name_servers_that_are_silent_are_waited_for_once_for_all() -> None:
    ended = threading.Event()

    def hanging(host: str) -> tuple[Address, ...]:
        ended.wait()
        return ()

    hosts = [f"{number}.example" for number in range(40)]
    reach = Reach(hanging, only_four, Timeouts(look_up=0.05))
    assert reach.unreachable(hosts) == set(hosts)
    ended.set()


def test_a_witness_needs_no_name_server() -> None:
    def silent(host: str) -> tuple[Address, ...]:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    assert not Reach(silent, only_four).unreachable(tuple(WITNESSES))
    assert Reach(silent, no_way).unreachable(tuple(WITNESSES)) == set(WITNESSES)


def test_the_system_knows_a_way_to_itself_without_sending_anything() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        route(ip_address("127.0.0.1"))
        with pytest.raises(BlockingIOError):
            listening.recv(1)


def test_to_be_refused_is_to_have_found_a_way() -> None:
    assert is_no_way(OSError(errno.EHOSTUNREACH, "No route to host"))
    assert not is_no_way(OSError(errno.ECONNREFUSED, "Connection refused"))
    assert not leads_to_any((ip_address("255.255.255.255"),), route)
