"""The configuration file is edited in place: one writer at a time, whole or not at all."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.config.source import decode
from aggregator.errors import UsageError

_MARK = "\ufeff"


def edit_file(path: Path, change: Callable[[str], str]) -> bool:
    """Replace a file's text by what ``change`` makes of it; return whether it differs.

    Readers see the old file or the new one; its mode stays, and a symbolic link stays one.
    Raises `UsageError` if the file cannot be read or written, `ConfigError` if it is not UTF-8,
    and whatever ``change`` raises; the file is then as it was.
    """
    target = path.resolve()
    try:
        with _alone_in(target.parent):
            body = target.read_bytes()
            text = decode(str(path), body).text
            # The byte order mark is not part of the text, but of the bytes that stay.
            mark = _MARK if body.startswith(_MARK.encode()) else ""
            changed = (mark + change(text)).encode()
            if changed == body:
                return False
            _replace(target, changed)
            return True
    except OSError as error:
        raise UsageError(f"{path} cannot be edited: {error.strerror or error}.") from error


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Keep other editors out, by the directory: a lock on the file would go with the old file."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fchmod(file.fileno(), path.stat().st_mode & 0o7777)
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
