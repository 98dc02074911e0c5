"""Where commands write, how wide, in which colours and in which zone."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.text import Text

from aggregator.cli import terminal
from aggregator.cli.terminal import Terminal


class Screen:
    """A stdout that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "value", "colour"),
    [
        ("NO_COLOR", "", True),
        ("NO_COLOR", "1", False),
        ("TERM", "dumb", False),
    ],
)
def test_a_terminal_has_a_width_and_colours_unless_declined(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, colour: bool
) -> None:
    monkeypatch.setattr("sys.stdout", Screen())
    for variable, usual in (("COLUMNS", "72"), ("TERM", "xterm"), ("NO_COLOR", ""), (name, value)):
        monkeypatch.setenv(variable, usual)
    assert terminal.stdout() == Terminal(columns=72, colour=colour)


def test_a_pipe_has_neither() -> None:
    assert terminal.stdout() == Terminal(columns=None, colour=False)


@pytest.mark.parametrize("name", ["Africa/Casablanca", ":Africa/Casablanca"])
def test_the_zone_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TZ", name)
    assert terminal.zone(utc=False) == ZoneInfo("Africa/Casablanca")
    assert terminal.zone(utc=True) == UTC


def test_without_it_the_zone_is_that_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    monkeypatch.setattr(terminal, "LOCALTIME", link)
    assert str(terminal.zone(utc=False)) == "Asia/Tokyo"


@pytest.mark.parametrize("name", ["CET-1CEST", "../../etc/passwd", "Nowhere/Town", "/"])
def test_a_zone_without_a_name_is_an_offset(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TZ", name)
    assert str(terminal.zone(utc=False)).startswith("UTC")


def test_what_is_said_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.complain("\x1b[31mred\nsecond line")
    assert capsys.readouterr().err == "aggregator: ␛[31mred\nsecond line\n"


def test_pairs_and_columns_fit_the_terminal() -> None:
    parts = (
        terminal.pairs([("label", Text("word " * 40))]),
        terminal.columns(["name", "count"], [("x" * 100, 12_345), ("\x1b[1m", 1)]),
    )
    narrow = terminal.draw(parts, Terminal(columns=40)).splitlines()
    assert max(map(cell_len, narrow)) <= 40
    whole = terminal.draw(parts, Terminal())
    assert len(whole.splitlines()) == 4
    assert f"{'x' * 100}  12,345\n" in whole
    assert "\x1b" not in whole


def test_half_a_character_is_a_question_mark(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    terminal.write_text("a\ud800é\n")
    assert capfdbinary.readouterr().out == "a?é\n".encode()
