"""An address on the command line → what to request, and how the configuration writes it."""

import os
from pathlib import Path

from aggregator.config.addresses import (
    AddressError,
    FeedDirectory,
    FeedFile,
    WebAddress,
    feed_files,
    locate,
)
from aggregator.errors import UsageError


def located(written: str) -> WebAddress | FeedFile | FeedDirectory:
    """Find what is meant; paths are relative to the working directory. Raises `UsageError`."""
    try:
        return locate(written, Path.cwd())
    except AddressError as error:
        raise UsageError(str(error)) from None


def files_in(directory: Path) -> tuple[Path, ...]:
    """Return the feed files of a directory. Raises `UsageError` if it cannot be read."""
    try:
        return feed_files(directory)
    except AddressError as error:
        raise UsageError(str(error)) from None


def location_of(written: str) -> str:
    """Return the URL to request. Raises `UsageError`, for a directory as well."""
    match located(written):
        case WebAddress(url):
            return url
        case FeedFile(path):
            return path.as_uri()
        case FeedDirectory(path):
            raise UsageError(f"{path} is a directory: name a file in it.")


def written_in(config: Path, path: Path) -> str:
    """Return how a configuration writes a path: relative to itself for what lies beside it."""
    base = config.parent.resolve()
    there = path.parent.resolve() / path.name
    return f"./{os.path.relpath(there, base)}" if there.is_relative_to(base) else str(there)
