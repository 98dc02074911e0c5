"""Forms, against a scripted server: what is sent, what is followed, what is refused."""

from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_network
from urllib.parse import parse_qs

import pytest

from aggregator.errors import AddressRefusedError, HttpStatusError, RedirectError
from aggregator.fetch import posting
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.exchange import Response, Trail
from aggregator.fetch.posting import Form, Letter, letter_of
from aggregator.model.fetching import Hop
from tests.builders import NOW
from tests.publisher import Publisher, Reply, redirect

FIELDS = (("hub.mode", "subscribe"), ("hub.topic", "https://news.example/a?b=c&d=é"))


@pytest.fixture
def hub() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    settings = ClientSettings(allow_addresses=(ip_network("127.0.0.0/8"),))
    with closing(Client(settings, lambda: NOW)) as client:
        yield client


def send(client: Client, url: str) -> list[Hop]:
    told: list[Hop] = []
    client.post(letter_of(Form(url, FIELDS)), "aggregator/1", told.append)
    return told


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_form_is_posted_and_told_of(hub: Publisher, client: Client, status: int) -> None:
    hub.serve("/", Reply(status=status))
    (hop,) = send(client, hub.url())
    (seen,) = hub.seen()
    assert (hop.method, hop.status, hop.conditional) == ("POST", status, False)
    assert seen.method == "POST"
    assert seen.values(b"content-type") == (b"application/x-www-form-urlencoded",)
    assert seen.values(b"user-agent") == (b"aggregator/1",)
    assert parse_qs(seen.body.decode()) == {name: [value] for name, value in FIELDS}


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_that_keeps_the_method_is_followed_with_the_form(
    hub: Publisher, client: Client, status: int
) -> None:
    with Publisher() as other:
        hub.serve("/", redirect(other.url("/hub"), status))
        other.serve("/hub", Reply(status=202))
        assert [hop.status for hop in send(client, hub.url())] == [status, 202]
        assert other.seen()[0].body == hub.seen()[0].body
        assert other.seen()[0].values(b"content-type")


def test_a_letter_keeps_its_signature_wherever_it_goes_and_credentials_stay(
    hub: Publisher, client: Client
) -> None:
    with Publisher() as other:
        hub.serve("/old", redirect("/", 308))
        hub.serve("/", redirect(other.url("/hook"), 307))
        other.serve("/hook", Reply(status=204))
        secret = hub.url("/old").replace("://", "://name:word@")
        signed = Letter(secret, b"{}", ((b"webhook-signature", b"v1,a"), (b"webhook-id", b"1")))
        client.post(signed, "aggregator/1", lambda _: None)
        for seen in (*hub.seen(), *other.seen()):
            assert seen.values(b"webhook-signature") == (b"v1,a",)
            assert seen.values(b"webhook-id") == (b"1",)
        assert all(seen.values(b"authorization") for seen in hub.seen())
        assert not other.seen()[0].values(b"authorization")


@pytest.mark.parametrize("status", [301, 302, 303])
def test_any_other_redirect_is_no_acceptance(hub: Publisher, client: Client, status: int) -> None:
    hub.serve("/", redirect("/elsewhere", status))
    with pytest.raises(HttpStatusError, match=f"HTTP {status}"):
        send(client, hub.url())
    assert not hub.seen("/elsewhere")


def test_a_refusal_says_for_how_long(hub: Publisher, client: Client) -> None:
    hub.serve("/", Reply(status=503, headers=((b"Retry-After", b"7200"),)))
    with pytest.raises(HttpStatusError) as caught:
        send(client, hub.url())
    assert caught.value.status == 503
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 7200


def test_no_hop_leads_to_an_address_that_nobody_admits(hub: Publisher, client: Client) -> None:
    hub.serve("/", redirect("http://10.0.0.1/hub", 307))
    with pytest.raises(AddressRefusedError):
        send(client, hub.url())


def test_a_secret_never_goes_from_https_into_the_clear() -> None:
    asked = posting.request(letter_of(Form("https://hub.example/", FIELDS)), user_agent="a")
    away = Response(asked.url, 307, ((b"Location", b"http://hub.example/"),))
    with pytest.raises(RedirectError, match="everybody could listen"):
        posting.followed(Trail((asked,)), away, NOW)
