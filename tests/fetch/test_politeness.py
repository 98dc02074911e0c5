"""To whom a turn is owed, by the configuration and by what is known of a feed."""

from datetime import timedelta
from ipaddress import ip_network

import pytest

from aggregator.fetch.politeness import Hosts
from aggregator.politeness import Ask
from tests.builders import feed_state

GAP = timedelta(seconds=2)
NO_GAP = timedelta(0)
HOME = "http://127.0.0.1:8000/feed"


def test_a_feed_asks_for_its_host_and_its_site() -> None:
    state = feed_state("https://Blog.Example.co.uk:8443/feed")
    expected = Ask(state.key, "token", "blog.example.co.uk", "example.co.uk", GAP)
    assert Hosts(GAP, NO_GAP).ask(state) == expected


@pytest.mark.parametrize("paced", [False, True])
def test_a_file_and_our_own_network_owe_nothing(paced: bool) -> None:
    hosts = Hosts(GAP, NO_GAP, (ip_network("127.0.0.0/8"),), paced)
    assert hosts.ask(feed_state("file:///srv/feeds/one.xml")) is None
    assert hosts.ask(feed_state(HOME)) is None
    assert hosts.ask(feed_state("http://feeds.internal/", admitted=True)) is None


def test_our_own_network_may_be_given_a_gap_as_well_and_is_no_group() -> None:
    hosts = Hosts(GAP, admitted_gap=2 * GAP)
    ask = hosts.ask(feed_state("http://feeds.home.example/", admitted=True))
    assert ask is not None
    assert (ask.gap, ask.domain) == (2 * GAP, None)


def test_a_public_address_is_spared_whatever_the_config_admits() -> None:
    hosts = Hosts(GAP, NO_GAP, own_networks=(ip_network("0.0.0.0/0"),))
    ask = hosts.ask(feed_state("http://93.184.216.34/feed"))
    assert ask is not None
    assert (ask.gap, ask.domain) == (GAP, None)


def test_without_a_gap_the_bucket_alone_is_asked_for() -> None:
    state = feed_state()
    assert Hosts(NO_GAP, NO_GAP).ask(state) is None
    ask = Hosts(NO_GAP, NO_GAP, paced=True).ask(state)
    assert ask is not None
    assert not ask.gap
