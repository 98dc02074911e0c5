"""Tests of the guard through the client: nothing that a publisher or a name says leads home.

The network is made so that every connection, whatever it is meant for, reaches the publisher on
this machine: what the guard lets pass stands in its log.
"""

import socket
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from aggregator.errors import FetchError
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.dialling import dial
from aggregator.fetch.guard import Address
from aggregator.fetch.lookup import Resolve
from aggregator.fetch.posting import Form, letter_of
from aggregator.model.fetching import Document
from tests.builders import NOW
from tests.fetch.conftest import request
from tests.fetch.hostile import PUBLIC, URLS, resolve
from tests.publisher import Publisher, Reply, redirect

FEED = b"<rss><channel/></rss>"
HERE = ip_address("127.0.0.1")


class World:
    """A network in which every way ends at one publisher, and what was dialled in it."""

    def __init__(self, publisher: Publisher, answers: Resolve = resolve) -> None:
        self._publisher = publisher
        self._answers = answers
        self.looked_up: list[str] = []
        self.dialled: list[tuple[Address, ...]] = []
        self.client = Client(
            ClientSettings(), lambda: NOW, resolve=self._resolve, dial=self._connected
        )

    def _resolve(self, host: str) -> tuple[Address, ...]:
        self.looked_up.append(host)
        return self._answers(host)

    def _connected(
        self, addresses: Sequence[Address], port: int, seconds: float
    ) -> tuple[socket.socket, Address]:
        self.dialled.append(tuple(addresses))
        connection, _ = dial([HERE], self._publisher.port, seconds)
        return connection, addresses[0]

    def refusal(self, url: str) -> FetchError:
        with pytest.raises(FetchError) as caught:
            self.client.fetch(request(url))
        return caught.value


def test_the_list_is_long() -> None:
    assert len(set(URLS)) >= 100


@pytest.mark.parametrize("url", URLS)
def test_row_70_no_url_leads_home(publisher: Publisher, url: str) -> None:
    world = World(publisher)
    error = world.refusal(url)
    assert error.code in {"address", "dns", "url"}
    assert str(error).endswith(".")
    assert not world.dialled
    assert not publisher.seen()


@pytest.mark.parametrize("url", URLS)
def test_row_70_no_redirect_leads_home(publisher: Publisher, url: str) -> None:
    publisher.serve("/feed", redirect(url))
    world = World(publisher)
    assert world.refusal("http://news.example/feed").code in {"address", "dns", "url", "redirect"}
    assert world.dialled == [(PUBLIC,)]
    assert [seen.path for seen in publisher.seen()] == ["/feed"]


def test_row_70_no_hub_leads_home(publisher: Publisher) -> None:
    world = World(publisher)
    for url in URLS:
        publisher.serve("/hub", redirect(url, 307))
        for hub in (url, "http://hub.example/hub"):
            form = Form(hub, (("hub.mode", "subscribe"),))
            with pytest.raises(FetchError):
                world.client.post(letter_of(form), "us", lambda _: None)
    assert set(world.dialled) == {(PUBLIC,)}
    assert {seen.path for seen in publisher.seen()} == {"/hub"}


def test_row_70_a_name_that_changes_its_mind_is_judged_by_what_is_connected_to(
    publisher: Publisher,
) -> None:
    answers = iter([(PUBLIC,), (HERE,), (PUBLIC,)])
    world = World(publisher, lambda host: next(answers))
    publisher.serve("/feed", redirect("/moved"))
    assert world.refusal("http://rebound.example/feed").code == "address"
    assert world.looked_up == ["rebound.example"] * 2  # one for each connection
    assert world.dialled == [(PUBLIC,)]


def test_row_70_of_several_addresses_only_the_public_are_dialled(publisher: Publisher) -> None:
    publisher.serve("/feed", Reply(FEED))
    mixed = tuple(map(ip_address, ("127.0.0.1", "fd00::1", str(PUBLIC), "::1", "10.0.0.1")))
    world = World(publisher, lambda host: mixed)
    assert isinstance(world.client.fetch(request("http://mixed.example/feed")), Document)
    assert world.dialled == [(PUBLIC,)]


def test_row_70_the_sentence_names_the_url_the_address_and_the_way_out(
    publisher: Publisher,
) -> None:
    assert str(World(publisher).refusal("http://localhost/feed")) == (
        "http://localhost/feed is not fetched: 127.0.0.1 is not an address of the public internet."
        " If you mean it, add its network to poll.allow_addresses."
    )
