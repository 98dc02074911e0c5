"""Why an entry does not match a query: the first part that fails, and the nearest miss."""

from typing import Any

import pytest
from hypothesis import given, settings

from aggregator.model.boilerplate import Boilerplate
from aggregator.model.entries import TaggedEntry
from aggregator.model.raw import Category
from aggregator.query.match import find
from aggregator.query.misses import miss
from aggregator.query.nodes import (
    And,
    AtLeast,
    DateComparison,
    Day,
    Exact,
    Except,
    Field,
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
)
from aggregator.query.printing import show
from aggregator.query.shortfalls import MAX_SHOWN, Miss
from tests import builders
from tests.builders import NOW
from tests.query import strategies

NIGER = Except(Word("Niger"), Or((Phrase("Niger Delta"), Phrase("Niger State"))))
MALI, COUP, JOINT, PATROLS = Word("Mali"), Word("coup"), Word("joint"), Wildcard("patrol*")


def entry(title: str = "", content: str = "", **changes: Any) -> TaggedEntry:
    changes = {"summary": "", "link": None, "published": None, **changes}
    return builders.tagged(builders.entry(title, content=content, **changes))


def missed(node: Node, subject: TaggedEntry) -> Miss:
    found = miss(node, subject, NOW)
    assert found is not None
    return found


def slices(found: Miss) -> list[str]:
    return [
        each.value[each.start : each.end] if is_metadata(each.field) else each.value
        for each in found.evidence
    ]


def is_metadata(field: str) -> bool:
    return field not in ("title", "summary", "content")


TEXT = "A joint statement. It says that the long patrols go on.\n\nNothing more of Aes."


NEAREST: tuple[tuple[Node, str, list[str]], ...] = (
    (NIGER, "“Niger” matched, but only inside “Niger Delta”.", ["Niger Delta"]),
    (
        Except(Phrase("the Niger"), Phrase("Niger Delta")),
        "“the Niger” matched, but only where it overlaps with “Niger Delta”.",
        ["Niger Delta"],
    ),
    (Except(COUP, Word("Niger")), "“coup” does not occur.", []),
    (MALI, "“Mali” does not occur; “Malian” begins alike.", ["Malian"]),
    (Word("Oslo"), "“Oslo” does not occur.", []),
    (Wildcard("patroll*"), "“patroll*” does not occur; “patrols” begins alike.", ["patrols"]),
    (Wildcard("*olsx"), "“*olsx” does not occur.", []),
    (
        Near(JOINT, PATROLS, 4),
        "“joint” and “patrols” both occur, but 6 words lie between the nearest; 4 are allowed.",
        ["joint", "patrols"],
    ),
    (
        Near(PATROLS, JOINT, 9, ordered=True),
        "“joint” and “patrols” both occur, but in the other order.",
        ["joint", "patrols"],
    ),
    (
        Near(JOINT, PATROLS, "sentence"),
        "“joint” and “patrols” both occur, but in different sentences.",
        ["joint", "patrols"],
    ),
    (
        Near(JOINT, Word("more"), 99),
        "“joint” and “more” both occur, but in different paragraphs.",
        ["joint", "more"],
    ),
    (
        Near(JOINT, Word("spill"), "paragraph"),
        "Both sides occur, but in different texts: “joint” in the content, “spill” in the title.",
        ["joint", "spill"],
    ),
    (
        Near(JOINT, Phrase("joint statement"), 5),
        "Its two sides occur only over each other: “joint” and “joint statement”.",
        ["joint", "joint statement"],
    ),
    (Near(JOINT, COUP, 4), "Only one of its two sides occurs: “joint”.", ["joint"]),
    (Near(COUP, JOINT, 4), "Only one of its two sides occurs: “joint”.", ["joint"]),
    (Near(COUP, Word("junta"), 4), "Neither of its sides occurs.", []),
    (AtLeast(3, Or((JOINT, COUP))), "It has 1 of the 3 hits that are asked for.", ["joint"]),
    (AtLeast(3, COUP), "“coup” does not occur.", []),
    (Exact("AES"), "It occurs, but not written “AES”: “Aes”.", ["Aes"]),
    (Field("title", JOINT), "It occurs in the content, but not in the title: “joint”.", ["joint"]),
    (
        Field("title", Regex("stat[a-z]+")),
        "It occurs in the content, but not in the title: “statement”.",
        ["statement"],
    ),
    (
        Phrase("joint patrols"),
        "Its words occur, but not one directly behind the other: “joint” and “patrols”.",
        ["joint", "patrols"],
    ),
    (
        Phrase("statement of intent"),
        "It occurs in part: “statement” and “of”, but not “intent”.",
        ["statement", "of"],
    ),
    (
        Wildcard("patrol* stat?ment"),
        "Its words occur, but not one directly behind the other: “patrols” and “statement”.",
        ["patrols", "statement"],
    ),
    (Phrase("security of"), "“security of” does not occur.", []),
    (Regex("q+"), "The expression matches nothing.", []),
    (
        Listed("states", Or((COUP, MALI, NIGER))),
        "“Niger” matched, but only inside “Niger Delta”.",
        ["Niger Delta"],
    ),
    (Listed("states", Or((COUP, Word("Oslo")))), "None of its 2 terms occurs.", []),
    (Or((COUP, Field("lang", Value("fr")))), "None of its 2 terms occurs.", []),
    (Not(Word("spill")), "It excludes “spill”.", ["spill"]),
    (Not(Field("lang", Value("en"))), "It excludes “lang:en”.", ["en"]),
    (Not(Not(COUP)), "“coup” does not occur.", []),
    (Not(Not(Not(Word("spill")))), "It excludes “spill”.", ["spill"]),
    (Not(Or((Not(COUP), Word("junta")))), "What it excludes is true.", []),
    (Field("lang", Or((Value("fr"), Value("ar")))), "Its language is “en”.", []),
    (Field("label", Value("press")), "Its labels are “africa” and “wire”.", []),
    (Field("category", Word("sport")), "Its category is “economy”.", []),
    (Field("author", Word("sport")), "It has no author.", []),
    (Field("tag", Value("sahel")), "It has no tag.", []),
    (Field("site", Value("rfi.fr")), "It has no site.", []),
    (Field("has", Value("image")), "It has no such thing.", []),
    (DateComparison("published", ">", Day(NOW.date())), "It has no date.", []),
    (
        DateComparison("seen", ">", Day(NOW.date())),
        "It was first seen 2026-03-02T12:00:00Z.",
        [],
    ),
)


@pytest.mark.parametrize(("node", "sentence", "marked"), NEAREST, ids=lambda each: None)
def test_the_nearest_miss_is_told_and_marked(node: Node, sentence: str, marked: list[str]) -> None:
    economy = (Category("economy"),)
    text = "Malian oil spill in the Niger Delta"
    found = missed(node, entry(text, TEXT, categories=economy))
    assert (found.sentence, slices(found)) == (sentence, marked)


def test_the_first_operand_that_fails_is_named() -> None:
    found = missed(And((JOINT, COUP, Word("junta"))), entry("A joint patrol"))
    assert (found.part, found.beside) == (COUP, True)


def test_of_several_ways_the_one_that_lacks_least_is_named() -> None:
    ways = Or((And((JOINT, COUP)), And((Word("Oslo"), MALI)), Word("Malta")))
    assert missed(ways, entry("A joint patrol")).part == COUP


def test_a_part_is_named_with_its_field() -> None:
    found = missed(Field("title", And((JOINT, COUP))), entry("A joint patrol"))
    assert show(found.part) == "title:coup"


def test_what_stands_too_late_for_the_lead_is_found_behind_it() -> None:
    found = missed(Field("lead", COUP), entry("Title", f"{'word ' * 70}coup"))
    told = "It occurs only behind the title and the first 60 words: “coup”."
    assert found.sentence == told


def test_a_title_in_capitals_proves_nothing() -> None:
    found = missed(Exact("AES"), entry("THE AES MEETS"))
    assert "only in a title in capitals" in found.sentence


def test_an_entry_that_matches_misses_nothing() -> None:
    assert miss(JOINT, entry("A joint patrol"), NOW) is None


def test_much_evidence_is_cut() -> None:
    found = missed(AtLeast(50, JOINT), entry("joint " * 40))
    assert len(found.evidence) == MAX_SHOWN


@settings(max_examples=50)
@given(strategies.meetings())
def test_every_miss_has_a_reason_and_no_match_has(meeting: tuple[Node, TaggedEntry]) -> None:
    node, subject = meeting
    found = miss(node, subject, strategies.NOW)
    assert (found is None) == (find(node, subject, strategies.NOW) is not None)
    if found:
        texts = {name: getattr(subject.entry, name) for name in ("title", "summary", "content")}
        assert found.sentence.endswith(".")
        assert all(
            each.value == texts[each.field][each.start : each.end]
            for each in found.evidence
            if each.field in texts
        )


def test_long_lists_and_texts_cost_little() -> None:
    text = " ".join(f"word{number}" for number in range(10_000))
    terms = Or(tuple(Phrase(f"word{number} word{number}") for number in range(3_000)))
    found = missed(terms, entry(content=text))
    assert found.kind == "scattered"


def test_a_word_that_stands_only_in_boilerplate_is_said_to_be_there() -> None:
    text = "Delegates met.\n\nRead also: Niger closes its border"
    part = Boilerplate("content", 16, len(text), "marked")
    subject = builders.tagged(builders.entry(content=text, boilerplate=(part,)))
    found = miss(Word("Niger"), subject, NOW)
    assert found is not None
    assert (found.kind, found.evidence[0].value) == ("elsewhere", "Niger")
    assert "boilerplate" in found.sentence
