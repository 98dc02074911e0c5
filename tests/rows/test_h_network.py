"""Section H of the polling rules: network and trust."""

import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.dialling import dial
from aggregator.fetch.guard import Address
from aggregator.fetch.patience import Timeouts
from aggregator.model.polls import Outcome
from tests.black_hole import another_loopback, black_hole
from tests.builders import subscription
from tests.fetch.hostile import URLS, resolve
from tests.internet import LOOPBACK
from tests.publisher import Publisher, Reply, redirect
from tests.rows.asking import DAY, HOUR, gap, polls
from tests.rows.secured import CERTIFICATES
from tests.scenario import PUBLIC, Newsroom, rss, url

Connection = tuple[socket.socket, Address]


def test_row_67_a_name_that_does_not_exist_is_asked_for_ever_more_rarely(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe("http://nowhere.invalid/feed")
    refreshes = [newsroom.poll_next() for _ in range(8)]
    assert {refresh.poll.error_code for refresh in refreshes} == {"dns"}
    assert gap(refreshes[0]) >= 6 * HOUR
    assert 7 * DAY <= gap(refreshes[-1]) <= 7 * DAY + 3 * HOUR


def test_row_67_a_name_server_that_fails_is_no_unknown_name(newsroom: Newsroom) -> None:
    newsroom.internet.lost.add("news.example")
    (refresh,) = polls(newsroom, Reply(rss("A")))
    assert refresh.poll.error_code == "unreachable"
    assert HOUR <= gap(refresh) < 6 * HOUR
    newsroom.internet.lost.clear()
    assert newsroom.poll_next().poll.outcome is Outcome.NEW


def test_row_67_a_name_that_comes_back_recovers(newsroom: Newsroom) -> None:
    known = iter([(), (PUBLIC,)])
    newsroom.client = Client(
        ClientSettings(), newsroom.clock, resolve=lambda _: next(known), dial=newsroom.internet.dial
    )
    unknown, found = polls(newsroom, *[Reply(rss("A"))] * 2)
    assert (unknown.poll.error_code, found.poll.outcome) == ("dns", Outcome.NEW)


def test_row_68_an_ipv6_that_leads_nowhere_costs_a_moment(newsroom: Newsroom) -> None:
    nowhere = ip_address(another_loopback())
    settings = ClientSettings(
        allow_addresses=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        timeouts=Timeouts(connect=5),
    )
    port = newsroom.publisher.port
    newsroom.client = Client(settings, newsroom.clock, resolve=lambda _: (nowhere, LOOPBACK))
    newsroom.subscribe(f"http://two.example:{port}/feed")
    newsroom.publisher.serve("/feed", Reply(rss("A")))
    began = time.monotonic()
    with black_hole(str(nowhere), port):
        (refresh,) = newsroom.poll()
    assert refresh.poll.outcome is Outcome.NEW
    assert time.monotonic() - began < 5


class Certified:
    """Publishers that speak TLS, on the ports of their choice; ``names`` are what they heard."""

    def __init__(self, newsroom: Newsroom, stack: ExitStack) -> None:
        self.names: list[str | None] = []
        self._newsroom = newsroom
        self._stack = stack
        newsroom.client = Client(
            ClientSettings(ca_bundle=CERTIFICATES / "authority.pem"),
            newsroom.clock,
            resolve=lambda _: (PUBLIC,),
            dial=lambda addresses, port, seconds: (dial([LOOPBACK], port, seconds)[0], PUBLIC),
        )

    def publisher(self, certificate: str) -> Publisher:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / certificate)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        return self._stack.enter_context(Publisher(tls=context))


@pytest.fixture
def certified(newsroom: Newsroom) -> Iterator[Certified]:
    """Let all of https lead to publishers of their own, each with its certificate."""
    with ExitStack() as stack:
        yield Certified(newsroom, stack)


@pytest.mark.parametrize("certificate", ["expired.pem", "another-name.pem"])
def test_row_69_a_certificate_that_is_not_valid_is_an_error_and_never_asked_in_the_clear(
    newsroom: Newsroom, certified: Certified, certificate: str
) -> None:
    publisher = certified.publisher(certificate)
    newsroom.subscribe(publisher.url("/feed", host="feeds.example"))
    first, second = newsroom.poll_next(), newsroom.poll_next()
    assert first.poll.error_code == second.poll.error_code == "tls"
    assert "is not valid" in (first.poll.sentence or "")
    assert gap(first) >= 6 * HOUR
    assert gap(second) >= 12 * HOUR
    assert not publisher.seen()
    assert not newsroom.publisher.seen()


def test_row_69_the_name_stays_the_hosts_whatever_the_address(
    newsroom: Newsroom, certified: Certified
) -> None:
    publisher = certified.publisher("valid.pem")
    publisher.serve("/feed", Reply(rss("A")))
    newsroom.subscribe(publisher.url("/feed", host="feeds.example"))
    (refresh,) = newsroom.poll()
    assert refresh.poll.outcome is Outcome.NEW
    assert certified.names == ["feeds.example"]
    (seen,) = publisher.seen()
    assert seen.values(b"Host") == (f"feeds.example:{publisher.port}".encode(),)


def test_row_69_only_the_feed_that_waives_its_certificate_is_asked_without(
    newsroom: Newsroom, certified: Certified
) -> None:
    publisher = certified.publisher("expired.pem")
    url = publisher.url("/feed", host="feeds.example")
    neighbour = publisher.url("/other", host="feeds.example")
    answer = Reply(rss("A"), headers=((b"Strict-Transport-Security", b"max-age=9999"),))
    publisher.serve("/feed", answer)
    subscriptions = [subscription(url, insecure=True), subscription(neighbour)]
    newsroom.store.subscribe(subscriptions, newsroom.clock())
    codes = {refresh.key: refresh.poll.error_code for refresh in newsroom.poll()}
    assert codes == {url: None, neighbour: "tls"}
    assert [seen.path for seen in publisher.seen()] == ["/feed"]
    # RFC 6797 §8.1: what was said over such a connection binds nobody.
    assert all(asked.hop.strict is None for one in newsroom.heard.refreshes for asked in one.asked)


def test_row_69_a_redirect_elsewhere_is_verified_and_none_moves_an_insecure_feed(
    newsroom: Newsroom, certified: Certified
) -> None:
    here, there = certified.publisher("expired.pem"), certified.publisher("expired.pem")
    fine = certified.publisher("valid.pem")
    fine.serve("/feed", Reply(rss("A")))
    here.serve("/bad", redirect(there.url("/feed", host="feeds.example"), 301))
    here.serve("/good", redirect(fine.url("/feed", host="feeds.example"), 301))
    bad, good = (here.url(path, host="feeds.example") for path in ("/bad", "/good"))
    newsroom.store.subscribe(
        [subscription(url, insecure=True) for url in (bad, good)], newsroom.clock()
    )
    refreshes = {refresh.key: refresh for refresh in newsroom.poll()}
    assert refreshes[bad].poll.error_code == "tls"
    assert refreshes[good].poll.outcome is Outcome.NEW
    assert refreshes[good].moving is None
    assert not there.seen()


def test_row_70_no_address_at_home_is_connected_to_on_any_hop(newsroom: Newsroom) -> None:
    direct = [target for target in URLS if not target.startswith("file:")]
    redirecting = {f"/to/{number}": redirect(target) for number, target in enumerate(URLS)}
    for path, answer in redirecting.items():
        newsroom.publisher.serve(path, answer)
    newsroom.client = Client(
        ClientSettings(), newsroom.clock, resolve=resolve, dial=newsroom.internet.dial
    )
    newsroom.subscribe(*direct, *redirecting)
    refreshes = newsroom.poll()
    codes = {refresh.poll.error_code for refresh in refreshes}
    assert codes == {"address", "url", "redirect"}
    assert all((refresh.poll.sentence or "").endswith(".") for refresh in refreshes)
    assert len(refreshes) == len(direct) + len(redirecting)
    # Nothing was asked for but the redirects themselves.
    assert sorted(seen.path for seen in newsroom.publisher.seen()) == sorted(redirecting)


def test_row_70_a_name_is_judged_by_the_address_that_is_connected_to(newsroom: Newsroom) -> None:
    answers = iter([(PUBLIC,), (LOOPBACK,), (LOOPBACK, PUBLIC)])
    dialled: list[Sequence[Address]] = []

    def connect(addresses: Sequence[Address], port: int, seconds: float) -> Connection:
        dialled.append(addresses)
        return newsroom.internet.dial(addresses, port, seconds)

    newsroom.client = Client(
        ClientSettings(), newsroom.clock, resolve=lambda _: next(answers), dial=connect
    )
    outcomes = [refresh.poll.error_code for refresh in polls(newsroom, *[Reply(rss("A"))] * 3)]
    assert outcomes == [None, "address", None]
    assert dialled == [(PUBLIC,), (PUBLIC,)]
    assert next(answers, None) is None  # one look-up for each connection


def test_row_70_what_the_configuration_admits_is_polled_without_a_floor(tmp_path: Path) -> None:
    settings = ClientSettings(allow_addresses=(ip_network("127.0.0.0/8"),))
    with Newsroom(tmp_path, settings=settings) as newsroom:
        newsroom.subscribe("http://intranet.internal/feed")
        newsroom.publisher.serve("/feed", Reply(rss("A")), Reply(rss("B", "A")))
        newsroom.poll()
        newsroom.poll("http://intranet.internal/feed")
        assert sorted(newsroom.titles()) == ["A", "B"]
        assert not newsroom.heard.left_alone


@pytest.mark.parametrize(
    "target",
    ["ftp://news.example/feed", "gopher://news.example/feed", "data:text/xml,<rss/>",
     "http+unix://%2Frun%2Fsocket/feed", "http://news.example:25/feed"],
)  # fmt: skip
def test_row_71_only_http_is_spoken_and_not_on_ports_of_others(
    newsroom: Newsroom, target: str
) -> None:
    newsroom.subscribe("/feed", target)
    newsroom.publisher.serve("/feed", redirect(target))
    codes = {refresh.key: refresh.poll.error_code for refresh in newsroom.poll()}
    assert codes == {url("/feed"): "redirect", target: "url"}


def test_row_71_no_publisher_leads_to_a_file(newsroom: Newsroom, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("Secret"))
    newsroom.publisher.serve("/pointer", Reply(str(secret).encode()))
    newsroom.subscribe("/feed", "/pointer")
    newsroom.publisher.serve("/feed", redirect(secret.as_uri()))
    assert {refresh.poll.outcome for refresh in newsroom.poll()} == {Outcome.FAILED}
    assert newsroom.titles() == []


def test_row_71_no_netrc_is_read(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("default login anna password secret\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    polls(newsroom, Reply(rss("A")))
    (seen,) = newsroom.seen()
    assert not seen.values(b"Authorization")


def test_row_71_the_environment_names_no_proxy(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Publisher() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        polls(newsroom, Reply(rss("A")))
        assert newsroom.titles() == ["A"]
        assert not proxy.seen()
