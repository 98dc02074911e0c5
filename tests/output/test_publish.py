"""Files that readers fetch while we write them."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.errors import PublishError
from aggregator.output.publish import write_if_changed

LONG_AGO = 1_000_000_000


def test_a_new_file_is_written_and_its_directory_made(tmp_path: Path) -> None:
    path = tmp_path / "public" / "africa" / "sahel.atom"
    assert write_if_changed(path, b"<feed/>") is True
    assert path.read_bytes() == b"<feed/>"
    assert os.listdir(path.parent) == ["sahel.atom"]


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "sahel.atom"
    write_if_changed(path, b"<feed/>")
    os.utime(path, (LONG_AGO, LONG_AGO))
    before = path.stat()
    assert write_if_changed(path, b"<feed/>") is False
    after = path.stat()
    assert (after.st_ino, after.st_mtime) == (before.st_ino, LONG_AGO)


def test_other_bytes_replace_the_file_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "sahel.atom"
    write_if_changed(path, b"old and longer")
    with path.open("rb") as reader:
        assert write_if_changed(path, b"new") is True
        assert reader.read() == b"old and longer", "who reads the old file reads all of it"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["sahel.atom"]


def test_an_empty_file_can_be_published(tmp_path: Path) -> None:
    path = tmp_path / "nothing.jsonl"
    assert write_if_changed(path, b"") is True
    assert write_if_changed(path, b"") is False


def test_the_umask_decides_on_the_permissions(tmp_path: Path) -> None:
    path, ordinary = tmp_path / "sahel.atom", tmp_path / "ordinary"
    ordinary.write_bytes(b"")
    write_if_changed(path, b"<feed/>")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)


def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "elsewhere" / "sahel.atom", tmp_path / "sahel.atom"
    link.symlink_to(target)
    write_if_changed(link, b"<feed/>")
    assert link.is_symlink()
    assert target.read_bytes() == b"<feed/>"


def test_a_directory_in_the_way_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "sahel.atom"
    path.mkdir()
    with pytest.raises(PublishError, match=r"sahel\.atom: it exists and is not a file\.$"):
        write_if_changed(path, b"<feed/>")
    assert os.listdir(tmp_path) == ["sahel.atom"]
    assert path.is_dir()


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="/dev/full: it exists and is not a file"):
        write_if_changed(Path("/dev/full"), b"<feed/>")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_a_file_where_a_directory_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "public").write_bytes(b"a file")
    with pytest.raises(PublishError, match="a part of its path is a file"):
        write_if_changed(tmp_path / "public" / "sahel.atom", b"<feed/>")
    with pytest.raises(PublishError, match="a part of its path is a file"):
        write_if_changed(tmp_path / "public" / "africa" / "sahel.atom", b"<feed/>")


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="its name is too long"):
        write_if_changed(tmp_path / ("x" * 300), b"<feed/>")
    assert os.listdir(tmp_path) == []


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(PublishError, match=r"its symbolic links go in a circle"):
        write_if_changed(tmp_path / "a", b"<feed/>")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_directory_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PublishError, match="permission denied"):
        write_if_changed(tmp_path / "sahel.atom", b"<feed/>")


def test_when_no_more_can_be_written_the_old_file_stays_and_no_draft_does(tmp_path: Path) -> None:
    path = tmp_path / "sahel.atom"
    path.write_bytes(b"<feed>old</feed>")
    program = (
        "import signal, sys; from pathlib import Path;"
        "from aggregator.errors import PublishError;"
        "from aggregator.output.publish import write_if_changed;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: write_if_changed(Path(sys.argv[1]), bytes(100_000))\n"
        "except PublishError as error: print(error)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == (
        f"Cannot write {path}: the file would exceed a size limit;"
        " the one that was there is unchanged.\n"
    )
    assert path.read_bytes() == b"<feed>old</feed>"
    assert os.listdir(tmp_path) == ["sahel.atom"]
