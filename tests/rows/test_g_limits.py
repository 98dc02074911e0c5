"""Section G of the polling rules: limits."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.dialling import dial
from aggregator.fetch.guard import Address
from aggregator.fetch.lookup import Resolve
from aggregator.fetch.patience import Timeouts
from aggregator.parse.document import MOST_ENTRIES
from tests.black_hole import black_hole
from tests.fetch.bombs import bomb, content_coding
from tests.internet import LOOPBACK
from tests.measured import HOSTILE, OK, ROOM_BYTES, TYPED, Cost, costs
from tests.publisher import HANG, Drip, Pause, Raw, Reply, redirect
from tests.rows.asking import polls
from tests.scenario import PUBLIC, Newsroom, rss

HTTP = "http://news.example/feed"
HTTPS = "https://news.example/feed"


def test_row_63_a_length_beyond_the_cap_is_not_even_read(newsroom: Newsroom) -> None:
    announced = Raw([b"HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n"])
    (refresh,) = polls(newsroom, announced)
    assert refresh.poll.error_code == "too_large"


@pytest.mark.parametrize("coding", [bytes, gzip.compress])
def test_row_63_a_body_beyond_the_cap_is_given_up(
    limited: Newsroom, coding: Callable[[bytes], bytes]
) -> None:
    body = coding(b"<rss>" + b" " * 200_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    (refresh,) = polls(limited, Raw([head, body]))
    assert refresh.poll.error_code == "too_large"


@pytest.mark.parametrize("coding", ["gzip", "br", "widest br", "zstd"])
def test_row_64_a_bomb_is_given_up_and_nothing_of_it_kept(newsroom: Newsroom, coding: str) -> None:
    encoding = content_coding(coding).encode()
    good = Reply(rss("A"), headers=((b"ETag", b'"1"'),))
    (_, refresh) = polls(
        newsroom, good, Reply(bomb(coding), headers=((b"Content-Encoding", encoding),))
    )
    assert refresh.poll.error_code == "too_large"
    assert "200 times its size" in (refresh.poll.sentence or "")
    assert refresh.validators.etag == b'"1"'
    assert newsroom.titles() == ["A"]


# --- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "drops", [repeat(b"x"), (b"HTTP/1.1 200 OK\r\n", *repeat(b"X-Drip: 1\r\n", 1000))]
)
def test_row_65_a_drip_is_cut_at_the_deadline(limited: Newsroom, drops: Any) -> None:
    (refresh,) = polls(limited, Drip(drops, 0.02))
    assert refresh.poll.error_code == "timeout"


def test_row_65_the_limits_are_those_of_the_rules() -> None:
    assert Timeouts() == Timeouts(look_up=5, connect=10, tls=10, first_byte=20, idle=15, total=60)


@pytest.fixture
def waiting() -> Iterator[Resolve]:
    """Give a resolver that does not answer before the test is over."""
    over = threading.Event()

    def resolve(host: str) -> tuple[Address, ...]:
        over.wait()
        return (PUBLIC,)

    yield resolve
    over.set()


@pytest.mark.parametrize(
    ("limit", "url", "told"),
    [
        ("look_up", HTTP, "could not be looked up within 0.05 s."),
        ("connect", HTTP, "could not be connected to within 0.05 s."),
        ("tls", HTTPS, "did not finish the TLS handshake within 0.05 s."),
        ("first_byte", HTTP, "did not answer within 0.05 s."),
        ("idle", HTTP, "sent nothing more within 0.05 s."),
    ],
)
def test_row_65_every_wait_has_its_limit(
    newsroom: Newsroom, waiting: Resolve, limit: str, url: str, told: str
) -> None:
    newsroom.publisher.serve("/feed", Raw([OK, Pause()]) if limit == "idle" else HANG)
    with ExitStack() as stack:
        port = newsroom.publisher.port
        if limit == "connect":
            port = stack.enter_context(black_hole("127.0.0.1", 0))
        newsroom.client = Client(
            ClientSettings(timeouts=Timeouts(**{limit: 0.05})),
            newsroom.clock,
            resolve=waiting if limit == "look_up" else lambda _: (PUBLIC,),
            dial=lambda addresses, _, seconds: (dial([LOOPBACK], port, seconds)[0], PUBLIC),
        )
        newsroom.subscribe(url)
        (refresh,) = newsroom.poll()
    assert refresh.poll.sentence == f"{url} {told}"


def test_row_65_redirects_share_one_minute(limited: Newsroom) -> None:
    for number in range(5):
        target = redirect(f"/{number + 1}").pieces()
        limited.publisher.serve(f"/{number}", Raw([Pause(0.15), *target]))
    limited.subscribe("/0")
    (refresh,) = limited.poll()
    assert refresh.poll.error_code == "timeout"
    assert len(limited.publisher.seen()) <= 3


# --- memory, and what is read --------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        b"X-Long: %s\r\n" % (b"x" * 70_000),
        b"X-Line: %s\r\n" % (b"x" * 9_999) * 7,
        b"X-Line: 1\r\n" * 201,
    ],
    ids=["one line", "seven lines", "201 lines"],
)
def test_row_66_headers_have_an_end(newsroom: Newsroom, lines: bytes) -> None:
    (refresh,) = polls(newsroom, Raw([OK + lines + b"\r\n", rss("A")]))
    assert refresh.poll.error_code in {"too_large", "protocol"}
    assert newsroom.titles() == []


@pytest.mark.parametrize(
    "name", [name for name in HOSTILE if name.startswith(("deep", "bill", "quad"))]
)
def test_row_66_what_is_built_to_explode_is_an_error_or_a_feed_with_flaws(
    newsroom: Newsroom, name: str
) -> None:
    (refresh,) = polls(newsroom, HOSTILE[name])
    assert refresh.poll.error_code == TYPED.get(name)
    if name not in TYPED:
        (found,) = newsroom.entries()
        assert len(found.entry.title) + len(found.entry.content) < 10_000
        assert "deep-html" in name or newsroom.health().problem


def test_rows_64_to_66_no_answer_takes_more_than_16_mib_or_its_time() -> None:
    plain, *others = costs(list(HOSTILE), seconds=0.5)
    for cost in others:
        check(cost, plain)
        assert cost.seconds < 5, cost


@pytest.mark.soak
@pytest.mark.parametrize("name", list(HOSTILE)[1:])
def test_rows_64_to_66_nor_in_a_process_of_its_own_with_the_limits_of_every_day(name: str) -> None:
    plain, cost = costs([next(iter(HOSTILE)), name], seconds=Timeouts().total)
    check(cost, plain)
    assert cost.seconds < Timeouts().total + 1, cost


def check(cost: Cost, plain: Cost) -> None:
    assert cost.code == TYPED.get(cost.name), cost
    assert cost.ours_bytes - plain.ours_bytes <= ROOM_BYTES[cost.name], cost
    assert cost.parser_bytes - plain.parser_bytes <= ROOM_BYTES[cost.name], cost


def test_row_66_two_thousand_entries_are_read_and_those_that_are_newer_than_all(
    newsroom: Newsroom,
) -> None:
    items = ",".join(
        f'{{"id": "{number}", "title": "{number}", "date_published": "{date}T00:00:00Z"}}'
        for number, date in [
            *((number, "2026-01-02") for number in range(MOST_ENTRIES)),
            ("older", "2026-01-01"),
            ("newer", "2026-01-03"),
            ("undated", "Monday"),
            ("newest", "2026-01-04"),
        ]
    )
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{items}]}}'
    (refresh,) = polls(newsroom, Reply(body.encode()))
    titles = [tagged.entry.title for tagged in refresh.new]
    assert set(titles) == {*map(str, range(MOST_ENTRIES)), "newer", "newest"}
    assert newsroom.health().problem == (
        "This document has flaws: of its 2,004 entries 2 were left out."
    )


def test_row_66_a_body_that_is_a_path_reads_no_file(newsroom: Newsroom, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("Secret"))
    (refresh,) = polls(newsroom, Reply(str(secret).encode()))
    assert refresh.poll.error_code == "not_a_feed"
    assert newsroom.titles() == []
