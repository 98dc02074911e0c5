"""A place in a value is found again in the file, whatever the style of the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.source import Source
from aggregator.config.spans import in_source
from aggregator.config.tree import Mapping, Scalar, read_yaml


def scalar(text: str) -> Scalar:
    tree = read_yaml(Source("f", text))
    assert isinstance(tree, Mapping)
    value = tree.entries[0][1]
    assert isinstance(value, Scalar)
    return value


STYLES = [
    "q: one two three\n",
    "q: one\n  two\n  three\n",
    "q: 'one two three'\n",
    'q: "one\n  two\\\n  three"\n',
    "q: |\n  one\n\n    two\n  three\n",
    "q: >-  # two\n\n  one\n  two\n\n  three\n",
    "q: |2\n    one two\n  three\n",
    "q: |\r\n  one\r\n  two\r\n  three\r\n",
]


@pytest.mark.parametrize("text", STYLES)
@pytest.mark.parametrize("word", ["one", "two", "three"])
def test_a_word_is_found_in_every_style(text: str, word: str) -> None:
    value = scalar(text)
    at = value.value.index(word)
    start, end = in_source(value, at, at + len(word))
    assert text[start:end] == word


def test_escapes_count_as_what_they_stand_for() -> None:
    double = scalar('q: "\\"a\\u00e9\\t\\x41\\U0001F600\\" wrong"\n')
    at = double.value.index("wrong")
    start, end = in_source(double, at, at + 5)
    assert double.source.text[start:end] == "wrong"
    single = scalar("q: 'l''eau wrong'\n")
    at = single.value.index("wrong")
    start, end = in_source(single, at, at + 5)
    assert single.source.text[start:end] == "wrong"


def test_a_place_without_a_character_is_behind_what_stands_before_it() -> None:
    value = scalar("q: |\n  (one\n  two\n\nr: s\n")
    end = len(value.value)
    start, _ = in_source(value, end, end)
    assert value.source.text[:start].endswith("two")


def test_an_empty_value_is_its_own_place() -> None:
    assert in_source(scalar("q: ''\n"), 0, 0) == (3, 3)


@given(st.text("ab é'\"\\#\n\t:-", min_size=1, max_size=30), st.data())
def test_every_visible_character_of_a_double_quoted_text_is_found(
    written: str, draw: st.DataObject
) -> None:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    text = 'q: "' + "".join(escapes.get(letter, letter) for letter in written) + '"\n'
    value = scalar(text)
    assert value.value == written
    at = draw.draw(st.integers(0, len(written) - 1))
    start, end = in_source(value, at, at + 1)
    if not written[at].isspace():
        assert text[start:end] in {written[at], escapes.get(written[at])} or text[start] == "\\"
