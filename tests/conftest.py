"""What every test shares: hypothesis, without a clock and always with the same examples."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# Deadlines fail on a busy machine, and a run that finds what the last did not is not repeatable.
# `--hypothesis-profile=search` looks for new examples.
settings.register_profile("suite", max_examples=60, deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile("suite")

# Each commit is flushed to its disk, tens of thousands in a run; a crash of the machine is no
# test's. Where TMPDIR says something, it says it.
IN_MEMORY, ROOM_BYTES = Path("/dev/shm"), 2 * 2**30
if (
    "TMPDIR" not in os.environ
    and os.access(IN_MEMORY, os.W_OK)
    and shutil.disk_usage(IN_MEMORY).free >= ROOM_BYTES
):
    # For the processes that tests start; and for this one, which has looked before.
    os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write down what is said now as what is right"
    )


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: they often wait, for sockets and processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays to the end: it walked it again and again."""
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out, unread, what needs a browser where none is asked for: it takes long to import."""
    is_browser = collection_path == Path(__file__).parent / "browser"
    return True if is_browser and "not browser" in config.option.markexpr else None
