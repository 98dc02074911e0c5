"""Content codings undone in small pieces, so that no bomb unfolds before a limit can act.

::

    wire ─▶ last coding named ─▶ … ─▶ first coding named ─▶ gzip, if it still looks so ─▶ document

Servers label wrongly: what is labelled and does not look like it passes as it is, an unknown
label counts for nothing, and what still begins like gzip at the end is unfolded once more.
"""

import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

from aggregator.errors import DecodingFailedError, TooLargeError

MEBIBYTE = 2**20

_PIECE_BYTES = 2**16
_SLICE_BYTES = 2**12
_MAX_CODINGS = 4
_MAX_GZIP_MEMBERS = 1000
_MAX_ZSTD_WINDOW_BYTES = 2**23  # RFC 8878 §3.1.1.1.2 lets decoders refuse more
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"

_BROKEN = (zlib.error, brotli.error, zstandard.ZstdError, EOFError)
"""What the three libraries, and the end of an unfinished stream, raise."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The limits of one body; ``ratio`` is decoded bytes per byte on the wire, once there are
    ``ratio_from_bytes`` of them."""

    wire_bytes: int = 10 * MEBIBYTE
    decoded_bytes: int = 30 * MEBIBYTE
    ratio: int = 200
    ratio_from_bytes: int = MEBIBYTE


def codings(values: tuple[bytes, ...]) -> tuple[str, ...]:
    """Return the codings that Content-Encoding lines name, in the order they were applied."""
    named = b",".join(values).decode("latin-1").lower().split(",")
    return tuple(name.strip() for name in named if name.strip())


def decoded(
    wire: Iterable[bytes], codings: tuple[str, ...], sizes: Sizes, *, source: str
) -> Iterator[bytes]:
    """Yield a body as it was before its codings, in pieces of about 64 KiB.

    ``source`` begins the sentence of an error. Raises TooLargeError as soon as a limit is
    exceeded, DecodingFailedError where a coding is broken or ends too early.
    """
    if len(codings) > _MAX_CODINGS:
        raise DecodingFailedError(f"{source} sent a body with {len(codings)} encodings.")
    meter = _Meter(wire, sizes, source)
    pieces: Iterator[bytes] = iter(meter)
    for coding in (*reversed(codings), "gzip"):
        if coding in _DECODERS:
            pieces = meter.measured(_DECODERS[coding](_Input(pieces)))
    try:
        yield from pieces
    except _BROKEN as error:
        raise DecodingFailedError(
            f"{source} sent a body that is not what its Content-Encoding says"
            f" ({', '.join(codings) or 'none'})."
        ) from error


class _Meter:
    """The wire, counted; and the limits on what is made of it, for every coding by itself."""

    def __init__(self, wire: Iterable[bytes], sizes: Sizes, source: str) -> None:
        self._wire = wire
        self._wire_bytes = 0
        self._sizes = sizes
        self._source = source

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._wire:
            # Slices, so that the ratio speaks of what was unfolded so far, not of what waits.
            for start in range(0, len(chunk), _SLICE_BYTES):
                yield self._counted(chunk[start : start + _SLICE_BYTES])

    def _counted(self, piece: bytes) -> bytes:
        self._wire_bytes += len(piece)
        if self._wire_bytes > self._sizes.wire_bytes:
            raise TooLargeError(
                f"{self._source} sent more than {shown_size(self._sizes.wire_bytes)}."
            )
        return piece

    def measured(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        decoded_bytes = 0
        for piece in pieces:
            decoded_bytes += len(piece)
            if decoded_bytes > self._sizes.decoded_bytes:
                raise TooLargeError(
                    f"{self._source} sent a body that unfolds to more than"
                    f" {shown_size(self._sizes.decoded_bytes)}."
                )
            large = decoded_bytes > self._sizes.ratio_from_bytes
            if large and decoded_bytes > self._sizes.ratio * self._wire_bytes:
                raise TooLargeError(
                    f"{self._source} sent a body that unfolds to more than"
                    f" {self._sizes.ratio} times its size, as only bombs do."
                )
            yield piece


def shown_size(size_bytes: int) -> str:
    """Return a size for people, in MiB where it has that much."""
    if size_bytes >= MEBIBYTE:
        return f"{size_bytes / MEBIBYTE:.4g} MiB"
    return f"{size_bytes} bytes"


class _Input:
    """Chunks that can be looked into, put back, and read like a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._pending = b""

    def begins_with(self, magic: bytes) -> bool:
        while len(self._pending) < len(magic):
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._pending += chunk
        return self._pending.startswith(magic)

    def put_back(self, unused: bytes) -> None:
        self._pending = unused + self._pending

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(_PIECE_BYTES):
            yield piece

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes (-1: as many as come at once), none at the end."""
        while not self._pending:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._pending = chunk
        if size < 0 or len(self._pending) <= size:
            piece, self._pending = self._pending, b""
        else:
            piece, self._pending = self._pending[:size], self._pending[size:]
        return piece


def _unzipped(source: _Input) -> Iterator[bytes]:
    """Undo gzip (RFC 1952), all members; zeros and other litter after the last are dropped."""
    if not source.begins_with(_GZIP):
        yield from source
        return
    members = 0
    while source.begins_with(_GZIP):
        members += 1
        if members > _MAX_GZIP_MEMBERS:
            raise EOFError
        source.put_back((yield from _inflated(source, zlib.MAX_WBITS | 16)))


def _undeflated(source: _Input) -> Iterator[bytes]:
    """Undo deflate, which is the zlib format (RFC 9110 §8.4.1.2)."""
    if source.begins_with(b"\x78"):
        yield from _inflated(source, zlib.MAX_WBITS)
    else:
        yield from source


def _inflated(source: _Input, window: int) -> Generator[bytes, None, bytes]:
    """Inflate one stream; return the bytes taken after its end."""
    inflater = zlib.decompressobj(window)
    for chunk in source:
        pending = chunk
        while True:
            piece = inflater.decompress(pending, _PIECE_BYTES)
            yield piece
            if inflater.eof:
                return inflater.unused_data
            pending = inflater.unconsumed_tail
            # A full piece may leave output behind even where all input is consumed.
            if not pending and len(piece) < _PIECE_BYTES:
                break
    raise EOFError


def _unbrotlied(source: _Input) -> Iterator[bytes]:
    """Undo br (RFC 7932); its window is at most 16 MiB."""
    decoder = brotli.Decompressor()
    for chunk in source:
        pending = chunk
        while True:
            piece: bytes = decoder.process(pending, output_buffer_limit=_PIECE_BYTES)
            yield piece
            if decoder.is_finished():
                return
            pending = b""
            # It can take more input while it still holds output: only an empty piece ends that.
            if not piece and decoder.can_accept_more_data():
                break
    raise EOFError


def _unzstded(source: _Input) -> Iterator[bytes]:
    """Undo zstd (RFC 8878), all frames. The library does not say whether the last is whole."""
    if not source.begins_with(_ZSTD):
        yield from source
        return
    decoder = zstandard.ZstdDecompressor(max_window_size=_MAX_ZSTD_WINDOW_BYTES)
    with decoder.stream_reader(source, read_across_frames=True) as reader:  # type: ignore[arg-type]  # only read() is called
        while piece := reader.read(_PIECE_BYTES):
            yield piece


_DECODERS: dict[str, Callable[[_Input], Iterator[bytes]]] = {
    "gzip": _unzipped,
    "x-gzip": _unzipped,
    "deflate": _undeflated,
    "br": _unbrotlied,
    "zstd": _unzstded,
}
