"""Bytes that nobody would think of, led by coverage: `python -m benchmarks.fuzzing [SECONDS]`.

Every body becomes a feed or a `ParseError`; twice the same one; what is normalised keeps the laws
of `tests.invariants`. It begins with every fixture, and runs ten minutes unless told otherwise.
What breaks a law is written to ``crash-…`` in the working directory. Needs the dependency group
``fuzz``.
"""

import sys
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["aggregator", "feedparser", "html"]):
    from aggregator.errors import ParseError
    from aggregator.model.entries import Entry, Feed
    from aggregator.model.fetching import Document
    from aggregator.normalise import normalise
    from aggregator.parse.document import parse_document

from tests.invariants import broken

FIXTURES = Path(__file__).parents[1] / "tests" / "data" / "feeds"
LONGEST_BYTES = 16_384
SLOWEST_SECONDS = 20
SERVED = (
    None,
    "text/xml; charset=iso-8859-1",
    "application/rss+xml; charset=utf-16",
    "text/html; charset=shift_jis",
)
"""What the first byte of an input chooses from."""

URLS = ("https://feeds.example/a/feed.xml", "feeds/a.xml", "", "https://xn--a.example:1/?")
WORDS = (
    *("<item>", "</item>", "<entry>", "</entry>", "<channel>", "<title>", "<link>", "<guid>"),
    *("<![CDATA[", "]]>", "<!--", "-->", "<?xml", "?>", "<!DOCTYPE", "<!ENTITY", "&#x", "&#150;"),
    *("&nbsp;", "&lt;", "&amp;", "xml:base=", "xmlns:", "xmlns=", "type=", "xhtml", "<div>"),
    *("<description>", "<content:encoded>", "<media:content", "<itunes:duration>", "<pubDate>"),
    *("<georss:point>", "<podcast:transcript", "<source", "<author>", "<category", "<dc:date>"),
    *('"items":', '"attachments":', '"date_published":', "\\\\ud800", "javascript:", "data:"),
    *("<script>", "<img src=", "srcset=", "<iframe", "style=", "<a href=", "<br>", "<table>"),
)

Result = tuple[Feed, tuple[Entry, ...]] | str


def read(raw: bytes) -> Result:
    """Return what becomes of a body, or the sentence that it is refused with."""
    choice, body = (raw[0], raw[1:]) if raw else (0, b"")
    url = URLS[choice // len(SERVED) % len(URLS)]
    digest = sha256(body).hexdigest()
    at = datetime(2024, 3, 5, 12, tzinfo=UTC)
    document = Document(url, body, digest, at, SERVED[choice % len(SERVED)])
    try:
        return normalise(parse_document(document), key=url, url=url)
    except ParseError as error:
        return str(error)


def check(raw: bytes) -> None:
    """Raise whatever escapes, and `AssertionError` for a law that does not hold."""
    first = read(raw)
    assert first == read(raw), "the same document was read otherwise"
    laws = [] if isinstance(first, str) else broken(*first)
    assert not laws, "; ".join(laws[:3])


def begin(corpus: Path, words: Path) -> None:
    """Write what the fuzzer begins with: every fixture, and words of feeds."""
    for path in FIXTURES.rglob("*.*"):
        if path.suffix in {".xml", ".json"} and not path.name.endswith(".expected.json"):
            body = path.read_bytes()
            (corpus / f"{path.parent.name}-{path.name}").write_bytes(b"\0" + body[:LONGEST_BYTES])
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")


def main() -> None:
    """Fuzz for the seconds that are asked for."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as workshop:
        corpus, words = Path(workshop, "corpus"), Path(workshop, "words")
        corpus.mkdir()
        begin(corpus, words)
        options = (
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST_BYTES}",
            f"-timeout={SLOWEST_SECONDS}",
            f"-dict={words}",
            "-rss_limit_mb=2048",
            "-len_control=0",
        )
        atheris.Setup([sys.argv[0], *options, str(corpus)], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
