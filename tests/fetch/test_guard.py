"""Tests of the guard: which addresses and ports are never fetched from."""

from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.guard import Admission, admitted, port_is_blocked


def addresses(table: str) -> list[str]:
    return table.split()


HOSTILE = addresses("""
0.0.0.0 0.0.0.1 0.255.255.255
10.0.0.0 10.0.0.1 10.255.255.255
100.64.0.0 100.100.100.200 100.127.255.255
127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.255
169.254.0.1 169.254.169.254 169.254.170.2
172.16.0.1 172.17.0.1 172.31.255.255
192.0.0.1 192.0.0.8 192.0.0.9 192.0.0.170 192.0.2.1
192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.5
224.0.0.1 224.0.0.251 232.1.1.1 239.255.255.250
240.0.0.1 254.1.2.3 255.255.255.254 255.255.255.255
:: ::1 ::2 ::127.0.0.1 ::8.8.8.8
::ffff:0.0.0.0 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:192.168.1.1
::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 64:ff9b:1::a00:1
100::1 100:0:0:1::1
2001::1 2001:0:53aa:64c::1 2001:1::1 2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1
2001:30::1 2001:1ff:ffff::1 2001:db8::1 2001:db8:ffff::1
2002::1 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1
2620:4f:8000::1 3fff::1 3fff:fff::1 4000::1 5f00::1 5f00:1234::1 8000::1
fc00::1 fd00::1 fd12:3456:789a::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 feff::1
ff00::1 ff01::1 ff02::1 ff02::fb ff05::2 ff0e::1
2606:4700::1111%eth0
""")

PUBLIC = addresses("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 128.0.0.1
172.15.255.255 172.32.0.0 192.0.1.1 192.88.98.1 192.167.255.255 192.169.0.0 198.17.255.255
198.20.0.0 223.255.255.255 ::ffff:8.8.8.8
2001:200::1 2001:4860:4860::8888 2606:4700::1111 2620:4f:8001::1 2a00:1450::1 3ffe:ffff::1
""")


def test_the_table_of_hostile_addresses_is_long() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("address", HOSTILE)
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
