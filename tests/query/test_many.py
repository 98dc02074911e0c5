"""Many queries at once find exactly what each of them finds, and ask few of them."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.entries import TaggedEntry
from aggregator.query.many import Many
from aggregator.query.match import Hits, find
from aggregator.query.nodes import Field, Listed, Node, Or
from aggregator.query.reading import Reading
from aggregator.query.syntax import parse
from tests import builders
from tests.builders import NOW
from tests.query import strategies
from tests.query.test_hits import HOSTILE, work


def one_by_one(queries: list[Node], subject: TaggedEntry | Reading) -> dict[int, Hits]:
    found = ((place, find(query, subject, NOW)) for place, query in enumerate(queries))
    return {place: evidence for place, evidence in found if evidence is not None}


def asked(queries: list[str], subject: TaggedEntry, **frequency: int) -> set[int]:
    many = Many(list(map(parse, queries)), frequency=frequency)
    return many.promising(many.read(subject))


def text(content: str) -> TaggedEntry:
    return builders.tagged(builders.entry("", summary="", content=content))


FREQUENCIES = st.none() | st.dictionaries(
    strategies.WORDS.map(str.lower), st.integers(0, 9), max_size=5
)


@given(st.lists(strategies.meetings(), min_size=1, max_size=5), FREQUENCIES)
@settings(max_examples=settings().max_examples // 6)
def test_many_find_what_each_finds(
    meetings: list[tuple[Node, TaggedEntry]], frequency: dict[str, int] | None
) -> None:
    queries = [query for query, _ in meetings]
    many = Many(queries, frequency=frequency)
    parts = Many((), also=queries)
    for _, subject in meetings[:2]:
        expected = one_by_one(queries, subject)
        assert many.find(subject, NOW) == expected
        assert one_by_one(queries, parts.read(subject)) == expected
        untagged = replace(subject, tags=())
        carrying = many.read(untagged).carrying(subject.tags)
        assert one_by_one(queries, carrying) == expected


@pytest.mark.parametrize(
    ("query", "content", "expected"),
    [
        ("mali", "Mali", True),
        ("mali", "Somali", False),
        ('"mali coup"', "mali and a coup", False),
        ("mali government", "mali", False),
        ("(mali OR niger) NOT chad", "niger", True),
        ("(mali OR niger) NOT chad", "chad", False),
        ("NOT mali", "niger", True),
        ("NOT (mali OR NOT niger)", "mali", False),
        ("mali OR NOT niger", "", True),
        ("mali OR lang:fr", "", True),
        ("mali AND lang:fr", "", False),
        ("mali AND /x/", "", False),
        ("category:sport", "sport", False),
        ("title:mali", "niger", False),
        ("mali NEAR/3 niger", "chad", False),
        ("mali EXCEPT niger", "niger", False),
        ("ATLEAST/2 mali", "niger", False),
        ("feed:mali", "niger", True),
        ("tag:sahel", "niger", False),
        ("NOT tag:sahel", "niger", True),
        ("mil* OR *itary OR m?l?tary", "military", True),
        ("mil* OR *itary OR m?l?tary", "niger", False),
    ],
)
def test_a_query_is_asked_only_if_its_trigger_is_there(
    query: str, content: str, expected: bool
) -> None:
    assert asked([query], text(content)) == ({0} if expected else set())


def test_the_rarest_operand_triggers() -> None:
    subject = text("mali")
    assert asked(["mali coup"], subject, mali=900, coup=10) == set()
    assert asked(["mali coup"], subject, mali=10, coup=900) == {0}
    assert asked(["mali (coup OR junta)"], subject, mali=10, coup=6, junta=6) == {0}
    assert asked(["mali NEAR/2 coup"], subject, mali=10, coup=5) == set()
    # Where nothing is known the longer word is the rarer one, and a phrase than its words.
    assert asked(["mali government"], subject) == set()
    assert asked(['mali "mali coup"'], subject) == set()


def test_a_tag_triggers_what_asks_for_it() -> None:
    many = Many([parse("tag:sahel OR mali"), parse("tag:crisis"), parse("mali -tag:sahel")])
    assert list(many.triggered_by("sahel")) == [0]
    assert list(many.triggered_by("nothing")) == []
    assert [many.mentions(tag) for tag in ("sahel", "crisis", "nothing")] == [True, True, False]
    tagged = replace(text("x"), tags=(builders.tag("sahel"),))
    assert many.promising(many.read(tagged)) == {0}


def test_a_list_is_the_same_in_every_field() -> None:
    states = Listed("states", Or((parse("mali"), parse("niger"))))
    queries: list[Node] = [Field("title", states), Field("category", states), states]
    subject = builders.tagged(builders.entry("Mali", summary="", content="Niger"))
    assert Many(queries).find(subject, NOW) == one_by_one(queries, subject)
    assert list(Many(queries).find(subject, NOW)) == [0, 2]


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(name: str) -> None:
    many = Many([HOSTILE[name]])

    def of_words(number: int) -> int:
        subject = text("a " * number)
        return work(lambda: many.find(subject, NOW))

    assert of_words(4_000) < 2.3 * of_words(2_000) + 1_000


def test_a_hundred_times_as_many_queries_cost_nearly_the_same() -> None:
    letters = Random(1)
    names = ["".join(letters.choices("abcdefgh", k=9)) for _ in range(5_000)]
    subject = text(" ".join(["and", *names[:3]] * 30))

    def of_queries(number: int) -> int:
        chosen = (names[place : place + 10] for place in range(0, number * 10, 10))
        many = Many([parse(f"({' OR '.join(some)}) AND NOT chad") for some in chosen])
        many.find(subject, NOW)
        return work(lambda: many.find(subject, NOW))

    assert of_queries(500) < 1.2 * of_queries(5)
