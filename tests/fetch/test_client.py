"""Tests of the client against a publisher on loopback: what travels, and what may not.

A test whose name begins with ``row`` and a number shows that row of the polling rules.
"""

import contextlib
import gzip
import itertools
import random
import socket
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from types import ModuleType

import httpcore
import httpx
import pytest

from aggregator.errors import (
    AddressRefusedError,
    ConnectFailedError,
    DecodingFailedError,
    EmptyBodyError,
    FetchError,
    HttpStatusError,
    ProtocolBrokenError,
    RedirectError,
    TimedOutError,
    TooLargeError,
    UrlUnusableError,
)
from aggregator.fetch.client import TRANSLATIONS, Client, ClientSettings, translated
from aggregator.fetch.decoding import Sizes
from aggregator.fetch.dialling import dial
from aggregator.fetch.guard import Address
from aggregator.fetch.patience import Timeouts
from aggregator.model.feeds import Validators
from aggregator.model.fetching import Document, FetchRequest, Gone, NotModified
from tests.builders import NOW
from tests.fetch.bombs import bomb
from tests.fetch.conftest import client, names, request
from tests.publisher import HANG, Headers, Publisher, Raw, Reply, Seen, redirect, truncated

FEED = b"<rss><channel><title>Caf\xc3\xa9</title></channel></rss>"
ETAG = b'W/"caf\xe9, 1"'


def fetched(publisher: Publisher, path: str = "/feed", **settings: object) -> Document:
    document = client(**settings).fetch(request(publisher.url(path)))  # type: ignore[arg-type]
    assert isinstance(document, Document)
    return document


def failed(publisher: Publisher, path: str = "/feed", **settings: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetched(publisher, path, **settings)
    assert publisher.url(path) in str(caught.value)
    assert str(caught.value).endswith(".")
    return caught.value


# --- conditional requests ------------------------------------------------------------------------


def test_rows_01_02_and_03_the_second_request_carries_what_the_first_was_given(
    publisher: Publisher,
) -> None:
    validators: Headers = ((b"ETag", ETAG), (b"Last-Modified", b"Thu, 1-Jan-70 0:0:0 GMT"))
    publisher.serve("/feed", Reply(FEED, headers=validators), Reply(status=304))
    first = fetched(publisher)
    second = client().fetch(request(publisher.url("/feed"), first.validators))
    assert first.body == FEED
    assert first.admitted
    assert isinstance(second, NotModified)
    assert second.validators == first.validators
    assert second.admitted
    unconditional, conditional = publisher.seen()
    assert not unconditional.values(b"If-None-Match") + unconditional.values(b"If-Modified-Since")
    assert conditional.values(b"If-None-Match") == (ETAG,)
    assert conditional.values(b"If-Modified-Since") == (b"Thu, 1-Jan-70 0:0:0 GMT",)


def test_row_08c_a_304_that_announces_a_body_has_none(publisher: Publisher) -> None:
    publisher.serve("/feed", Reply(status=304, headers=((b"Content-Length", b"9999"),)))
    stored = Validators(b'"a"')
    found = client().fetch(request(publisher.url("/feed"), stored))
    assert isinstance(found, NotModified)


def test_row_09_validators_go_to_the_hop_that_issued_them(publisher: Publisher) -> None:
    publisher.serve("/feed", redirect("/moved"))
    publisher.serve("/moved", Reply(FEED, headers=((b"ETag", b'"a"'),)), Reply(status=304))
    first = fetched(publisher)
    second = client().fetch(request(publisher.url("/feed"), first.validators))
    assert first.url == publisher.url("/moved")
    assert isinstance(second, NotModified)
    sent = [seen.values(b"If-None-Match") for seen in publisher.seen()]
    assert sent == [(), (), (), (b'"a"',)]


def test_row_35_a_410_is_a_result(publisher: Publisher) -> None:
    publisher.serve("/feed", Reply(status=410))
    assert isinstance(client().fetch(request(publisher.url("/feed"))), Gone)


# --- failures ------------------------------------------------------------------------------------


def answers_that_fail() -> dict[str, tuple[Reply | Raw, type[FetchError]]]:
    head = b"HTTP/1.1 200 OK\r\n"
    return {
        "403": (Reply(b"go away", 403), HttpStatusError),
        "429": (Reply(status=429, headers=((b"Retry-After", b"60"),)), HttpStatusError),
        "503": (Reply(b"later", 503), HttpStatusError),
        "no answer": (Raw([]), ProtocolBrokenError),
        "half a header": (Raw([head + b"Content-Ty"]), ProtocolBrokenError),
        "not HTTP": (Raw([b"SSH-2.0-OpenSSH_9.6\r\n\r\n"]), ProtocolBrokenError),
        "no status": (Raw([b"<rss/>\r\n\r\n"]), ProtocolBrokenError),
        "two lengths": (
            Raw([head + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"]),
            ProtocolBrokenError,
        ),
        "bad length": (Raw([head + b"Content-Length: many\r\n\r\nabcd"]), ProtocolBrokenError),
        "cut body": (truncated(FEED, len(FEED) + 1), ProtocolBrokenError),
        "cut chunk": (
            Raw([head + b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + FEED]),
            ProtocolBrokenError,
        ),
        "bad chunk": (
            Raw([head + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + FEED]),
            ProtocolBrokenError,
        ),
        "empty": (Reply(b""), EmptyBodyError),
        "blank": (Reply(b" \n\n "), EmptyBodyError),
        "nothing": (Reply(status=204), EmptyBodyError),
        "a part": (Reply(FEED, 206), EmptyBodyError),
        "cut gzip": (
            Reply(gzip.compress(FEED)[:-9], headers=((b"Content-Encoding", b"gzip"),)),
            DecodingFailedError,
        ),
    }


@pytest.mark.parametrize("case", answers_that_fail())
def test_rows_10_32_and_38_a_failure_is_typed_and_never_asked_again_at_once(
    publisher: Publisher, case: str
) -> None:
    answer, kind = answers_that_fail()[case]
    publisher.serve("/feed", answer)
    assert type(failed(publisher)) is kind
    assert len(publisher.seen()) == 1


def test_row_38_a_body_that_ends_with_the_connection_is_whole(publisher: Publisher) -> None:
    publisher.serve("/feed", Raw([b"HTTP/1.0 200 OK\r\n\r\n", FEED]))
    assert fetched(publisher).body == FEED


def test_an_early_refusal_is_read_even_where_the_request_is_not_taken(publisher: Publisher) -> None:
    publisher.serve("/feed", Raw([b"HTTP/1.1 100 Continue\r\n\r\n", *Reply(FEED).pieces()]))
    assert fetched(publisher).body == FEED


def test_any_bytes_are_an_answer_or_a_typed_error(publisher: Publisher) -> None:
    seeded = random.Random(7)
    answer = (
        b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Encoding: gzip\r\nContent-Type: text/xml\r\n'
        b"Transfer-Encoding: chunked\r\nRetry-After: 5\r\n\r\n6\r\n<rss/>\r\n0\r\nX: y\r\n\r\n"
    )
    for number in range(200):
        mutated = bytearray(answer)
        for _ in range(seeded.randint(0, 4)):
            at = seeded.randrange(len(mutated))
            mutated[at : at + seeded.randint(0, 3)] = seeded.randbytes(seeded.randint(0, 3))
        publisher.serve(f"/{number}", Raw([bytes(mutated)]))
        with contextlib.suppress(FetchError):
            client().fetch(request(publisher.url(f"/{number}")))


def test_a_port_that_nobody_listens_on_is_an_error() -> None:
    with Publisher() as gone:
        url = gone.url("/feed")
    with pytest.raises(ConnectFailedError) as caught:
        client().fetch(request(url))
    assert str(caught.value) == f"{url} could not be connected to: Connection refused."


# --- redirects -----------------------------------------------------------------------------------


def test_rows_41_to_43_redirects_are_followed_five_times(publisher: Publisher) -> None:
    for number, status in enumerate((301, 302, 303, 307, 308, 301)):
        publisher.serve(f"/{number}", redirect(f"{number + 1}", status))
    publisher.serve("/6", Reply(FEED))
    assert isinstance(failed(publisher, "/0"), RedirectError)
    assert [seen.path for seen in publisher.seen()] == ["/0", "/1", "/2", "/3", "/4", "/5"]
    assert fetched(publisher, "/1").url == publisher.url("/6")


@pytest.mark.parametrize(
    "location", ["/feed", "", "http://[", "ftp://news.example/", "file:///etc/passwd"]
)
def test_rows_43_and_71_a_redirect_that_leads_nowhere_is_an_error(
    publisher: Publisher, location: str
) -> None:
    publisher.serve("/feed", redirect(location))
    assert isinstance(failed(publisher), RedirectError)
    assert len(publisher.seen()) == 1


def test_rows_44_47_and_48_another_origin_learns_nothing_about_us(publisher: Publisher) -> None:
    cookie: Headers = ((b"Set-Cookie", b"session=1; Path=/"),)
    with Publisher() as other:
        publisher.serve("/feed", redirect("/here", headers=cookie))
        publisher.serve("/here", redirect(other.url("/there"), headers=cookie))
        other.serve("/there", Reply(FEED, headers=cookie))
        url = publisher.url("/feed").replace("//", "//me:secret@")
        asked = request(url)
        with_key = replace(asked, headers=(*asked.headers, (b"X-Api-Key", b"secret")))
        both = client()
        both.fetch(with_key)
        both.fetch(with_key)
        assert len(publisher.seen("/here")) == 2
        for seen in publisher.seen():
            assert seen.values(b"Authorization") == (b"Basic bWU6c2VjcmV0",)
            assert seen.values(b"X-Api-Key") == (b"secret",)
        sent = {name for seen in other.seen() for name, _ in seen.headers}
        assert sent == {b"Host", b"User-Agent", b"Accept", b"Accept-Encoding", b"Connection"}
        everything = {name.lower() for seen in publisher.seen() for name, _ in seen.headers}
        assert not everything & {b"cookie", b"referer"}


# --- what is sent --------------------------------------------------------------------------------


def test_rows_46_to_51_the_request_is_exactly_what_it_has_to_be(publisher: Publisher) -> None:
    path = "/a/../%7Euser/%e9?q=%20+x&&b=[1]"
    publisher.serve(path, Reply(FEED))
    fetched(publisher, f"{path}#fragment")
    assert publisher.seen() == (
        Seen(
            method="GET",
            path=path,
            headers=(
                (b"Host", f"127.0.0.1:{publisher.port}".encode()),
                *request(publisher.url(f"{path}#fragment")).headers,
            ),
            body=b"",
            at=publisher.seen()[0].at,
        ),
    )


def test_row_71_the_environment_and_netrc_change_nothing(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publisher.serve("/feed", Reply(FEED))
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert fetched(publisher).body == FEED
    assert publisher.seen()[0].values(b"Authorization") == ()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://127.0.0.1:25/"])
def test_row_71_other_schemes_and_ports_are_refused(url: str) -> None:
    with pytest.raises(UrlUnusableError):
        client().fetch(FetchRequest(url))


def test_an_address_that_httpx_cannot_read_is_refused() -> None:
    with pytest.raises(UrlUnusableError):
        client().fetch(FetchRequest("http://xn--\u0378.example/feed"))


# --- bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        (gzip.compress(FEED), (b"gzip",)),
        (gzip.compress(FEED), (b"x-gzip",)),
        (gzip.compress(gzip.compress(FEED)), (b"gzip", b"gzip")),
        (gzip.compress(gzip.compress(FEED)), (b"gzip, gzip",)),
        (FEED, (b"gzip",)),
    ],
    ids=["gzip", "x-gzip", "twice, two lines", "twice, one line", "not at all"],
)
def test_row_51_bodies_arrive_decoded(
    publisher: Publisher, body: bytes, labels: tuple[bytes, ...]
) -> None:
    headers = tuple((b"Content-Encoding", label) for label in labels)
    publisher.serve("/feed", Reply(body, headers=headers))
    assert fetched(publisher).body == FEED


def test_row_63_an_announced_excess_is_not_even_read(publisher: Publisher) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n"
    publisher.serve("/feed", Raw([head, *HANG.pieces()]))
    error = failed(publisher)
    assert isinstance(error, TooLargeError)
    assert "announces 10 MiB" in str(error)


def test_row_63_an_excess_that_comes_unannounced_is_cut_off(publisher: Publisher) -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    publisher.serve("/feed", Raw(itertools.chain([head], itertools.repeat(b"x" * 65536))))
    assert isinstance(failed(publisher), TooLargeError)


def test_row_63_what_unfolds_to_too_much_is_cut_off(publisher: Publisher) -> None:
    body = gzip.compress(bytes(range(256)) * 400)
    publisher.serve("/feed", Reply(body, headers=((b"Content-Encoding", b"gzip"),)))
    limits = Sizes(decoded_bytes=100_000)
    assert isinstance(failed(publisher, sizes=limits), TooLargeError)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_row_64_a_bomb_costs_little_memory(publisher: Publisher, coding: str) -> None:
    body = bomb(coding)
    publisher.serve("/feed", Reply(body, headers=((b"Content-Encoding", coding.encode()),)))
    tracemalloc.start()
    try:
        error = failed(publisher)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, TooLargeError)
    assert peak < 8 * 2**20


@pytest.mark.parametrize(
    "lines",
    [
        [b"X: y"] * 201,
        [b"X-%d: %s" % (number, b"y" * 1000) for number in range(70)],
        [b"X: " + b"y" * 70_000],
    ],
    ids=["lines", "bytes", "one line"],
)
def test_row_66_headers_have_an_end(publisher: Publisher, lines: list[bytes]) -> None:
    head = b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"Content-Length: 6"])
    publisher.serve("/feed", Raw([head + b"\r\n\r\n<rss/>"]))
    error = failed(publisher)
    assert isinstance(error, TooLargeError)
    assert "header" in str(error)


def test_row_66_headers_that_never_end_are_cut_off(publisher: Publisher) -> None:
    endless = itertools.repeat(b"X: y\r\n" * 500)
    publisher.serve("/feed", Raw(itertools.chain([b"HTTP/1.1 200 OK\r\n"], endless)))
    assert isinstance(failed(publisher), TooLargeError)


def test_row_66_interim_responses_have_an_end_too(publisher: Publisher) -> None:
    publisher.serve("/feed", Raw(itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 200)))
    assert isinstance(failed(publisher), TooLargeError)


def test_headers_just_within_the_limits_are_read(publisher: Publisher) -> None:
    headers = tuple((b"X-%d" % number, b"y" * 300) for number in range(198))
    publisher.serve("/feed", Reply(FEED, headers=headers))
    assert fetched(publisher).body == FEED


# --- where to ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0", "[::ffff:127.0.0.1]", "localhost"],
)
def test_row_70_no_notation_leads_to_loopback(publisher: Publisher, host: str) -> None:
    publisher.serve("/feed", Reply(FEED))
    url = publisher.url("/feed", host=host)
    with pytest.raises(AddressRefusedError) as caught:
        client(allow_addresses=()).fetch(request(url))
    assert not caught.value.transient
    assert url in str(caught.value)
    assert "poll.allow_addresses" in str(caught.value)
    assert publisher.seen() == ()


def test_row_70_a_redirect_is_guarded_like_the_first_hop(publisher: Publisher) -> None:
    inner = f"http://10.0.0.1:{publisher.port}/admin"
    publisher.serve("/feed", redirect(inner))
    with pytest.raises(AddressRefusedError) as caught:
        client().fetch(request(publisher.url("/feed")))
    assert inner in str(caught.value)


def test_row_70_a_name_is_judged_anew_at_every_connection(publisher: Publisher) -> None:
    publisher.serve("/feed", redirect("/again"))
    answers = iter(names(rebound_example="127.0.0.1")("rebound.example") for _ in range(1))
    private = names(rebound_example="10.0.0.1")
    rebinding = client(lambda host: next(answers, private(host)))
    with pytest.raises(AddressRefusedError):
        rebinding.fetch(request(publisher.url("/feed", host="rebound.example")))
    assert [seen.path for seen in publisher.seen()] == ["/feed"]


def test_row_70_only_the_admitted_of_several_addresses_are_connected_to(
    publisher: Publisher,
) -> None:
    publisher.serve("/feed", Reply(FEED))
    mixed = client(names(mixed_example="10.0.0.1 127.0.0.1 ::ffff:192.168.0.1"))
    found = mixed.fetch(request(publisher.url("/feed", host="mixed.example")))
    assert found.admitted
    host = publisher.seen()[0].values(b"Host")
    assert host == (f"mixed.example:{publisher.port}".encode(),)


def test_row_70_the_guard_stands_between_resolving_and_dialling(publisher: Publisher) -> None:
    publisher.serve("/feed", Reply(FEED))
    dialled: list[tuple[tuple[str, ...], int]] = []

    def to_the_publisher(
        addresses: Sequence[Address], port: int, seconds: float
    ) -> tuple[socket.socket, Address]:
        dialled.append((tuple(map(str, addresses)), port))
        connected, _ = dial([ip_address("127.0.0.1")], publisher.port, seconds)
        return connected, addresses[0]

    known = names(news_example="93.184.216.34 10.0.0.1 2606:2800:220:1::1")
    wired = Client(ClientSettings(), lambda: NOW, resolve=known, dial=to_the_publisher)
    document = wired.fetch(request("http://news.example/feed"))
    assert not document.admitted
    assert dialled == [(("93.184.216.34", "2606:2800:220:1::1"), 80)]
    assert publisher.seen()[0].values(b"Host") == (b"news.example",)


# --- for many threads, and to an end -------------------------------------------------------------


def test_sixty_four_threads_share_a_client(publisher: Publisher) -> None:
    def echo(seen: Seen) -> Reply:
        return Reply(b"<rss>" + seen.path.encode())

    paths = [f"/{number}" for number in range(128)]
    for path in paths:
        publisher.serve(path, echo)
    shared = client()
    with ThreadPoolExecutor(64) as threads:
        found = list(threads.map(lambda path: shared.fetch(request(publisher.url(path))), paths))
    bodies = [document.body for document in found if isinstance(document, Document)]
    assert bodies == [b"<rss>" + path.encode() for path in paths]


def test_closing_ends_what_is_under_way_as_if_it_had_not_been(publisher: Publisher) -> None:
    publisher.serve("/silent", HANG)
    publisher.serve("/stuck", Raw([b"HTTP/1.1 200 OK\r\n\r\n<rss>", *HANG.pieces()]))
    closing = client()
    with ThreadPoolExecutor(2) as threads:
        polls = [
            threads.submit(closing.fetch, request(publisher.url(path)))
            for path in ("/silent", "/stuck")
        ]
        publisher.wait_for(2)
        closing.close()
        ends = [poll.exception(timeout=10) for poll in polls]
    assert isinstance(ends[0], CancelledError)
    assert isinstance(ends[1], CancelledError)
    with pytest.raises(CancelledError):
        closing.fetch(request(publisher.url("/silent")))


def test_the_standard_limits_are_those_of_the_polling_rules() -> None:
    limits = Timeouts()
    assert (limits.look_up, limits.connect, limits.tls) == (5, 10, 10)
    assert (limits.first_byte, limits.idle, limits.total) == (20, 15, 60)
    assert (Sizes().wire_bytes, Sizes().decoded_bytes) == (10 * 2**20, 30 * 2**20)


# --- translations --------------------------------------------------------------------------------


def tree(library: ModuleType) -> Iterator[type[Exception]]:
    """Yield every exception that a library shows, and what derives from one."""
    waiting = [kind for kind in vars(library).values() if isinstance(kind, type)]
    for kind in waiting:
        if issubclass(kind, Exception):
            yield kind
            waiting.extend(kind.__subclasses__())


FOREIGN = {f"{kind.__module__}.{kind.__name__}": kind for kind in [*tree(httpx), *tree(httpcore)]}


@pytest.mark.parametrize("kind", FOREIGN.values(), ids=FOREIGN.keys())
def test_every_exception_of_httpx_and_httpcore_is_translated(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "some text")
    told = translated(error, "https://news.example/feed")
    assert type(told) is not FetchError
    assert str(told).startswith("https://news.example/feed ")
    assert str(told).endswith(".")


def test_no_translation_is_for_an_exception_that_does_not_exist() -> None:
    assert set(TRANSLATIONS) <= set(FOREIGN.values())


def test_translations_know_what_went_wrong() -> None:
    kinds = {
        httpx.ReadTimeout: TimedOutError,
        httpx.ConnectError: ConnectFailedError,
        httpx.RemoteProtocolError: ProtocolBrokenError,
        httpx.InvalidURL: UrlUnusableError,
        httpcore.ReadTimeout: TimedOutError,
        httpcore.ReadError: ConnectFailedError,
        httpcore.LocalProtocolError: ProtocolBrokenError,
    }
    for kind, ours in kinds.items():
        assert type(translated(kind("text"), "url")) is ours
