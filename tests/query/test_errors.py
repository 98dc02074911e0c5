"""Everything that is refused with a sentence and a caret, and that reading ends in time."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.errors import QueryError
from aggregator.query.fields import FIELDS
from aggregator.query.nodes import Listed, Node, Or, Word, operands
from aggregator.query.printing import show
from aggregator.query.syntax import parse, parse_item
from tests.query import strategies

ERRORS = Path(__file__).with_name("errors.txt")
ITEM_ERRORS = Path(__file__).with_name("item_errors.txt")
Read = Callable[[str, Mapping[str, Node]], Node]
A, B = Word("a"), Word("b")


FRAGMENTS = st.sampled_from(
    [
        *(
            "a",
            "Sahel*",
            " ",
            " ",
            "(",
            ")",
            '"',
            "“",
            "»",
            "-",
            "NOT ",
            " AND ",
            " OR ",
            " or ",
            "TO",
        ),
        *("&&", "||", "!", "=", "$x", "/", "*", "?", "~", "^", "\\", "#", "\n", ",", ":", "title:"),
        *(
            "lang:",
            "seen:",
            "feed:",
            "url:",
            "has:",
            "id:",
            "published:[",
            "2026-11-01",
            " TO ",
            "]",
        ),
        *(">=", "now-7d", "{", "}", "\u200f", "\u00ad", "\ud800", "\x00", "½", '"a b"~3', "/x/"),
        *(" NEAR/4 ", " ONEAR/s ", " EXCEPT ", "ATLEAST/2 ", " NEAR ", " near/3 ", "$one", "=AES"),
    ]
)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """Build a good query with some characters replaced, doubled or left out."""
    text = show(draw(strategies.TREES))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + draw(FRAGMENTS | st.just(text[start:end] * 2)) + text[end:]
    return text


QUERIES = st.one_of(
    st.lists(FRAGMENTS, max_size=12).map("".join), st.text(max_size=30), mutations()
)
READ = st.sampled_from([parse, parse_item])


@given(READ, QUERIES)
@example(parse, "-\u200fa")
@example(parse, "title:\u200f(a)")
@example(parse, "NEAR/4\u200f")
@example(parse, "-#")
@example(parse, "\u200b")
@example(parse, "/\ud800/")
@example(parse, "=\u200b")
@example(parse, "a NEAR/4\u200fb")
@example(parse_item, "$\u200b")
@example(parse_item, "a\u200f NEAR/4")
def test_any_text_is_a_tree_or_an_error_within_the_text(read: Read, text: str) -> None:
    result = parsed(read, text)
    if isinstance(result, QueryError):
        assert result.text == text
        assert 0 <= result.start <= result.end <= len(text)
        assert result.sentence.endswith((".", "?"))
        assert str(result)
    else:
        assert read(show(result), strategies.LISTS) == result
        assert all(0 <= each.start < each.end <= len(text) for each in nodes(result))


def nodes(node: Node) -> Iterator[Node]:
    """Yield the nodes that were read from the query itself."""
    yield node
    if not isinstance(node, Listed):
        for operand in operands(node):
            yield from nodes(operand)


def parsed(read: Read, text: str) -> Node | QueryError:
    try:
        return read(text, strategies.LISTS)
    except QueryError as error:
        return error


def read_golden(path: Path) -> list[tuple[str, str]]:
    """Return each query of a golden file with what must be said of it."""
    cases = path.read_text(encoding="utf-8").strip().split("\n\n")
    return [(query, message) for query, _, message in (case.partition("\n") for case in cases)]


@pytest.mark.parametrize(
    ("read", "query", "message"),
    [
        *((parse, *case) for case in read_golden(ERRORS)),
        *((parse_item, *case) for case in read_golden(ITEM_ERRORS)),
    ],
)
def test_an_error_says_what_is_wrong_and_what_to_write(
    read: Read, query: str, message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        read(query, strategies.LISTS)
    assert str(caught.value) == message


@pytest.mark.parametrize(("read", "path"), [(parse, ERRORS), (parse_item, ITEM_ERRORS)])
def test_a_correction_can_be_written(read: Read, path: Path) -> None:
    corrected = [
        part
        for _, message in read_golden(path)
        if "Write `" in message
        for part in message.partition("Write ")[2].partition("\n")[0].split("`")[1::2]
        if "…" not in part
    ]
    assert corrected
    for text in corrected:
        read(text, strategies.LISTS)


def test_operators_are_refused_only_between_terms_but_in_any_case() -> None:
    for text in ("a and b", "a And b", "a oR b", "not a", "a not b", "title:(a or b)"):
        with pytest.raises(QueryError, match="operators are capitals"):
            parse(text)


def test_long_readings_are_cut_to_where_they_differ() -> None:
    many = " ".join(f"word{number}" for number in range(100))
    with pytest.raises(QueryError) as caught:
        parse(f"{many} OR b")
    assert caught.value.hint == (
        "Write `… (word98 AND word99) OR b …` or `… word98 AND (word99 OR b) …`."
    )
    phrase = f'"{many}"'
    with pytest.raises(QueryError) as caught:
        parse(f"{phrase} OR {phrase} {phrase}")
    assert caught.value.hint == "Put brackets around what belongs together."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("(" * 51 + "a" + ")" * 51, "nested more than 50 deep"),
        ("NOT " * 51 + "a", "nested more than 50 deep"),
        ("(" * 100_000, "nested more than 50 deep"),
        ("-(" * 26 + "a" + ")" * 26, "nested more than 50 deep"),
        ("a " * 10_001, "more than 10,000 terms"),
        ("é" * 50_001, "has 100,002 bytes; at most 100,000"),
        ('"' + "a " * 101 + '"', "at most 100 words; this one has 101"),
        ("a" * 501, "at most 500 letters"),
        ("abc*" + "a" * 498, "at most 500 letters"),
        ("ATLEAST/2 " * 51 + "a", "nested more than 50 deep"),
        ("a EXCEPT (" * 51 + "a" + ")" * 51, "nested more than 50 deep"),
        ('"a b"~2 ' * 5_001, "more than 10,000 terms"),
        ("/x/ " * 101, "more than 100 regular expressions"),
        ("/" + "x" * 1_001 + "/", "at most 1,000 characters"),
    ],
    ids=range(14),
)
def test_beyond_the_limits_is_a_clear_refusal(text: str, sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50 + "a" + ")" * 50,
        "NOT " * 50 + "a",
        "a " * 10_000,
        "a" * 500,
        '"' + "a " * 100 + '"',
        "# " + "é" * 49_000 + "\na",
        "a EXCEPT (" * 50 + "a" + ")" * 50,
        "/x/ " * 100,
        "/" + "x" * 1_000 + "/",
    ],
    ids=range(9),
)
def test_up_to_the_limits_all_is_well(text: str) -> None:
    parse(text)


def test_what_lists_hold_counts_as_if_it_were_written_in_the_query() -> None:
    many = Or(tuple(Word(f"w{number}") for number in range(4_000)))
    parse("$many $many", {"many": many})
    with pytest.raises(QueryError, match="more than 10,000 terms, those of its lists included"):
        parse("$many OR $many OR $many", {"many": many})
    lists: dict[str, Node] = {"0": A}
    for number in range(48):
        lists[str(number + 1)] = Listed(str(number), lists[str(number)])
    parse("$48", lists)
    with pytest.raises(QueryError, match="nested more than 50 deep, its lists included"):
        parse("((($48)))", lists)
    lists = {"0": Or((A, B))}
    for number in range(20):
        twice = Listed(str(number), lists[str(number)])
        lists[str(number + 1)] = Or((twice, twice))
    with pytest.raises(QueryError, match="more than 10,000 terms"):
        parse("$20", lists)


HOSTILE = (
    *("a ", "a OR ", "-a ", '"a" ', "()", ",", "title:a ", "a OR b c ", "published:[", ":"),
    *("seen:2026-11-01 ", "title:\u200b"),
    *("(", "a NEAR/1 ", "=", "/", "$", "*", '"', "a EXCEPT ", "a EXCEPT (", "ATLEAST/1 ", "=a "),
    *("$one ", "$one EXCEPT ", "/x/ ", "/ ", "/\\", '"a b"~1 ', "abc* ", "a*", "a?", "x?bc* "),
    *("a NEAR/1 b OR ", "(a OR b) EXCEPT c OR ", "a NEAR/1 (", "-", "NOT ", "$x", '="a" ', "W/5 "),
)
HOSTILE_ITEMS = (
    "a ",
    "(",
    "$one OR ",
    "a EXCEPT (",
    "(a OR b) EXCEPT c OR ",
    "& ",
    "a?",
    "abc* OR ",
)


@pytest.mark.parametrize(
    ("read", "unit"),
    [*((parse, unit) for unit in HOSTILE), *((parse_item, unit) for unit in HOSTILE_ITEMS)],
)
def test_hostile_queries_take_steps_in_proportion(read: Read, unit: str) -> None:
    def steps(length: int) -> int:
        return calls(read, (unit * length)[:length])

    assert steps(10_000) < 12 * max(steps(1_000), 400)


def calls(read: Read, text: str) -> int:
    """Return how many functions are called, Python's own and ours, to read a query."""
    count = 0

    def called(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        parsed(read, text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "«",
        "'",
        "#",
        "# x\nor",
        "x#",
        "/",
        "/\\",
        "é",
        "\n",
        "\u200b",
        "a\u200b",
        "[",
        "&",
        "a*",
    ],
)
def test_reading_takes_time_in_proportion(unit: str) -> None:
    def seconds(length: int, *, times: int) -> float:
        text = (unit * length)[:length]
        began = process_time()
        for _ in range(times):
            try:
                parse(text)
            except QueryError as error:
                str(error)
        return process_time() - began

    # Many short ones together: where the clock ticks in hundredths, one would take no time at all.
    short = seconds(1_000, times=24)
    assert min(seconds(8_000, times=1) for _ in range(2)) < max(0.02, short)


def test_fields_are_suggested() -> None:
    for written, meant in {
        "titel": "title",
        "Title": "title",
        "language": "lang",
        "intitle": "title",
        "lable": "label",
        "source": "feed",
        "date": "published",
    }.items():
        with pytest.raises(QueryError, match=f"Did you mean {meant}"):
            parse(f"{written}:x")
    with pytest.raises(QueryError, match=", ".join(FIELDS)):
        parse("qqq:x")


def test_an_error_in_a_long_line_shows_what_is_around_it() -> None:
    with pytest.raises(QueryError) as caught:
        parse("a " * 400 + "!b " + "c " * 400)
    shown, carets = caught.value.caret().split("\n")
    assert len(shown) < 200
    assert shown[carets.index("^")] == "!"
    assert carets.count("^") == 1
