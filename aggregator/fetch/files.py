"""Feeds that are files: only for locations that the configuration itself names.

A redirect, an OPML file or a document can never lead here: `fetch.location` takes no ``file:``
address apart, and `fetch.asking` lets only a subscription's own pass by it.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from aggregator.errors import EmptyBodyError, FileUnreadableError
from aggregator.fetch.decoding import Sizes, decoded
from aggregator.model.fetching import Document
from aggregator.text import visible

_PIECE_BYTES = 2**16


def read_file(url: str, *, now: datetime, sizes: Sizes | None = None) -> Document:
    """Read a ``file:`` URL (RFC 8089).

    Regular files only, within the limits of what comes over the network; one that is gzipped is
    unfolded. Raises FileUnreadableError, EmptyBodyError, TooLargeError or DecodingFailedError.
    """
    path = _path(url)
    shown = visible(str(path))
    try:
        body = b"".join(decoded(_chunks(path), (), sizes or Sizes(), source=shown))
    except OSError as error:
        raise FileUnreadableError(f"{shown} cannot be read: {error.strerror}.") from error
    if not body or body.isspace():
        raise EmptyBodyError(f"{shown} is empty.")
    digest = hashlib.sha256(body).hexdigest()
    return Document(url=url, body=body, body_hash=digest, fetched_at=now, admitted=True)


def _path(url: str) -> Path:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise FileUnreadableError(f"{visible(url)} is not an address of a file.") from error
    if parts.scheme != "file" or parts.netloc.lower() not in {"", "localhost"}:
        raise FileUnreadableError(
            f"{visible(url)} is not a file on this machine: write file:///path/to/feed.xml."
        )
    octets = unquote_to_bytes(parts.path)
    if b"\x00" in octets or not octets.startswith(b"/"):
        raise FileUnreadableError(
            f"{visible(url)} names no file: write its whole path, as in file:///path/to/feed.xml."
        )
    return Path(os.fsdecode(octets))


def _chunks(path: Path) -> Iterator[bytes]:
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileUnreadableError(f"{visible(str(path))} is not a regular file.")
        while chunk := file.read(_PIECE_BYTES):
            yield chunk


def _without_waiting(path: str, flags: int) -> int:
    """Open as usual, but not wait for somebody to write to a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)
