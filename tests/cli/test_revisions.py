"""How the change of a text is shown."""

import pytest

from aggregator.cli.revisions import told_difference
from aggregator.cli.terminal import Terminal, draw
from aggregator.differences import MOST_WORDS, difference


def shown(before: str, after: str) -> str:
    return told_difference(difference(before, after), colour=False).plain


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Talks resume today", "Talks fail today", "Talks [-resume-] {+fail+} today"),
        ("one two", "one two three", "one two {+three+}"),
        ("one two three", "two three", "[-one-] two three"),
        ("", "new", "{+new+}"),
        ("gone", "", "[-gone-]"),
        ("a\x1b[31m", "b", "[-a␛[31m-] {+b+}"),
    ],
)
def test_words_that_went_and_came_are_marked(before: str, after: str, told: str) -> None:
    assert shown(before, after) == told


def test_only_what_stands_around_a_change_is_shown() -> None:
    words = [f"w{number}" for number in range(50)]
    changed = [*words[:20], "NEW", *words[21:]]
    told = shown(" ".join(words), " ".join(changed))
    assert told == "… w15 w16 w17 w18 w19 [-w20-] {+NEW+} w21 w22 w23 w24 w25 …"


def test_a_giant_change_is_compared_in_part() -> None:
    before, after = "a " * 50_000, "b " * 50_000
    told = shown(before, after)
    assert told.endswith("(the rest is not compared)")
    assert len(told) < 10 * MOST_WORDS


def test_colours_stand_for_the_signs_on_a_terminal() -> None:
    told = draw([told_difference(difference("old", "new"), colour=True)], Terminal(80, colour=True))
    assert told == "\x1b[9;31mold\x1b[0m \x1b[32mnew\x1b[0m\n"
