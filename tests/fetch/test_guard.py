"""Tests of the guard: which addresses and ports are never fetched from."""

from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.guard import Admission, admitted, port_is_blocked
from tests.fetch.hostile import ADDRESSES, REGISTERED, ZONED, listed

HOSTILE = (
    *ADDRESSES,
    *ZONED,
    *(str(end) for block in map(ip_network, REGISTERED) for end in (block[0], block[-1])),
)

PUBLIC = listed("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 128.0.0.1
172.15.255.255 172.32.0.0 192.0.1.1 192.88.98.1 192.167.255.255 192.169.0.0 198.17.255.255
198.20.0.0 223.255.255.255 ::ffff:8.8.8.8 2a00:1450::5efe:808:808
2001:200::1 2001:4860:4860::8888 2606:4700::1111 2620:4f:8001::1 2a00:1450::1 3ffe:ffff::1
""")


def test_the_table_of_hostile_addresses_is_long() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize("address", sorted(set(HOSTILE)))
def test_row_70_an_address_outside_the_public_internet_is_refused(address: str) -> None:
    assert admitted(ip_address(address), ()) is Admission.REFUSED


@pytest.mark.parametrize("address", PUBLIC)
def test_row_70_a_public_address_is_admitted(address: str) -> None:
    assert admitted(ip_address(address), ()) is Admission.PUBLIC


@given(st.ip_addresses(v=4))
def test_row_70_an_address_means_the_same_mapped_into_ipv6(address: object) -> None:
    mapped = IPv6Address(f"::ffff:{address}")
    assert admitted(mapped, ()) is admitted(ip_address(str(address)), ())


@given(st.ip_addresses(network="127.0.0.0/8"))
def test_an_address_that_the_config_admits_is_reported_as_such(address: object) -> None:
    here = ip_address(str(address))
    allowed = (ip_network("fd00::/8"), ip_network("127.0.0.0/8"))
    assert admitted(here, allowed) is Admission.BY_CONFIG
    assert admitted(here, allowed[:1]) is Admission.REFUSED


def test_a_mapped_address_is_admitted_as_the_address_it_means() -> None:
    allowed = (ip_network("127.0.0.0/8"),)
    assert admitted(ip_address("::ffff:127.0.0.1"), allowed) is Admission.BY_CONFIG


def test_a_public_address_is_public_even_where_the_config_names_it() -> None:
    assert admitted(ip_address("8.8.8.8"), (ip_network("0.0.0.0/0"),)) is Admission.PUBLIC


@pytest.mark.parametrize("port", [0, 21, 22, 23, 25, 53, 110, 143, 389, 587, 6000, 6667, 10080])
def test_row_71_the_ports_of_other_protocols_are_blocked(port: int) -> None:
    assert port_is_blocked(port)


@pytest.mark.parametrize("port", [80, 81, 443, 1024, 3000, 5000, 8000, 8080, 8443, 65535])
def test_the_ports_that_people_serve_the_web_on_are_not(port: int) -> None:
    assert not port_is_blocked(port)
