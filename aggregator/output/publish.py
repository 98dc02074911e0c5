"""Writes a published file so that nobody ever reads half of one."""

import contextlib
import errno
import gzip as compression
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from aggregator.errors import PublishError

_REASONS: Mapping[int, str] = {
    errno.ENOSPC: "the disk is full. Make room; the file that was there is unchanged.",
    errno.EDQUOT: "the disk quota is used up. Make room; the file that was there is unchanged.",
    errno.EFBIG: "the file would exceed a size limit; the one that was there is unchanged.",
    errno.EACCES: "permission denied. Make its directory writable for this user.",
    errno.EPERM: "permission denied. Make its directory writable for this user.",
    errno.EROFS: "the file system is read-only.",
    errno.EISDIR: "there is a directory in its place.",
    errno.ENOTDIR: "a part of its path is a file, not a directory.",
    errno.EEXIST: "a part of its path is a file, not a directory.",
    errno.ENAMETOOLONG: "its name is too long.",
    errno.ELOOP: "its symbolic links go in a circle.",
}


def write_published(path: Path, content: bytes, *, gzip: bool) -> bool:
    """Do what `write_if_changed` does; with ``gzip`` beside it, compressed, in ``….gz``.

    Both are compared with what is there, so that neither is out of date after an interruption.
    """
    changed = write_if_changed(path, content)
    if gzip:
        # Without a time of its own the same content has the same bytes (RFC 1952 §2.3.1).
        packed = compression.compress(content, mtime=0)
        write_if_changed(path.with_name(f"{path.name}.gz"), packed)
    return changed


def write_if_changed(path: Path, content: bytes) -> bool:
    """Make ``path`` hold ``content``; say whether anything had to be written.

    The file is replaced in one step (rename, POSIX), after its bytes are on the disk; the same
    bytes are not written again, so that its modification time tells of a change. Missing
    directories are made. A symbolic link stays, its target is replaced. Raises `PublishError`,
    and then the file is as it was and nothing else is left behind.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            path.stat()  # tells a circle of links, which resolve keeps to itself since Python 3.13
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise PublishError(f"Cannot write {path}: it exists and is not a file.")
        if target.exists() and target.read_bytes() == content:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
    except OSError as error:
        raise PublishError(f"Cannot write {path}: {_reason(error)}") from error
    return True


def _replace(target: Path, content: bytes) -> None:
    draft = target.parent / f".aggregator-{secrets.token_hex(8)}.tmp"
    try:
        _write_through(draft, content)
        draft.replace(target)
    except BaseException:
        # Also on Ctrl-C: a draft must not stay in a directory that is served.
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    _settle(target.parent)


def _write_through(draft: Path, content: bytes) -> None:
    """Write a new file to the disk, with the permissions that the umask leaves."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(draft, flags, 0o666), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(directory: Path) -> None:
    """Ask for the renaming to survive a power cut; not every file system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"{error}.")
