"""One daemon to a database."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.errors import AlreadyRunningError, StoreError
from aggregator.store.lock import DaemonLock, is_daemon_at_work

HOLDER = """
import sys
from pathlib import Path
from aggregator.store.lock import DaemonLock
with DaemonLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_daemon_is_refused_and_told_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with (
        DaemonLock(path),
        pytest.raises(AlreadyRunningError, match=rf"process {os.getpid()}\) .*a\.db"),
        DaemonLock(path),
    ):
        pass


def test_the_lock_ends_with_its_block_and_with_an_error_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with pytest.raises(ZeroDivisionError), DaemonLock(path):
        _ = 1 / 0
    with DaemonLock(path):
        pass


def test_anybody_can_tell_whether_a_daemon_is_at_work(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    assert not is_daemon_at_work(path)
    assert not list(tmp_path.iterdir())
    with DaemonLock(path):
        assert is_daemon_at_work(path)
    assert not is_daemon_at_work(path)


def test_daemons_of_two_databases_do_not_meet(tmp_path: Path) -> None:
    with DaemonLock(tmp_path / "a.db"), DaemonLock(tmp_path / "b.db"):
        pass


def test_a_full_disk_keeps_nobody_from_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"
    with subprocess.Popen(
        [sys.executable, "-c", full + HOLDER, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError, match="process unknown"), DaemonLock(path):
            pass
        holder.kill()


def test_a_killed_daemon_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError, match=f"process {holder.pid}"), DaemonLock(path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with DaemonLock(path):
            pass


def test_a_lock_that_cannot_be_made_says_where(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"missing/a\.db\.lock"),
        DaemonLock(tmp_path / "missing" / "a.db"),
    ):
        pass
