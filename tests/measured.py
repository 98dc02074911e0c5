"""What hostile answers cost, all the way: through the client, and then in a parser's process.

Run as a program, with a time limit in seconds and urls, it polls one after the other and prints
a JSON list of what each came to. Of a process only the highest water mark can be read, so what
all have cost by then is told of each.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from ipaddress import ip_network
from itertools import chain, repeat
from subprocess import run

import brotli  # type: ignore[import-untyped]  # ships no types

from aggregator.errors import FeedError
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.patience import Timeouts
from aggregator.model.fetching import Document, FetchRequest
from aggregator.parse.workers import Workers
from aggregator.pipeline import read
from tests.builders import NOW
from tests.fetch.bombs import bomb, content_coding, high_water_bytes
from tests.publisher import Drip, Publisher, Reply, Scripted

OK = b"HTTP/1.1 200 OK\r\n"
DEEP = 100_000
ITEM = b'<rss version="2.0"><channel><title>N</title><item><title>%s</title><description>%s'
CLOSED = b"</description></item></channel></rss>"


def _bomb(coding: str) -> Reply:
    return Reply(bomb(coding), headers=((b"Content-Encoding", content_coding(coding).encode()),))


def _laughs() -> bytes:
    entities = (b'<!ENTITY l%d "%s">' % (each, b"&l%d;" % (each - 1) * 10) for each in range(1, 10))
    return b'<!DOCTYPE l [<!ENTITY l0 "lol">%s]>' % b"".join(entities) + ITEM % (b"&l9;", CLOSED)


def _quadratic() -> bytes:
    entity = b'<!DOCTYPE q [<!ENTITY q "%s">]>' % (b"x" * 100_000)
    return entity + ITEM % (b"&q;" * 20_000, CLOSED)


def _json(nested: bytes) -> bytes:
    return b'{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": %s}' % nested


HOSTILE: dict[str, Scripted] = {
    "plain": Reply(
        brotli.compress(ITEM % (b"A", b"&lt;p&gt;One &lt;b&gt;feed&lt;/b&gt; like many." + CLOSED)),
        headers=((b"Content-Encoding", b"br"),),
    ),
    "brotli-bomb": _bomb("br"),
    "gzip-bomb": _bomb("gzip"),
    "zstd-bomb": _bomb("zstd"),
    "header-drip": Drip(chain([OK], repeat(b"X-Drip: 1\r\n")), 0.02),
    "body-drip": Drip(chain([OK, b"\r\n"], repeat(b"x")), 0.02),
    "deep-xml": Reply(ITEM % (b"A", b"<b>" * DEEP + b"</b>" * DEEP + CLOSED)),
    "deep-xml-unclosed": Reply(ITEM % (b"A", b"<b>" * DEEP)),
    "deep-html": Reply(ITEM % (b"A", b"&lt;div&gt;" * DEEP + CLOSED)),
    "deep-json-lists": Reply(_json(b"[" * DEEP + b"]" * DEEP)),
    "deep-json-objects": Reply(_json(b'{"a":' * DEEP + b"1" + b"}" * DEEP)),
    "billion-laughs": Reply(_laughs()),
    "quadratic-blow-up": Reply(_quadratic()),
    "widest-brotli-bomb": _bomb("widest br"),
}
"""Answers by their names; the first is the one that the others are measured against."""

TYPED = {
    **dict.fromkeys(("brotli-bomb", "widest-brotli-bomb", "gzip-bomb", "zstd-bomb"), "too_large"),
    **dict.fromkeys(("header-drip", "body-drip"), "timeout"),
    **dict.fromkeys(("deep-json-lists", "deep-json-objects"), "parser_limit"),
}
"""What of them is an error, and which; the others are read, as far as that is possible."""

ROOM_BYTES = dict.fromkeys(HOSTILE, 16 * 2**20) | {"widest-brotli-bomb": 17 * 2**20}
"""What each may cost beyond the first; the widest window of brotli is 16 MiB by itself."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one url came to; ``code`` is that of its error."""

    name: str
    code: str | None
    seconds: float
    ours_bytes: int
    parser_bytes: int


def costs(names: list[str], seconds: float) -> list[Cost]:
    """Measure these answers, one after the other, in a process that has done nothing before."""
    with Publisher() as publisher:
        for name in names:
            publisher.serve(f"/{name}", HOSTILE[name])
        urls = [publisher.url(f"/{name}") for name in names]
        done = run(
            [sys.executable, "-m", "tests.measured", str(seconds), *urls],
            capture_output=True,
            check=True,
            timeout=60 + 3 * seconds * len(names),
        )
    return [Cost(**cost) for cost in json.loads(done.stdout)]


def _polled(urls: list[str], seconds: float) -> Iterator[Cost]:
    settings = ClientSettings(
        allow_addresses=(ip_network("127.0.0.0/8"),), timeouts=Timeouts(total=seconds)
    )
    with closing(Client(settings, lambda: NOW)) as client, Workers(1) as workers:
        for url in urls:
            code, began = None, time.monotonic()
            try:
                document = client.fetch(FetchRequest(url))
                assert isinstance(document, Document)
                workers.run(read, document, url)
            except FeedError as error:
                code = error.code
            took = time.monotonic() - began
            parser_bytes = workers.run(high_water_bytes)
            yield Cost(url.rpartition("/")[2], code, took, high_water_bytes(), parser_bytes)


if __name__ == "__main__":
    polled = _polled(sys.argv[2:], float(sys.argv[1]))
    sys.stdout.write(json.dumps([asdict(cost) for cost in polled]))
