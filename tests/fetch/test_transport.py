"""Tests of the transport: every wait ends, names lead where they should, TLS is verified."""

import contextlib
import errno
import itertools
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path

import pytest

from aggregator.errors import (
    ConnectFailedError,
    FetchError,
    NameLookupError,
    TimedOutError,
    TlsFailedError,
    TooLargeError,
    UnreachableError,
)
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.guard import Address, Admission
from aggregator.fetch.patience import Patience, Timeouts
from aggregator.fetch.transport import Stream
from aggregator.model.fetching import Document
from tests.black_hole import another_loopback, black_hole
from tests.builders import NOW
from tests.fetch.conftest import LOOPBACK, client, names, request
from tests.publisher import HANG, Drip, Pause, Publisher, Raw, Reply, redirect

FEED = b"<rss><channel/></rss>"
OK = b"HTTP/1.1 200 OK\r\n"
CERTIFICATES = Path(__file__).parents[1] / "data" / "tls"


def failed(url: str, **settings: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client(**settings).fetch(request(url))  # type: ignore[arg-type]
    return caught.value


# --- headers -------------------------------------------------------------------------------------


def test_row_66_headers_in_pieces_of_any_size_are_cut_at_their_limit() -> None:
    here, there = socket.socketpair()
    with contextlib.closing(there):
        patience = Patience.now(Timeouts()).asking("https://news.example/feed")
        stream = Stream(here, patience, ip_address("127.0.0.1"), Admission.BY_CONFIG)
        there.sendall(b"x" * (64 * 1024 - 1))
        received = len(stream.read(64 * 1024))
        there.sendall(b"x" * 1024)
        while received < 64 * 1024:
            received += len(stream.read(64 * 1024))
        assert received == 64 * 1024  # h11 holds no more than 100 KiB
        with contextlib.closing(stream), pytest.raises(TooLargeError):
            stream.read(64 * 1024)


# --- time ----------------------------------------------------------------------------------------


def test_row_65_a_body_that_drips_is_cut_at_the_deadline(publisher: Publisher) -> None:
    publisher.serve("/feed", Drip(itertools.chain([OK + b"\r\n"], itertools.repeat(b"x")), 0.02))
    error = failed(publisher.url("/feed"), timeouts=Timeouts(total=0.3))
    assert isinstance(error, TimedOutError)
    url = publisher.url("/feed")
    assert str(error) == f"{url} did not give its whole answer within 0.3 s."


def test_row_65_headers_that_drip_are_cut_at_the_deadline(publisher: Publisher) -> None:
    publisher.serve("/feed", Drip(itertools.chain([OK], itertools.repeat(b"X: y\r\n")), 0.02))
    error = failed(publisher.url("/feed"), timeouts=Timeouts(total=0.3))
    assert isinstance(error, TimedOutError)


def test_row_65_redirects_share_the_deadline(publisher: Publisher) -> None:
    for number in range(5):
        answer = redirect(f"/{number + 1}").pieces()
        publisher.serve(f"/{number}", Raw([Pause(0.15), *answer]))
    error = failed(publisher.url("/0"), timeouts=Timeouts(total=0.3))
    assert isinstance(error, TimedOutError)
    assert len(publisher.seen()) <= 3


def test_row_65_silence_from_the_beginning_is_cut(publisher: Publisher) -> None:
    publisher.serve("/feed", HANG)
    error = failed(publisher.url("/feed"), timeouts=Timeouts(first_byte=0.1))
    assert str(error) == f"{publisher.url('/feed')} did not answer within 0.1 s."


@pytest.mark.parametrize("sent", [OK, OK + b"\r\n<rss>"], ids=["in headers", "in the body"])
def test_row_65_silence_in_the_middle_is_cut(publisher: Publisher, sent: bytes) -> None:
    publisher.serve("/feed", Raw([sent, Pause()]))
    error = failed(publisher.url("/feed"), timeouts=Timeouts(idle=0.1))
    assert str(error) == f"{publisher.url('/feed')} sent nothing more within 0.1 s."


def test_row_65_a_tls_handshake_that_hangs_is_cut(publisher: Publisher) -> None:
    url = publisher.url("/feed").replace("http:", "https:")
    error = failed(url, timeouts=Timeouts(tls=0.1))
    assert str(error) == f"{url} did not finish the TLS handshake within 0.1 s."


def test_row_65_a_connection_that_hangs_is_cut() -> None:
    with black_hole("127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/feed"
        error = failed(url, timeouts=Timeouts(connect=0.1))
    assert str(error) == f"{url} could not be connected to within 0.1 s."


def test_a_slow_answer_within_the_limits_is_read(publisher: Publisher) -> None:
    pieces = [OK, b"\r\n", FEED[:9], FEED[9:]]
    publisher.serve("/feed", Drip(pieces, 0.03))
    document = client().fetch(request(publisher.url("/feed")))
    assert isinstance(document, Document)
    assert document.body == FEED


# --- names ---------------------------------------------------------------------------------------


def test_row_67_an_unknown_name_is_a_typed_error() -> None:
    def unknown(host: str) -> tuple[Address, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(NameLookupError) as caught:
        client(unknown).fetch(request("http://nowhere.example/feed"))
    assert str(caught.value) == (
        "http://nowhere.example/feed could not be looked up:"
        " nowhere.example is unknown (Name or service not known)."
    )


def test_row_67_a_name_server_that_fails_for_now_is_no_unknown_name() -> None:
    def unavailable(host: str) -> tuple[Address, ...]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(UnreachableError, match=r"no name server answers for nowhere\.example"):
        client(unavailable).fetch(request("http://nowhere.example/feed"))


def test_row_67_a_look_up_that_hangs_is_cut() -> None:
    ended = threading.Event()

    def hanging(host: str) -> tuple[Address, ...]:
        ended.wait()
        return ()

    url = "http://nowhere.example/feed"
    for limits, kind, why in (
        (Timeouts(look_up=0.05), UnreachableError, "could not be looked up within 0.05 s."),
        (Timeouts(total=0.05), TimedOutError, "did not give its whole answer within 0.05 s."),
    ):
        with pytest.raises(FetchError) as caught:
            client(hanging, timeouts=limits).fetch(request(url))
        assert (type(caught.value), str(caught.value)) == (kind, f"{url} {why}")
    ended.set()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENETUNREACH, UnreachableError),
        (errno.EHOSTUNREACH, UnreachableError),
        (errno.ECONNREFUSED, ConnectFailedError),
    ],
)
def test_row_40_where_no_way_leads_nobody_far_away_has_failed(
    code: int, kind: type[FetchError]
) -> None:
    def dial(*_: object) -> tuple[socket.socket, Address]:
        raise OSError(code, "So it is")

    settings = ClientSettings(allow_addresses=LOOPBACK)
    with pytest.raises(FetchError, match="could not be connected to: So it is") as caught:
        Client(settings, lambda: NOW, dial=dial).fetch(request("http://127.0.0.1/feed"))
    assert type(caught.value) is kind


@pytest.mark.parametrize("host", ["a..example", f"{'a' * 64}.example"])
def test_row_67_what_cannot_be_a_name_is_a_typed_error(host: str) -> None:
    with pytest.raises(NameLookupError):
        client().fetch(request(f"http://{host}/feed"))


def test_row_67_a_name_without_an_address_is_a_typed_error() -> None:
    with pytest.raises(NameLookupError, match="it has no address"):
        client(lambda host: ()).fetch(request("http://nowhere.example/feed"))


def test_an_international_name_is_looked_up_as_ascii(publisher: Publisher) -> None:
    publisher.serve("/feed", Reply(FEED))
    known = names(**{"xn--zeitung-fr-ieb_example": "127.0.0.1"})
    client(known).fetch(request(publisher.url("/feed", host="ZEITUNG-für.example")))
    host = publisher.seen()[0].values(b"Host")
    assert host == (f"xn--zeitung-fr-ieb.example:{publisher.port}".encode(),)


# --- happy eyeballs ------------------------------------------------------------------------------


def test_row_68_an_address_that_leads_nowhere_costs_a_quarter_of_a_second(
    publisher: Publisher,
) -> None:
    publisher.serve("/feed", Reply(FEED))
    nowhere = another_loopback()
    with black_hole(nowhere, publisher.port):
        patient = client(names(two_example=f"{nowhere} 127.0.0.1"), timeouts=Timeouts(connect=5))
        document = patient.fetch(request(publisher.url("/feed", host="two.example")))
    assert isinstance(document, Document)


def test_row_68_an_address_that_refuses_gives_way_to_the_next(publisher: Publisher) -> None:
    publisher.serve("/feed", Reply(FEED))
    both = client(names(two_example=f"{another_loopback()} 127.0.0.1"))
    assert isinstance(both.fetch(request(publisher.url("/feed", host="two.example"))), Document)


# --- TLS -----------------------------------------------------------------------------------------


def server_context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / certificate)
    return context


def test_row_69_the_name_stays_the_host_s_whatever_the_address() -> None:
    asked_for: list[str | None] = []
    context = server_context("valid.pem")
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    with Publisher(tls=context) as publisher:
        publisher.serve("/feed", Reply(FEED))
        known = names(feeds_example="127.0.0.1")
        trusting = client(known, ca_bundle=CERTIFICATES / "authority.pem")
        document = trusting.fetch(request(publisher.url("/feed", host="feeds.example")))
        seen = publisher.seen()[0]
    assert isinstance(document, Document)
    assert document.body == FEED
    assert asked_for == ["feeds.example"]
    assert seen.values(b"Host") == (f"feeds.example:{publisher.port}".encode(),)


@pytest.mark.parametrize(
    ("certificate", "ca_bundle", "why"),
    [
        ("expired.pem", CERTIFICATES / "authority.pem", "certificate has expired"),
        ("another-name.pem", CERTIFICATES / "authority.pem", "feeds.example"),
        ("valid.pem", None, "unable to get local issuer certificate"),
    ],
)
def test_row_69_a_certificate_that_is_not_valid_is_an_error(
    certificate: str, ca_bundle: Path | None, why: str
) -> None:
    with Publisher(tls=server_context(certificate)) as publisher:
        url = publisher.url("/feed", host="feeds.example")
        wary = client(names(feeds_example="127.0.0.1"), ca_bundle=ca_bundle)
        with pytest.raises(TlsFailedError) as caught:
            wary.fetch(request(url))
        assert publisher.seen() == ()
    assert str(caught.value).startswith(f"The certificate of {url} is not valid: ")
    assert why in str(caught.value)


def test_row_69_a_server_without_tls_is_an_error_and_never_asked_in_the_clear(
    publisher: Publisher,
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"https://127.0.0.1:{listener.getsockname()[1]}/feed"

    def answer_in_the_clear() -> bytes:
        with listener, listener.accept()[0] as connection:
            received = connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return received

    with ThreadPoolExecutor(1) as threads:
        heard = threads.submit(answer_in_the_clear)
        error = failed(url)
    assert isinstance(error, TlsFailedError)
    assert b"GET" not in heard.result()
