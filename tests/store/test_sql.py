"""The law: for every entry and query, it matches ⇔ SQL finds it."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.entries import TaggedEntry
from aggregator.query import match
from aggregator.query.fields import author_values, category_values
from aggregator.query.nodes import Node
from aggregator.query.syntax import parse
from aggregator.store import sql
from aggregator.store.times import stamp
from aggregator.store.words import index_row
from aggregator.text import BLOCK_END, index_words
from aggregator.urls import host
from tests import builders
from tests.builders import NOW
from tests.query import strategies
from tests.store.steps import knowing_twins

TABLES = """
    CREATE TABLE feed (number INTEGER PRIMARY KEY, key, url, name, name_words);
    CREATE TABLE feed_label (feed, label);
    CREATE TABLE entry (number INTEGER PRIMARY KEY, id, feed, content, link, canonical_link, site,
        published, first_seen, language, image, enclosures, authors, author_words, category_words);
    CREATE TABLE entry_tag (entry, tag, removed);
    CREATE TABLE retracted (entry, at);
    CREATE VIRTUAL TABLE entry_words USING fts5(
        title, content, summary_beside, summary_within, content = '', tokenize = 'ascii');
"""


def spaced(values: Iterable[str]) -> str:
    return " " + f" {BLOCK_END} ".join(map(index_words, values)) + " "


def fill(database: sqlite3.Connection, subjects: Sequence[TaggedEntry]) -> None:
    """Store subjects under their index, each with a feed of its own."""
    database.executescript(TABLES)
    for number, subject in enumerate(subjects):
        entry, source = subject.entry, subject.source
        values = (
            *(number, entry.id, number, entry.content, entry.link, entry.canonical_link),
            host(entry.link) if entry.link else None,
            stamp(entry.published.at) if entry.published else None,
            *(stamp(subject.first_seen_at), entry.language, entry.image),
            json.dumps([each.url for each in entry.enclosures]),
            json.dumps([each.name for each in entry.authors]),
            *(spaced(author_values(entry)), spaced(category_values(entry))),
        )
        database.execute(f"INSERT INTO entry VALUES ({','.join('?' * len(values))})", values)
        feed = (number, source.key, source.url, source.name, spaced([source.name]))
        database.execute("INSERT INTO feed VALUES (?,?,?,?,?)", feed)
        for label in source.labels:
            database.execute("INSERT INTO feed_label VALUES (?,?)", (number, label))
        for tag in subject.tags:
            database.execute("INSERT INTO entry_tag VALUES (?,?,NULL)", (number, tag.name))
        database.execute("INSERT INTO entry_tag VALUES (?,?,?)", (number, "removed", stamp(NOW)))
        row = (number, *index_row(entry))
        database.execute(
            "INSERT INTO entry_words(rowid,title,content,summary_beside,summary_within)"
            " VALUES (?,?,?,?,?)",
            row,
        )


LISTS: dict[str, Node] = {
    "sahel": parse('Mali OR Niger OR "Burkina Faso"'),
    "long": parse(" OR ".join(f"n{number}" for number in range(2_000))),
}


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def found(database: sqlite3.Connection, condition: sql.Condition) -> set[int]:
    # Whatever is found, its opposite finds the rest: the condition is never NULL.
    source = "SELECT number FROM entry WHERE"
    numbers = {
        row[0] for row in database.execute(f"{source} {condition.sql}", condition.parameters)
    }
    others = database.execute(f"{source} NOT ({condition.sql})", condition.parameters)
    everything = {row[0] for row in database.execute("SELECT number FROM entry")}
    assert numbers == everything - {row[0] for row in others}
    return numbers


def check_the_law(
    database: sqlite3.Connection, subjects: Sequence[TaggedEntry], query: Node
) -> None:
    condition = sql.compile(query, NOW)
    candidates = found(database, condition)
    matching = {
        number
        for number, subject in enumerate(subjects)
        if match.find(query, subject, NOW) is not None
    }
    if condition.exact:
        assert matching == candidates
    else:
        assert matching <= candidates


@given(st.lists(strategies.meetings(), min_size=1, max_size=6))
@settings(max_examples=settings().max_examples // 5)
def test_an_entry_matches_just_when_sql_finds_it(meetings: list[tuple[Node, TaggedEntry]]) -> None:
    subjects = knowing_twins([subject for _, subject in meetings], range(len(meetings)))
    with closing(sqlite3.connect(":memory:")) as database:
        fill(database, subjects)
        for query, _ in meetings:
            check_the_law(database, subjects, query)


# --- where the condition is exact, and where it gives up ------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "Sahel",
        '"security cooperation"',
        "militar* -sport",
        "anti-terrorism OR l'Algérie",
        "مالي",
        "title:(a OR b) AND summary:c",
        "lang:fr AND NOT tag:sport",
        'author:"Awa Traoré" category:sport* feed:RFI',
        "seen:>now-7d has:image",
        "(a -b) OR (label:wire -c)",
        '"joint patrol*" -site:rfi.fr',
        "ATLEAST/1 (Mali OR Niger)",
        "$sahel NOT has:duplicate",
        "author:$sahel",
    ],
)
def test_what_the_index_and_the_columns_can_say_needs_no_proof(query: str) -> None:
    assert sql.compile(parse(query, LISTS), NOW).exact


@pytest.mark.parametrize(
    ("query", "narrows"),
    [
        ("lead:Sahel", True),
        ('"جمهورية مالي"', True),
        ('"جمهورية مالي" lang:ar', True),
        ("lead:a OR b", True),
        ("NOT lead:Sahel", False),
        ('NOT "جمهورية مالي"', False),
        ("NOT lead:a OR b", False),
        ("NOT lead:a AND b", True),
        ("a NEAR/3 b", True),
        ("author:(a ONEAR/3 b)", True),
        ("title:(coup NEAR/s junta)", True),
        ("NOT (a NEAR/3 b)", False),
        ("$sahel EXCEPT chad", True),
        ("ATLEAST/2 $sahel", True),
        ("=AES", True),
        ("category:=AES", True),
        ("wom?n", True),
        ('"joint* patrol"', True),
        ("*ending", False),
        ('"*ending patrol"', True),
        ("/x.z/", False),
        ("/x.z/ a", True),
        ("feed:/x.z/", False),
    ],
)
def test_what_they_cannot_say_is_left_to_be_proven(query: str, narrows: bool) -> None:
    condition = sql.compile(parse(query, LISTS), NOW)
    assert not condition.exact
    assert (condition.sql != "1") == narrows


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ('"joint* patrol* of Mali"', '("joint" * AND "patrol" * AND "of mali")'),
        ('"the *est joint patrol"', '("the" AND "joint patrol")'),
        ("mil*ary", '"mil" *'),
        ('a NEAR/3 (b OR "c d")', '(NEAR("a" "b", 3) OR NEAR("a" "c d", 3))'),
        ("title:(mil* ONEAR/1 b)", 'NEAR("mil" * "b", 1)'),
        ("=Café", '"cafe"'),
    ],
)
def test_the_index_is_asked_for_as_much_as_it_can_say(query: str, expression: str) -> None:
    (asked,) = sql.compile(parse(query), NOW).parameters
    assert str(asked).partition(" : ")[2] == expression


def test_a_list_is_asked_for_once() -> None:
    condition = sql.compile(parse("$sahel OR ($sahel OR ATLEAST/1 $sahel)", LISTS), NOW)
    assert condition == sql.compile(parse("$sahel", LISTS), NOW)


def test_words_that_must_not_occur_are_left_to_the_index() -> None:
    condition = sql.compile(parse("a b -c -d"), NOW)
    assert condition.sql.count("MATCH") == 1
    assert " NOT " not in condition.sql


def nest(depth: int, operator: str, leaf: str) -> str:
    brackets = depth - 1
    return f"({leaf} {operator} " * brackets + leaf + ")" * brackets


@pytest.mark.parametrize(
    "query",
    [
        nest(50, "OR", "mali"),
        nest(50, "AND", "mali"),
        nest(50, "AND", "lang:fr"),
        "NOT " * 50 + "mali",
        "NOT " * 49 + "lang:fr",
        "NOT (NOT lang:fr AND " * 24 + "mali" + ")" * 24,
        "NOT (lang:fr AND " * 20 + "mali" + ")" * 20,
        "(lang:fr OR (mali AND " * 20 + "mali" + "))" * 20,
        " OR ".join(f"n{number}" for number in range(10_000)),
        " ".join(f"n{number}" for number in range(3_000)),
        " OR ".join([f"مالي{number}" for number in range(2_000)]),
        " OR ".join(["label:wire"] * 7_000),
        " ".join(["lang:fr"] * 10_000),
        " OR ".join(["(mali -lang:fr)"] * 4_000),
        " ".join(f"-n{number}" for number in range(2_000)),
        "$long EXCEPT $long",
        "ATLEAST/2 $long OR title:$long",
        "$long NEAR/3 $long",
        "author:$long NOT category:$long",
        " OR ".join(["(mali NEAR/9 (niger OR chad))"] * 1_000),
        " OR ".join(f"n{number}?a*" for number in range(1_000)),
    ],
    ids=lambda query: f"{query[:20]}…{query[-10:]}",
)
def test_the_largest_queries_overflow_nothing(query: str, database: sqlite3.Connection) -> None:
    subjects = [
        builders.tagged(builders.entry("Mali", language="fr")),
        builders.tagged(builders.entry("مالي", language="fr")),
        builders.tagged(builders.entry("Niger", language=None)),
    ]
    fill(database, subjects)
    check_the_law(database, subjects, parse(query, LISTS))


def test_relevance_puts_the_title_before_the_text_and_the_wordless_last(
    database: sqlite3.Connection,
) -> None:
    filler = "other words that say nothing of it " * 3
    texts = [("x", filler), ("x", f"{filler} mali"), ("mali", filler)]
    fill(
        database,
        [builders.tagged(builders.entry(title, content=content)) for title, content in texts],
    )
    ranking = sql.ranking(parse("mali OR -nothing"))
    assert ranking is not None
    rows = database.execute(
        f"SELECT entry.number FROM entry {ranking.join} ORDER BY {ranking.order}",
        ranking.parameters,
    )
    assert [row[0] for row in rows] == [2, 1, 0]


def test_relevance_counts_words_however_they_are_joined(database: sqlite3.Connection) -> None:
    texts = ("niger", "mali niger", "mali niger mali", "rain")
    fill(database, [builders.tagged(builders.entry(text)) for text in texts])
    for query in ("ATLEAST/1 $sahel", "mali NEAR/3 niger", "=mali OR nig?r", "$sahel EXCEPT rain"):
        ranking = sql.ranking(parse(query, LISTS))
        assert ranking is not None
        rows = database.execute(
            f"SELECT entry.number FROM entry {ranking.join} ORDER BY {ranking.order}",
            ranking.parameters,
        )
        assert [row[0] for row in rows] == [2, 1, 0, 3]


def test_relevance_is_the_same_in_however_many_expressions(database: sqlite3.Connection) -> None:
    texts = ("n1 n1500 n7", "n1500", "n1 n2", "rain")
    fill(database, [builders.tagged(builders.entry(text)) for text in texts])
    ranking = sql.ranking(parse("$long", LISTS))
    assert ranking is not None
    phrases = " OR ".join(f'"n{number}"' for number in range(2_000))
    source = f"SELECT entry.number, {ranking.order} FROM entry {ranking.join} ORDER BY 1"
    in_parts = database.execute(source, ranking.parameters).fetchall()
    at_once = database.execute(source, (json.dumps([phrases]),)).fetchall()
    assert in_parts == [(number, pytest.approx(score)) for number, score in at_once]
    assert [score < 0 for _, score in at_once] == [True, True, True, False]


@pytest.mark.parametrize("query", ["lang:fr", "NOT mali", "seen:>now-7d", "author:a", "/x.z/"])
def test_without_words_of_the_text_there_is_no_relevance(query: str) -> None:
    assert sql.ranking(parse(query)) is None
