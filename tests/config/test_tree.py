"""YAML is read without guessing, and what it says of mistakes is put in our words."""

from collections.abc import Iterator
from time import perf_counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.sayings import translate
from aggregator.config.source import Source, decode
from aggregator.config.tree import MAX_CHARACTERS, Mapping, Scalar, Sequence, read_yaml
from aggregator.errors import ConfigError, Problem


def refusal(text: str) -> Problem:
    with pytest.raises(ConfigError) as caught:
        read_yaml(Source("feeds.yaml", text))
    (problem,) = caught.value.problems
    return problem


def test_every_scalar_is_text_and_no_type_is_guessed() -> None:
    tree = read_yaml(Source("f", "lang: no\nday: 2024-05-01\nsize: 0x10\n"))
    assert isinstance(tree, Mapping)
    assert [value.value for _, value in tree.entries if isinstance(value, Scalar)] == [
        "no",
        "2024-05-01",
        "0x10",
    ]


def test_a_value_knows_where_it_stands() -> None:
    text = "feeds:\n  - 'a'\n  - b # c\n\n# d\nnext: {x: [y]}\n"
    tree = read_yaml(Source("f", text))
    assert isinstance(tree, Mapping)
    feeds, after = (value for _, value in tree.entries)
    assert isinstance(feeds, Sequence)
    assert isinstance(after, Mapping)
    assert text[feeds.start : feeds.end] == "- 'a'\n  - b"
    assert (feeds.flow, after.flow) == (False, True)
    assert text[after.start : after.end] == "{x: [y]}"


def test_a_value_left_out_does_not_reach_into_what_follows() -> None:
    text = "feeds:\n  - url:\n\n# a comment\n"
    tree = read_yaml(Source("f", text))
    assert isinstance(tree, Mapping)
    assert text[: tree.end] == "feeds:\n  - url:"


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_a_file_without_a_document_is_nothing(text: str) -> None:
    assert read_yaml(Source("f", text)) is None


BLOCK_HINT = "If it is text, put it in single quotes; if it is a query, in a block"

MISTAKES = [
    ('a: b\nquery: "x" OR "y"\n', 2, BLOCK_HINT),
    ("query: *militar* OR b\n", 1, BLOCK_HINT),
    ("query: *word\n", 1, BLOCK_HINT),
    ("query: !x y\n", 1, BLOCK_HINT),
    ("query: %x\n", 1, BLOCK_HINT),
    ("query: @x\n", 1, BLOCK_HINT),
    ("query: [x\nb: y\n", 1, "not closed by `]`"),
    ("query: {x: y\nb: y\n", 1, "not closed by `}`"),
    ("a: 'x\nb: y\n", 1, "not closed"),
    ('a: "\\q"\n', 1, "use single quotes"),
    ("a:\n\tb: c\n", 2, "YAML wants spaces"),
    ("a: b: c\n", 1, "in quotes"),
    ("a: b\n c: d\n", 2, "indentation"),
    ("- a\nb: c\n", 2, "indentation"),
    (" a: b\nc: d\n", 2, "indentation"),
    ("a: b\nno colon here\n", 2, "without `:`"),
    ("a: >x\n b\n", 1, "next line"),
    ("a: b\nc: \x07\n", 2, "U+0007"),
    ("a: b\n---\nc: d\n", 2, "second document"),
    ("a: &x b\n", 1, "anchors are not used"),
    ("a: 1\n? [b]\n: c\n", 2, "A key must be a word"),
    ("a: b\nc: !!python/object:os.system x\n", 2, "tags are not used"),
]


@pytest.mark.parametrize(("text", "line", "told"), MISTAKES)
def test_a_mistake_in_yaml_is_one_sentence_with_its_line(text: str, line: int, told: str) -> None:
    problem = refusal(text)
    assert problem.line == line
    assert told in problem.sentence
    assert "\n" not in problem.sentence


def test_a_billion_laughs_is_refused_at_the_first_anchor() -> None:
    rows = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert "anchor" in refusal(f"l0: &l0 [lol]\n{rows}").sentence


def test_deep_nesting_is_refused_before_it_costs_anything() -> None:
    began = perf_counter()
    assert "20 deep" in refusal("[" * 100_000).sentence
    assert perf_counter() - began < 2


def test_a_file_beyond_the_limit_is_refused() -> None:
    assert "too large" in refusal("#" * (MAX_CHARACTERS + 1)).sentence


def test_bytes_that_are_not_utf8_are_told_with_their_line() -> None:
    with pytest.raises(ConfigError, match=r"f:2: .*UTF-8"):
        decode("f", "a: b\nc: é\n".encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8"):
        decode("f", "a: b\n".encode("utf-16"))


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode("f", b"\xef\xbb\xbfa: b").text == "a: b"


def test_a_long_line_is_shown_around_the_place() -> None:
    source = Source("f", "a" * 500 + "!" + "b" * 500)
    excerpt = source.pointed(500, 501, "Here.").excerpt
    assert excerpt is not None
    shown, carets = excerpt.split("\n")
    assert len(shown) < 110
    assert shown[carets.index("^")] == "!"
    assert carets.count("^") == 1


def kinds(root: type[yaml.YAMLError]) -> Iterator[type[yaml.YAMLError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


@pytest.mark.parametrize("kind", list(kinds(yaml.YAMLError)), ids=lambda kind: kind.__name__)
def test_every_error_of_the_library_becomes_a_sentence(kind: type[yaml.YAMLError]) -> None:
    if issubclass(kind, yaml.reader.ReaderError):
        error: yaml.YAMLError = kind("f", 0, 7, "unicode", "control characters are not allowed")
    else:
        error = kind("something odd")
    problem = translate(Source("f", "a: b\n"), error)
    assert problem.line == 1
    assert problem.sentence.endswith(".")


def mistakes(text: str) -> tuple[Problem, ...]:
    try:
        read_yaml(Source("f", text))
    except ConfigError as error:
        return error.problems
    return ()


@given(
    st.text(st.characters(codec="utf-8"), max_size=60)
    | st.text("ab:-[]{}'\"#&*!|>%@` \n\t,?", max_size=40)
)
def test_reading_is_total(text: str) -> None:
    for problem in mistakes(text):
        assert 1 <= problem.line <= text.count("\n") + 1
