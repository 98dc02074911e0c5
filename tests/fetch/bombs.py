"""Bodies of a few kilobytes that unfold to 512 MiB of zeros, and what unfolding one costs.

Run as a program, it unfolds what stands on standard input, and prints the bytes that came out and
the memory that it took: of a process, only the highest water mark can be read.
"""

import resource
import struct
import sys
import zlib
from functools import cache, reduce

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

from aggregator.fetch.decoding import Sizes, decoded

UNFOLDED_BYTES = 512 * 2**20
_PART = bytes(2**20)
_PARTS = UNFOLDED_BYTES // len(_PART)


@cache
def bomb(coding: str) -> bytes:
    return {"gzip": _gzip, "br": _brotli, "zstd": _zstd}[coding]()


def _gzip() -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    header_and_first = deflater.compress(_PART) + deflater.flush(zlib.Z_FULL_FLUSH)
    # A full flush forgets all before, so that one part can be repeated within one stream.
    other = deflater.compress(_PART) + deflater.flush(zlib.Z_FULL_FLUSH)
    end = deflater.flush()[:-8]
    checksum = reduce(lambda checksum, _: zlib.crc32(_PART, checksum), range(_PARTS), 0)
    trailer = struct.pack("<II", checksum, UNFOLDED_BYTES)
    return header_and_first + other * (_PARTS - 1) + end + trailer


def _brotli() -> bytes:
    compressor = brotli.Compressor(quality=1)
    parts: list[bytes] = [compressor.process(_PART) for _ in range(_PARTS)]
    return b"".join([*parts, compressor.finish()])


def _zstd() -> bytes:
    compressor = zstandard.ZstdCompressor().compressobj()
    return b"".join(compressor.compress(_PART) for _ in range(_PARTS)) + compressor.flush()


def _high_water_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(coding: str) -> None:
    body = sys.stdin.buffer.read()
    no_limits = Sizes(decoded_bytes=sys.maxsize, ratio=sys.maxsize)
    before = _high_water_bytes()
    unfolded = sum(map(len, decoded([body], (coding,), no_limits, source="A bomb")))
    sys.stdout.write(f"{unfolded} {_high_water_bytes() - before}")


if __name__ == "__main__":
    main(sys.argv[1])
