"""Text → tree, and everything that is refused with a sentence and a caret."""

from datetime import date, timedelta
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.errors import QueryError
from aggregator.query.fields import FIELDS
from aggregator.query.nodes import (
    And,
    DateComparison,
    DateRange,
    Day,
    Field,
    FromNow,
    Node,
    Not,
    Or,
    Phrase,
    Wildcard,
    Value,
    Word,
    leaves,
    show,
)
from aggregator.query.syntax import parse
from tests.query import strategies

ERRORS = Path(__file__).with_name("errors.txt")
A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Sahel", Word("Sahel")),
        ("  Sahel  # the region\n", Word("Sahel")),
        ('"security   co-operation"', Phrase("security co-operation")),
        ("“a b” ", Phrase("a b")),
        ("„a b“", Phrase("a b")),
        ("„a b”", Phrase("a b")),
        ("« a b »", Phrase("a b")),
        ("»a b«", Phrase("a b")),
        ("«say “a”, b»", Phrase("say a , b")),
        ("militar*", Wildcard("militar*")),
        ('"joint patrol*"', Wildcard("joint patrol*")),
        ("N’Djamena", Word("N’Djamena")),
        ("AT&T", Word("AT&T")),
        ("'Ndrangheta", Word("'Ndrangheta")),
        ("\u200fa\u200e OR\u200b b\ufeff", Or((A, B))),
        ('\u200f"a"\u200f b', And((Phrase("a"), B))),
        ('-\u200fa title:\u200f"b"', And((Not(A), Field("title", Phrase("b"))))),
        ("a AND b", And((A, B))),
        ("a b c", And((A, B, C))),
        ("a OR b OR c", Or((A, B, C))),
        ("NOT a", Not(A)),
        ("-a b", And((Not(A), B))),
        ("a -(b OR c)", And((A, Not(Or((B, C)))))),
        ('-"a b"', Not(Phrase("a b"))),
        ("NOT(a)", Not(A)),
        ("NOT NOT a", Not(Not(A))),
        ("a OR NOT b", Or((A, Not(B)))),
        ("((a)) OR (b c)", Or((A, And((B, C))))),
        ("(a b) c", And((And((A, B)), C))),
        ("a # one\nb # two", And((A, B))),
        ("title:a", Field("title", A)),
        ('-title:"a b"', Not(Field("title", Phrase("a b")))),
        ("title:(a OR b) c", And((Field("title", Or((A, B))), C))),
        ("title:(-a b)", Field("title", And((Not(A), B)))),
        ("title:(a)", Field("title", A)),
        ("lang:pt_BR", Field("lang", Value("pt-br"))),
        ("lang:(fr OR AR)", Field("lang", Or((Value("fr"), Value("ar"))))),
        ("site:WWW.rfi.fr.", Field("site", Value("www.rfi.fr"))),
        ('label:"Ouest  africain"', Field("label", Value("Ouest africain"))),
        ("tag:security-cooperation", Field("tag", Value("security-cooperation"))),
        ("url:https://a.example/b?c=d#e", Field("url", Value("https://a.example/b?c=d#e"))),
        ("feed:https://a.example/b?c", Field("feed", Word("https://a.example/b?c"))),
        ('feed:"RFI Afrique"', Field("feed", Phrase("RFI Afrique"))),
        ("category:sport*", Field("category", Wildcard("sport*"))),
        ("id:ABCD", Field("id", Value("abcd"))),
        ("has:image", Field("has", Value("image"))),
        ("or", Word("or")),
        ("title:or", Field("title", Word("or"))),
        ('a "or" b', And((A, Phrase("or"), B))),
        ('"AND"', Phrase("AND")),
    ],
)
def test_a_query_is_read(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "published:[2024-04-01 TO 2024-04-30]",
            DateRange("published", Day(date(2024, 4, 1)), Day(date(2024, 4, 30))),
        ),
        ("seen:[ * TO now ]", DateRange("seen", None, FromNow(timedelta(0)))),
        ("seen:[now-1d12h TO *]", DateRange("seen", FromNow(timedelta(hours=-36)), None)),
        ("seen:2026-11-01", DateRange("seen", Day(date(2026, 11, 1)), Day(date(2026, 11, 1)))),
        ("seen:>=2026-11-01", DateComparison("seen", ">=", Day(date(2026, 11, 1)))),
        ("published:<now+2w", DateComparison("published", "<", FromNow(timedelta(weeks=2)))),
    ],
)
def test_a_date_is_read(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert parse(f"({text})") == tree


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b -c", "a AND b AND NOT c"),
        ("-(a OR “b  c”)", 'NOT (a OR "b c")'),
        ("(a (b c)) OR d", "(a AND (b AND c)) OR d"),
        ("title:(a bcd*)", "title:(a AND bcd*)"),
        ("title:(((a)))", "title:a"),
        ("lang:PT_br url:a/b", 'lang:pt-br AND url:"a/b"'),
        ('tag:"or" label:"AND"', 'tag:"or" AND label:"AND"'),
        ("seen:2026-11-01", "seen:[2026-11-01 TO 2026-11-01]"),
        ("seen:>now-1w36h", "seen:>now-8d12h"),
        ("seen:[now TO *]", "seen:[now TO *]"),
    ],
)
def test_a_tree_is_shown_in_one_form(text: str, shown: str) -> None:
    assert show(parse(text)) == shown


@given(strategies.TREES)
@settings(max_examples=100, deadline=None)
def test_reading_what_is_shown_gives_the_same_tree(tree: Node) -> None:
    assert parse(show(tree), strategies.LISTS) == tree


def test_every_node_knows_the_characters_it_was_read_from() -> None:
    text = 'a -"b c" (title:(d OR eff*) seen:>now)'
    node = parse(text)
    assert isinstance(node, And)
    slices = [text[leaf.start : leaf.end] for leaf in leaves(node)]
    assert slices == ["a", '"b c"', "d", "eff*", "seen:>now"]
    assert [text[each.start : each.end] for each in node.operands] == [
        "a",
        '-"b c"',
        "title:(d OR eff*) seen:>now",
    ]


# --- errors ---------------------------------------------------------------------------------------

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
        *(">=", "now-7d", "{", "}", "NEAR/4", "EXCEPT", "\u200f", "\u00ad", "\ud800", "\x00", "½"),
    ]
)
QUERIES = st.one_of(st.lists(FRAGMENTS, max_size=12).map("".join), st.text(max_size=30))


@given(QUERIES)
@settings(max_examples=250, deadline=None)
@example("-\u200fa")
@example("title:\u200f(a)")
@example("NEAR/4\u200f")
@example("-#")
@example("\u200b")
def test_any_text_is_a_tree_or_an_error_within_the_text(text: str) -> None:
    result = parsed(text)
    if isinstance(result, QueryError):
        assert result.text == text
        assert 0 <= result.start <= result.end <= len(text)
        assert result.sentence.endswith((".", "?"))
        assert str(result)
    else:
        assert parse(show(result)) == result
        assert all(text[leaf.start : leaf.end] for leaf in leaves(result))


def parsed(text: str) -> Node | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error


def read_golden() -> list[tuple[str, str]]:
    """Return each query of the golden file with what must be said of it."""
    cases = ERRORS.read_text(encoding="utf-8").strip().split("\n\n")
    return [(query, message) for query, _, message in (case.partition("\n") for case in cases)]


@pytest.mark.parametrize(("query", "message"), read_golden())
def test_an_error_says_what_is_wrong_and_what_to_write(query: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert str(caught.value) == message


def test_a_correction_can_be_written() -> None:
    corrected = [
        part
        for _, message in read_golden()
        if "Write `" in message
        for part in message.partition("Write ")[2].partition("\n")[0].split("`")[1::2]
        if "…" not in part
    ]
    assert len(corrected) > 20
    for text in corrected:
        parse(text)


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
    ],
    ids=range(8),
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
    ],
    ids=range(6),
)
def test_up_to_the_limits_all_is_well(text: str) -> None:
    parse(text)


@pytest.mark.parametrize(
    "unit",
    [
        *("a ", "a OR ", "-a ", '"a" ', "# x\nor", "()", ",", "&", "'", "-", "title:a ", "é", '"'),
        *("a OR b c ", "[", "published:[", ":", "*", "seen:2026-11-01 ", "\n", "#", "x#", "«"),
        *("\u200b", "a\u200b", "title:\u200b"),
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
