"""The front of the command line: what it offers, what it refuses, and how it leaves."""

import errno
import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NoReturn

import pytest

from aggregator import __version__
from aggregator.cli.main import COMMANDS, main
from tests.cli.command import command
from tests.cli.newsroom import TAGS


class Refusing(io.RawIOBase):
    """A file that takes nothing, for one reason."""

    def __init__(self, reason: int) -> None:
        self._reason = reason

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> NoReturn:
        raise OSError(self._reason, os.strerror(self._reason))


def written_to(output: object, *arguments: object) -> tuple[int, str]:
    """Run a command whose results go to ``output``; return its status and what it said."""
    errors = io.StringIO()
    with (
        redirect_stdout(io.TextIOWrapper(output, "utf-8", write_through=True)),  # type: ignore[type-var]
        redirect_stderr(errors),
        pytest.raises(SystemExit) as left,
    ):
        main([str(argument) for argument in arguments])
    assert isinstance(left.value.code, int)
    return left.value.code, errors.getvalue()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(f"feeds: []\n{TAGS}", encoding="utf-8")
    return path


def test_it_says_its_version() -> None:
    said = command("--version")
    assert (said.output, said.errors, said.status) == (
        f"aggregator, version {__version__}\n",
        "",
        0,
    )


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_its_help_lists_every_command_and_what_it_does(option: str) -> None:
    said = command(option)
    assert (said.errors, said.status) == ("", 0)
    width = max(map(len, COMMANDS)) + 2
    for name, lazy in COMMANDS.items():
        assert f"  {name:<{width}}{lazy.does}\n" in said.output
    assert "--config" in said.output
    assert "--database" in said.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(name: str) -> None:
    said = command(name, "--help")
    assert (said.errors, said.status) == ("", 0)
    assert said.output.startswith(f"Usage: aggregator {name} ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serch"], "Error: No such command 'serch'. Did you mean 'search'?"),
        (["xyzzy"], "Error: No such command 'xyzzy'."),
        (["--confg", "x", "check"], "--confg"),
        (["check", "--fromat"], "--fromat"),
        (["check", "surplus"], "surplus"),
        (["check", "--format", "xml"], "'xml' is not one of 'table', 'json'."),
        (["--config"], "Option '--config' requires an argument."),
        (["\x1b[31mred\u202e"], r"No such command '\x1b[31mred\u202e'."),
    ],
)
def test_what_is_not_there_is_a_mistake_in_using_it(arguments: list[str], told: str) -> None:
    said = command(*arguments)
    assert (said.output, said.status) == ("", 2)
    assert "Error: " in said.errors
    assert told in said.errors
    assert not set(said.errors) & {"\x1b", "\u202e"}


def test_without_a_command_it_shows_the_help_and_has_not_done_anything() -> None:
    said = command()
    assert said.status == 2
    assert "Commands:" in said.output + said.errors


def test_a_missing_configuration_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    missing = tmp_path / "feeds.yaml"
    for arguments in (["search"], ["poll"], ["run"], ["feeds"], ["emit"]):
        said = command("--config", missing, *arguments)
        assert (said.output, said.status) == ("", 2)
        assert said.errors == (
            f"aggregator: {missing}:1: {missing} does not exist:"
            " write one with `aggregator init`.\n"
        )


def test_a_sentence_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    said = command("--config", tmp_path / "\x1b[2J\u202e.yaml", "search")
    assert said.status == 2
    assert "does not exist" in said.errors
    assert not set(said.errors) & {"\x1b", "\u202e"}


# --- how it leaves ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["--help"], ["check"], ["feeds", "--format=json"], ["search", "--help"]]
)
def test_a_reader_that_has_enough_is_no_failure(config: Path, arguments: list[str]) -> None:
    assert written_to(Refusing(errno.EPIPE), "--config", config, *arguments) == (0, "")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["check"], ["feeds", "--format=json"], ["search", "--help"]]
)
def test_a_disk_too_full_for_the_results_is_one_sentence(
    config: Path, arguments: list[str]
) -> None:
    assert written_to(Refusing(errno.ENOSPC), "--config", config, *arguments) == (
        1,
        "aggregator: The output cannot be written: No space left on device.\n",
    )


def test_ctrl_c_is_one_sentence(config: Path) -> None:
    class Interrupting(Refusing):
        def write(self, _: object) -> NoReturn:
            raise KeyboardInterrupt

    assert written_to(Interrupting(0), "--config", config, "check") == (
        1,
        "\naggregator: Interrupted: what was stored stays, everything else can be repeated.\n",
    )


@pytest.mark.parametrize("arguments", [["check"], ["feeds", "--format=json"]])
def test_a_closed_pipe_leaves_nothing_behind_for_python_to_complain_of(
    config: Path, arguments: list[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "aggregator", "--config", config, *arguments],
            check=False,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_closed_streams_are_as_good_as_empty_ones(tmp_path: Path) -> None:
    feed = tmp_path / "wire.xml"
    feed.write_text("<rss version='2.0'><channel><title>Wire</title></channel></rss>")
    closing = 'exec "$0" -m aggregator --config none.yaml preview "$@" <&- >&-'
    done = [
        subprocess.run(
            ["sh", "-c", closing, sys.executable, source],
            check=False,
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
        for source in (feed.name, "-")
    ]
    assert [each.returncode for each in done] == [0, 1]
    assert done[1].stderr.endswith("aggregator: Standard input is empty.\n")
