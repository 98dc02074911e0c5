"""Sentences on stderr: whole in a pipe, broken between words on a terminal."""

import io

import pytest

from aggregator.cli.wrapping import told

LONG = "feeds.yaml:104: The tag `energy-and-mining`: three letters or fewer stand alone."


class Screen(io.StringIO):
    """A stderr that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def show_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Screen())
    monkeypatch.setenv("COLUMNS", "40")


def test_in_a_pipe_a_sentence_is_one_line() -> None:
    assert told(LONG) == LONG


def test_on_a_terminal_lines_break_between_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show_on_screen(monkeypatch)
    assert told(LONG).split("\n") == [
        "feeds.yaml:104: The tag",
        "  `energy-and-mining`: three letters or",
        "  fewer stand alone.",
    ]


def test_a_line_with_carets_below_it_is_never_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show_on_screen(monkeypatch)
    excerpt = f"  {LONG}\n       ^^^"
    assert told(f"Wrong.\n{excerpt}") == f"Wrong.\n{excerpt}"


def test_addresses_stay_whole_and_nothing_acts_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show_on_screen(monkeypatch)
    address = "https://news.example/" + "long/" * 10
    assert told(f"{address} cannot be read.").split("\n") == [address, "  cannot be read."]
    assert told("a\x1b[31mb") == "a␛[31mb"
