"""Text → tree, and everything that is refused with a sentence and a caret."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from aggregator.query.nodes import (
    And,
    AtLeast,
    DateComparison,
    DateRange,
    Day,
    Exact,
    Except,
    Field,
    FromNow,
    Listed,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Value,
    Wildcard,
    Word,
    leaves,
    operands,
)
from aggregator.query.printing import show
from aggregator.query.syntax import parse, parse_item
from tests.query import strategies

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
        ("*ending", Wildcard("*ending")),
        ("mil*ar*", Wildcard("mil*ar*")),
        ("wom?n", Wildcard("wom?n")),
        ("?adhafi", Wildcard("?adhafi")),
        ('"wom??n in"', Wildcard("wom??n in")),
        ('"what? militar*"', Wildcard("what militar*")),
        ('"what next?"', Phrase("what next?")),
        ("=AES", Exact("AES")),
        ("=OR", Exact("OR")),
        ('-="Le  Monde"', Not(Exact("Le Monde"))),
        ('="what next?"', Exact("what next?")),
        ("title:=AES", Field("title", Exact("AES"))),
        ("/jihad(ist|i)s?/", Regex("jihad(ist|i)s?")),
        (r'-/a\/b "[(]/', Not(Regex(r'a\/b "[(]'))),
        ("title:/a b/", Field("title", Regex("a b"))),
        ("url:/a/", Field("url", Value("/a/"))),
        ("a NEAR/4 b", Near(A, B, 4)),
        ("a NEAR/100 b", Near(A, B, 100)),
        ("a ONEAR/6 b", Near(A, B, 6, ordered=True)),
        ("a NEAR/s b", Near(A, B, "sentence")),
        ("a ONEAR/p b", Near(A, B, "paragraph", ordered=True)),
        ("(a OR b) NEAR/4(c)", Near(Or((A, B)), C, 4)),
        ("(a EXCEPT b) NEAR/4 c", Near(Except(A, B), C, 4)),
        ('"a b"~4', Near(A, B, 4)),
        ('title:"a beg*"~4', Field("title", Near(A, Wildcard("beg*"), 4))),
        ('"or TO"~4', Near(Phrase("or"), Phrase("TO"), 4)),
        ("a EXCEPT b", Except(A, B)),
        ("a EXCEPT (b OR c)", Except(A, Or((B, C)))),
        ("a EXCEPT (b EXCEPT c)", Except(A, Except(B, C))),
        ("ATLEAST/3 a", AtLeast(3, A)),
        ("ATLEAST/3(a OR b)", AtLeast(3, Or((A, B)))),
        ("ATLEAST/3 (a EXCEPT b)", AtLeast(3, Except(A, B))),
        ("title:(a NEAR/4 b)", Field("title", Near(A, B, 4))),
        ("title:(ATLEAST/2 a)", Field("title", AtLeast(2, A))),
        ("-a NEAR/4 b", Not(Near(A, B, 4))),
        ("NOT a EXCEPT b", Not(Except(A, B))),
        ("a b NEAR/4 c", And((A, Near(B, C, 4)))),
        ("ATLEAST/2 a OR b EXCEPT c", Or((AtLeast(2, A), Except(B, C)))),
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
        ('=or -"a b"~4', '="or" AND NOT (a NEAR/4 b)'),
        ("((a) EXCEPT (((b))))", "a EXCEPT b"),
        ('"militar*" "N’Dja*"', 'militar* AND "N’Dja*"'),
        ("ATLEAST/02 (a)", "ATLEAST/2 a"),
    ],
)
def test_a_tree_is_shown_in_one_form(text: str, shown: str) -> None:
    assert show(parse(text)) == shown


@given(strategies.TREES)
@settings(max_examples=100)
def test_reading_what_is_shown_gives_the_same_tree(tree: Node) -> None:
    assert parse(show(tree), strategies.LISTS) == tree


@given(strategies.HITS)
@settings(max_examples=50)
def test_reading_a_list_s_item_that_is_shown_gives_the_same_tree(tree: Node) -> None:
    assert parse_item(show(tree), strategies.LISTS) == tree


def test_a_list_is_called_by_its_name_and_not_copied() -> None:
    states = Or((A, B))
    node = parse("title:$states -$states", {"states": states})
    assert node == And((Field("title", Listed("states", states)), Not(Listed("states", states))))
    assert all(each.operand is states for each in listed(node))
    assert [each.start for each in listed(node)] == [6, 15]


def listed(node: Node) -> list[Listed]:
    inside = [found for operand in operands(node) for found in listed(operand)]
    return [node, *inside] if isinstance(node, Listed) else inside


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Mali", Word("Mali")),
        ("Burkina  Faso # a comment", Phrase("Burkina Faso")),
        ("joint patrol*", Wildcard("joint patrol*")),
        ("=AES", Exact("AES")),
        ('="Le Monde" OR “a b”', Or((Exact("Le Monde"), Phrase("a b")))),
        ("a EXCEPT (a b OR c)", Except(A, Or((Phrase("a b"), C)))),
        ("a EXCEPT b OR c", Or((Except(A, B), C))),
        ("$one EXCEPT a", Except(Listed("one", strategies.LISTS["one"]), A)),
        ("near", Phrase("near")),
        ("TO", Phrase("TO")),
        ("command and control", Phrase("command and control")),
        ("a OR or", Or((A, Phrase("or")))),
    ],
)
def test_words_side_by_side_in_a_list_are_a_phrase(text: str, tree: Node) -> None:
    item = parse_item(text, strategies.LISTS)
    assert item == tree
    assert parse(show(item), strategies.LISTS) == tree


def test_every_node_knows_the_characters_it_was_read_from() -> None:
    text = 'a -"b c" (title:(d OR eff*) seen:>now)'
    node = parse(text)
    assert isinstance(node, And)
    slices = [text[leaf.start : leaf.end] for leaf in leaves(node)]
    assert slices == ["a", '"b c"', "d", "eff*", "seen:>now"]
    joined = "-(x NEAR/2 (b OR c)) AND ATLEAST/2 (d) OR"
    near, count = operands(parse(joined.removesuffix(" OR")))
    assert [joined[each.start : each.end] for each in (*operands(near), count)] == [
        "x NEAR/2 (b OR c)",
        "ATLEAST/2 (d)",
    ]
    assert [text[each.start : each.end] for each in node.operands] == [
        "a",
        '-"b c"',
        "title:(d OR eff*) seen:>now",
    ]
