"""Tests of the bounded decoders: what servers send, and what bombs cost."""

import gzip
import itertools
import subprocess
import sys
import zlib
from collections.abc import Iterator

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import DecodingFailedError, TooLargeError
from aggregator.fetch.decoding import Sizes, codings, decoded, shown_size
from tests.fetch.bombs import UNFOLDED_BYTES, bomb

SOURCE = "https://news.example/feed"
FEED = b"<rss>" + b"Bamako, Niamey and Ouagadougou. " * 500 + b"</rss>"


def zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd,
}


def chunked(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def decode(body: bytes, *labels: str, sizes: Sizes | None = None, chunk: int = 1000) -> bytes:
    pieces = decoded(chunked(body, chunk), labels, sizes or Sizes(), source=SOURCE)
    return b"".join(pieces)


@pytest.mark.parametrize("coding", sorted(ENCODERS))
@pytest.mark.parametrize("chunk", [1, 7, 65536])
def test_row_51_every_coding_that_is_offered_is_undone(coding: str, chunk: int) -> None:
    assert decode(ENCODERS[coding](FEED), coding, chunk=chunk) == FEED


@settings(max_examples=50)
@given(
    st.binary(max_size=2000).filter(lambda body: not body.startswith(b"\x1f\x8b")),
    st.lists(st.sampled_from(sorted(ENCODERS)), max_size=3),
    st.integers(1, 500),
)
def test_row_51_any_chain_of_codings_is_undone(body: bytes, chain: list[str], chunk: int) -> None:
    encoded = body
    for coding in chain:
        encoded = ENCODERS[coding](encoded)
    assert decode(encoded, *chain, chunk=chunk) == body


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        pytest.param(FEED, ("gzip",), id="plain, labelled gzip"),
        pytest.param(FEED, ("x-gzip",), id="plain, labelled x-gzip"),
        pytest.param(FEED, ("deflate",), id="plain, labelled deflate"),
        pytest.param(FEED, ("zstd",), id="plain, labelled zstd"),
        pytest.param(FEED, ("utf-8",), id="plain, labelled with a charset"),
        pytest.param(FEED, ("identity",), id="plain, labelled so"),
        pytest.param(gzip.compress(FEED), (), id="gzip, not labelled"),
        pytest.param(gzip.compress(FEED), ("gzip", "gzip"), id="gzip, labelled twice"),
        pytest.param(gzip.compress(gzip.compress(FEED)), ("gzip",), id="gzip twice, labelled once"),
        pytest.param(gzip.compress(gzip.compress(FEED)), ("gzip", "gzip"), id="gzip twice"),
        pytest.param(gzip.compress(FEED) + bytes(512), ("gzip",), id="gzip, padded"),
        pytest.param(
            gzip.compress(FEED[:99]) + gzip.compress(b"") + gzip.compress(FEED[99:]),
            ("gzip",),
            id="gzip, in members",
        ),
        pytest.param(zstd(FEED[:99]) + zstd(FEED[99:]), ("zstd",), id="zstd, in frames"),
    ],
)
def test_row_51_wrong_labels_do_no_harm(body: bytes, labels: tuple[str, ...]) -> None:
    for chunk in (1, 10, 65536):
        assert decode(body, *labels, chunk=chunk) == FEED


def test_an_empty_body_is_empty_under_every_label_but_br() -> None:
    assert [decode(b"", label) for label in ("gzip", "deflate", "zstd", "")] == [b""] * 4


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_row_38_a_coding_that_ends_early_is_an_error(coding: str, kept: float) -> None:
    encoded = ENCODERS[coding](FEED)
    with pytest.raises(DecodingFailedError) as caught:
        decode(encoded[: max(3, int(len(encoded) * kept))], coding)
    assert str(caught.value) == (
        f"{SOURCE} sent a body that is not what its Content-Encoding says ({coding})."
    )


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (b"\x1f\x8b" + b"nonsense", "gzip"),
        (gzip.compress(FEED)[:-8] + bytes(8), "gzip"),
        (b"\x78\x9c" + b"nonsense", "deflate"),
        (FEED, "br"),
        (b"\x28\xb5\x2f\xfd" + b"nonsense" * 9, "zstd"),
        (gzip.compress(b"") * 1001, "gzip"),
    ],
    ids=["gzip", "gzip's checksum", "deflate", "br", "zstd", "gzip's members"],
)
def test_a_broken_coding_is_an_error(body: bytes, coding: str) -> None:
    with pytest.raises(DecodingFailedError):
        decode(body, coding)


def test_a_chain_of_codings_has_an_end() -> None:
    with pytest.raises(DecodingFailedError, match="5 encodings"):
        decode(FEED, *["gzip"] * 5)


@settings(max_examples=50)
@given(st.binary(), st.lists(st.sampled_from(sorted(ENCODERS)), max_size=3))
def test_any_bytes_under_any_label_are_a_body_or_an_error(body: bytes, chain: list[str]) -> None:
    try:
        assert isinstance(decode(body, *chain), bytes)
    except DecodingFailedError as error:
        assert error.code == "decoding"  # noqa: PT017 (either way is right)


def test_content_encoding_lines_are_read_in_order() -> None:
    assert codings(()) == ()
    assert codings((b"GZip , br", b"", b"x\xe9")) == ("gzip", "br", "xé")


def test_sizes_are_shown_in_mib_once_they_have_that_much() -> None:
    assert [shown_size(size) for size in (512, 10 * 2**20, 31_981_568)] == [
        "512 bytes",
        "10 MiB",
        "30.5 MiB",
    ]


# --- limits --------------------------------------------------------------------------------------


def endless(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece)


def test_row_63_too_much_on_the_wire_is_cut_off() -> None:
    pieces = decoded(endless(b"x" * 1000), (), Sizes(wire_bytes=5000), source=SOURCE)
    with pytest.raises(TooLargeError, match=r"sent more than 5000 bytes\."):
        list(pieces)


def test_row_63_exactly_the_limit_is_fine() -> None:
    limits = Sizes(wire_bytes=len(FEED), decoded_bytes=len(FEED))
    assert decode(FEED, sizes=limits) == FEED


@pytest.mark.parametrize("coding", sorted(ENCODERS))
def test_row_63_too_much_when_unfolded_is_cut_off(coding: str) -> None:
    limits = Sizes(decoded_bytes=len(FEED) - 1)
    with pytest.raises(TooLargeError, match=f"unfolds to more than {len(FEED) - 1} bytes"):
        decode(ENCODERS[coding](FEED), coding, sizes=limits)


def test_row_63_every_coding_of_a_chain_is_limited() -> None:
    # Two megabytes of empty blocks come out of a few kilobytes, and unfold to nothing.
    empty_blocks = b"\x00\x00\x00\xff\xff" * 400_000
    nothing = gzip.compress(b"")
    inner = nothing[:10] + empty_blocks + nothing[10:]
    assert decode(inner, "gzip") == b""
    with pytest.raises(TooLargeError):
        decode(gzip.compress(inner), "gzip", "gzip")


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_row_64_a_bomb_is_given_up_after_one_mebibyte(coding: str) -> None:
    unfolded = 0
    pieces = decoded([bomb(coding)], (coding,), Sizes(), source=SOURCE)
    with pytest.raises(TooLargeError, match="200 times"):  # noqa: PT012 (how much came before it)
        for piece in pieces:
            unfolded += len(piece)
    assert unfolded <= 1.25 * 2**20


def test_row_64_much_repetition_in_a_small_document_is_no_bomb() -> None:
    document = bytes(900_000)
    assert decode(gzip.compress(document), "gzip") == document


@pytest.mark.parametrize("coding", ["gzip", "br", "widest br", "zstd"])
def test_row_64_even_a_bomb_that_is_unfolded_whole_takes_little_memory(coding: str) -> None:
    measured = subprocess.run(
        [sys.executable, "-m", "tests.fetch.bombs", coding],
        input=bomb(coding),
        capture_output=True,
        check=True,
    )
    unfolded, extra = map(int, measured.stdout.split())
    assert unfolded == UNFOLDED_BYTES
    assert extra <= 16 * 2**20
