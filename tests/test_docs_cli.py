"""docs/cli.md has every command with its very options, and every command's help an example."""

import re
from inspect import cleandoc
from pathlib import Path

import click
import pytest

from aggregator.cli.main import COMMANDS, aggregator

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"
INTRODUCTION, *SECTIONS = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
DESCRIBED = {name: text for name, _, text in (part.partition("\n") for part in SECTIONS)}


def commands() -> dict[str, click.Command]:
    """Return every command by what is typed to run it."""
    context = click.Context(aggregator)
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = aggregator.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {below}": each for below, each in command.commands.items()}
    return found


COMMANDS_BY_NAME = commands()


def options(command: click.Command) -> set[str]:
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    }


def described(text: str) -> set[str]:
    items = re.findall(r"^- (.*?): ", text, flags=re.MULTILINE)
    return {name for item in items for name in re.findall(r"`(--?[a-z0-9-]+)", item)}


def test_every_command_is_described_in_the_order_of_the_help() -> None:
    assert list(DESCRIBED) == list(COMMANDS_BY_NAME)


@pytest.mark.parametrize("name", COMMANDS_BY_NAME)
def test_the_options_of_a_command_are_those_described(name: str) -> None:
    assert described(DESCRIBED[name]) == options(COMMANDS_BY_NAME[name])


def test_the_options_of_all_commands_are_those_described() -> None:
    assert described(INTRODUCTION) == options(aggregator) | {"--help"}


@pytest.mark.parametrize("name", COMMANDS_BY_NAME)
def test_the_formats_described_are_those_there_are(name: str) -> None:
    told = re.search(r"`--format ([a-z|]+)`", DESCRIBED[name])
    given = [each for each in COMMANDS_BY_NAME[name].params if "--format" in each.opts]
    forms = [each.type.choices for each in given if isinstance(each.type, click.Choice)]
    assert [tuple(told[1].split("|"))] * bool(told) == forms if told else not forms


@pytest.mark.parametrize("name", COMMANDS_BY_NAME)
def test_the_help_of_a_command_shows_an_example(name: str) -> None:
    told = cleandoc(COMMANDS_BY_NAME[name].help or "")
    assert re.search(r"^Examples?:\n  .*\baggregator ", told, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS_BY_NAME)
def test_every_option_is_explained_in_the_help(name: str) -> None:
    given = [each for each in COMMANDS_BY_NAME[name].params if isinstance(each, click.Option)]
    assert [each.name for each in given if not each.help] == []
