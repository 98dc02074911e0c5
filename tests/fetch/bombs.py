"""Bodies of a few kilobytes that unfold to 512 MiB of zeros, and what unfolding one costs.

Run as a program, it unfolds what stands on standard input, and prints the bytes that came out and
the memory that it took: of a process, only the highest water mark can be read.
"""

import resource
import struct
import sys
import zlib
from functools import cache, reduce

import zstandard

from aggregator.fetch.decoding import Sizes, decoded

UNFOLDED_BYTES = 512 * 2**20
_PART = bytes(2**20)
_PARTS = UNFOLDED_BYTES // len(_PART)


@cache
def bomb(coding: str) -> bytes:
    return {"gzip": _gzip, "br": _brotli, "widest br": _widest_brotli, "zstd": _zstd}[coding]()


def content_coding(name: str) -> str:
    """Return what Content-Encoding says of a bomb."""
    return name.rpartition(" ")[2]


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
    """Return 809 bytes that take a compressor a third of a second to find; window of 4 MiB."""
    first = (
        "cbffff3f002000e2b14072effff8ffff070004401c1680eefd1fffffff00800088c302d0bdffe3ffff1f0010"
        "00715800baf77ffcffff030002200e0b40f7fe8fffff7f004000c46101e8defff1ffff0f000880382c00ddfb"
        "3ffeffff010001108705a07bff"
    )
    later = first.replace("cb", "c7", 1).replace("b14072", "b00074")
    return bytes.fromhex(first + later * 7 + "37")


def _widest_brotli() -> bytes:
    """Return 405 bytes, with the largest window that there is: 16 MiB (RFC 7932 §9.1)."""
    first = (
        "cfffff7f002000e2b14072effff9ffff0f0004401c1680eefd3fffffff01800088c302d0bdffe7ffff3f0010"
        "00715800baf7fffcffff070002200e0b40f7fe9fffffff004000c46101e8defff3ffff1f000880382c00ddfb"
        "7ffeffff030001108705a07bff"
    )
    return bytes.fromhex(first + first.replace("b14072", "b00074") * 3 + "3f")


def _zstd() -> bytes:
    compressor = zstandard.ZstdCompressor().compressobj()
    return b"".join(compressor.compress(_PART) for _ in range(_PARTS)) + compressor.flush()


def high_water_bytes() -> int:
    """Return the most memory that this process has had at any time."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(coding: str) -> None:
    body = sys.stdin.buffer.read()
    no_limits = Sizes(decoded_bytes=sys.maxsize, ratio=sys.maxsize)
    before = high_water_bytes()
    pieces = decoded([body], (content_coding(coding),), no_limits, source="A bomb")
    unfolded = sum(map(len, pieces))
    sys.stdout.write(f"{unfolded} {high_water_bytes() - before}")


if __name__ == "__main__":
    main(sys.argv[1])
