"""A feed's ``url:`` → where it is: a web address, a file, or a directory of feed files."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from aggregator.config.keys import closest
from aggregator.urls import fetchable, without_feed_scheme

FEED_SUFFIXES = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http or https URL."""

    url: str


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file, which need not exist yet; ``path`` is absolute."""

    path: Path


@dataclass(frozen=True, slots=True)
class FeedDirectory:
    """A directory; ``path`` is absolute."""

    path: Path


class AddressError(ValueError):
    """What is written cannot be an address; the sentence says what may be written."""


def locate(written: str, base: Path) -> WebAddress | FeedFile | FeedDirectory:
    """Find what a ``url:`` names; paths are relative to ``base``, which is absolute.

    Raises `AddressError`.
    """
    if "://" in written and len(written.split()) > 1:
        raise AddressError(f"{written!r} contains a space: in a URL it is written %20.")
    written = without_feed_scheme(written)
    scheme, colon, _ = written.partition(":")
    scheme = scheme.lower()
    if colon and scheme in {"http", "https"}:
        return WebAddress(_checked(written))
    if colon and scheme == "file":
        return _on_disk(_path_of(written))
    if "://" in written:
        raise AddressError(_unknown_scheme(written, scheme))
    return _path(written, base)


def _checked(url: str) -> str:
    if not fetchable(url):
        raise AddressError(f"{url!r} is not a URL: write it like https://www.example.org/rss.")
    return url


def _unknown_scheme(written: str, scheme: str) -> str:
    rest = written.partition("://")[2]
    if meant := closest(scheme, ("http", "https")):
        return f"{written!r} is not a web address: did you mean {meant}://{rest}?"
    return f"{written!r} cannot be polled: a feed is an http or https URL, or a file."


def _path_of(url: str) -> Path:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc not in {"", "localhost"} or not path.startswith("/") or "\0" in path:
        raise AddressError(
            f"{url!r} names no file of this machine: write file:///path/to/feed.xml."
        )
    return Path(path)


def _path(written: str, base: Path) -> FeedFile | FeedDirectory:
    if written.startswith("~"):
        raise AddressError(f"{written!r}: `~` is not expanded here, write the whole path.")
    found = Path(os.path.normpath(base / written))
    if written.startswith(("/", "./", "../")) or os.path.exists(found):
        return _on_disk(found)
    first = written.partition("/")[0]
    if "." in first.strip(".") and " " not in first:
        raise AddressError(
            f"{written!r} is neither a URL nor an existing file: did you mean https://{written}?"
        )
    raise AddressError(
        f"{written!r} is neither a URL nor an existing file or directory:"
        " write a URL like https://www.example.org/rss, or a path from this file's directory."
    )


def _on_disk(path: Path) -> FeedFile | FeedDirectory:
    return FeedDirectory(path) if os.path.isdir(path) else FeedFile(path)


def feed_files(directory: Path) -> tuple[Path, ...]:
    """Return the feed files directly in a directory, sorted by name, hidden ones left out."""
    try:
        found = sorted(directory.iterdir())
    except OSError as error:
        raise AddressError(f"{directory} cannot be read: {error.strerror}.") from None
    return tuple(
        path
        for path in found
        if path.suffix.lower() in FEED_SUFFIXES and path.name[0] != "." and path.is_file()
    )


def key_in(directory: str, name: str) -> str:
    """Return the key of a file in a directory that is written as ``directory``."""
    is_url = directory.lower().startswith("file:")
    return f"{directory.rstrip('/')}/{quote(name) if is_url else name}"
