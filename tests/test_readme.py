"""The README tells the truth: its commands are run, and say what it shows."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.cli.command import Screen, command

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Exchange:
    """A command as the README shows it, and what it says there."""

    typed: str
    said: str


def blocks(language: str) -> list[str]:
    text = README.read_text(encoding="utf-8")
    return [found["body"] for found in BLOCK.finditer(text) if found["language"] == language]


def exchanges(block: str) -> Iterator[Exchange]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        typed, _, said = part.partition("\n")
        yield Exchange(typed, said)


def answer(typed: str) -> str:
    """Run what was typed, in this process, and return what a terminal would show."""
    program, *arguments = shlex.split(typed)
    match program, arguments:
        case "cd", [directory]:
            os.chdir(directory)
            return ""
        case "sed", _:
            return subprocess.run([program, *arguments], check=True, stdout=PIPE, text=True).stdout
        case "aggregator", [*asked, ">", file]:
            said = command(*asked)
            Path(file).write_text(said.output, encoding="utf-8")
            return said.errors
        case "aggregator", _:
            said = command(*arguments, to=Screen)
            return said.output + said.errors
        case _:
            raise AssertionError(f"{typed}: the tour uses cd, sed and aggregator alone")


def test_the_tour_says_what_the_commands_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    for variable, value in (("COLUMNS", "80"), ("NO_COLOR", "1"), ("TERM", "xterm")):
        monkeypatch.setenv(variable, value)
    tour = blocks("console")
    ran = [
        "".join(f"$ {one.typed}\n{answer(one.typed)}" for one in exchanges(block)) for block in tour
    ]
    if request.config.getoption("--update-golden"):
        text = README.read_text(encoding="utf-8")
        for shown, said in zip(tour, ran, strict=True):
            text = text.replace(f"```console\n{shown}```", f"```console\n{said}```")
        README.write_text(text, encoding="utf-8")
    else:
        assert ran == tour


def test_the_first_block_runs_the_demo_and_the_second_the_tests() -> None:
    first, second, *others = blocks("sh")
    assert not others
    assert first.rstrip().endswith(".venv/bin/aggregator demo")
    assert second.rstrip().endswith(".venv/bin/pytest")


def test_its_configuration_is_in_order(tmp_path: Path) -> None:
    (block,) = blocks("yaml")
    config = tmp_path / "feeds.yaml"
    config.write_text(block, encoding="utf-8")
    assert command("--config", config, "check").status == 0


def test_every_document_that_it_names_is_there() -> None:
    named = re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (README.parent / name).exists()] == []
