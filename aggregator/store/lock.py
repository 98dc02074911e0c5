"""One daemon to a database: a file lock that the kernel ends with the process, however it ends."""

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType

from aggregator.errors import AlreadyRunningError, StoreError


def is_daemon_at_work(database_path: Path) -> bool:
    """Tell whether somebody holds the lock of a database; where nobody can tell, nobody does."""
    with contextlib.suppress(OSError), _lock_file(database_path).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _lock_file(database_path: Path) -> Path:
    return database_path.with_name(f"{database_path.name}.lock")


class DaemonLock:
    """Held from entering to leaving a ``with`` block, on the file ``<database>.lock``.

    Entering raises `AlreadyRunningError` if another process holds it, and `StoreError` if the
    file cannot be made. The file stays behind: removing it would let two hold locks on two
    files of one name.
    """

    def __init__(self, database_path: Path) -> None:
        self._database_path = database_path
        self._path = _lock_file(database_path)
        self._descriptor: int | None = None

    def __enter__(self) -> "DaemonLock":
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"{self._path} cannot be made: {error.strerror}."
                " The database's directory must exist and be writable."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise AlreadyRunningError(
                f"Another daemon (process {holder or 'unknown'}) already works on"
                f" {self._database_path}. Stop it first, or use another database."
            ) from error
        except OSError as error:
            os.close(descriptor)
            raise StoreError(f"{self._path} cannot be locked: {error.strerror}.") from error
        with contextlib.suppress(OSError):  # whose it is may be unknown: a full disk locks, too
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
