"""Tests of look-ups: bounded in time and in number."""

import errno
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import pytest

from aggregator.fetch.guard import Address
from aggregator.fetch.lookup import AddressInfo, LookUps, system_addresses

HERE = (ip_address("127.0.0.1"),)


def test_an_address_needs_no_look_up() -> None:
    def never(host: str) -> tuple[Address, ...]:
        raise AssertionError(host)

    assert LookUps(never).addresses("127.0.0.1", 1) == HERE
    assert LookUps(never).addresses("::1", 1) == (ip_address("::1"),)


def test_the_system_knows_localhost_and_the_old_notations_of_addresses() -> None:
    assert system_addresses("127.1") == HERE
    assert set(system_addresses("localhost")) <= {*HERE, ip_address("::1")}


def resolver(*known: str) -> AddressInfo:
    """Return a resolver that knows these names, and answers that there are no others."""

    def ask(host: str) -> list[tuple[object, ...]]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(("127.0.0.1", 0),)]

    return ask


def test_an_unknown_name_is_unknown_only_where_a_way_leads_out() -> None:
    def cut_off(_: Address) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    with pytest.raises(socket.gaierror) as known:
        system_addresses("nowhere.example", lambda _: None, resolver("k.root-servers.net"))
    assert known.value.errno == socket.EAI_NONAME
    with pytest.raises(socket.gaierror) as offline:
        system_addresses("nowhere.example", cut_off, resolver("k.root-servers.net"))
    assert offline.value.errno == socket.EAI_AGAIN


def test_row_40_a_name_server_that_knows_no_name_at_all_is_cut_off_itself() -> None:
    with pytest.raises(socket.gaierror) as offline:
        system_addresses("news.example", lambda _: None, resolver())
    assert offline.value.errno == socket.EAI_AGAIN


def test_what_the_resolver_raises_is_raised_to_who_asked() -> None:
    def failing(host: str) -> tuple[Address, ...]:
        raise OSError(5, "resolver on fire")

    with pytest.raises(OSError, match="on fire"):
        LookUps(failing).addresses("news.example", 1)


def test_row_67_a_look_up_that_hangs_is_left_behind() -> None:
    released = threading.Event()

    def hanging(host: str) -> tuple[Address, ...]:
        released.wait()
        return HERE

    with pytest.raises(TimeoutError):
        LookUps(hanging).addresses("news.example", 0.05)
    left = [thread for thread in threading.enumerate() if "news.example" in thread.name]
    # A daemon does not hold up the end of the program.
    assert [thread.daemon for thread in left] == [True]
    released.set()
    left[0].join()


def test_row_67_look_ups_left_behind_count_against_the_limit() -> None:
    released = threading.Event()
    begun: list[str] = []

    def hanging(host: str) -> tuple[Address, ...]:
        begun.append(host)
        released.wait()
        return HERE

    look_ups = LookUps(hanging, at_once=2)
    with ThreadPoolExecutor(5) as threads:
        polls = [
            threads.submit(look_ups.addresses, f"{number}.example", 0.1) for number in range(5)
        ]
        errors = [poll.exception() for poll in polls]
    assert [type(error) for error in errors] == [TimeoutError] * 5
    assert len(begun) == 2
    released.set()
    assert look_ups.addresses("later.example", 10) == HERE
