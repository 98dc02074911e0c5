"""NEAR, EXCEPT and ATLEAST say what a naive reading of their definitions says."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.query.hits import apart, hits
from aggregator.query.match import find
from aggregator.query.nodes import (
    AtLeast,
    Except,
    Near,
    Node,
    Or,
    Phrase,
    Regex,
    Scope,
    Wildcard,
    Word,
)
from aggregator.query.passages import Hit, Passage
from aggregator.query.syntax import parse
from tests import builders
from tests.builders import NOW

# --- small texts, read naively --------------------------------------------------------------------

_WORDS = st.lists(st.sampled_from("aabbc"), min_size=1, max_size=5)
_BLOCKS = st.lists(st.lists(_WORDS, min_size=1, max_size=3), min_size=1, max_size=3)


@dataclass(frozen=True)
class Told:
    """A text made of blocks of sentences of words."""

    blocks: list[list[list[str]]]

    @property
    def text(self) -> str:
        return "\n\n".join(
            " ".join(f"{' '.join(sentence)}!" for sentence in block) for block in self.blocks
        )

    def places(self) -> list[tuple[int, int, str]]:
        """Return the block, the sentence and the word at each token; blocks end with a token."""
        found: list[tuple[int, int, str]] = []
        for number, block in enumerate(self.blocks):
            if number:
                found.append((-1, -1, "¶"))
            found += [
                (number, len(self.blocks) * 100 * number + index, word)
                for index, sentence in enumerate(block)
                for word in sentence
            ]
        return found

    def naive(self, phrases: tuple[str, ...]) -> set[Hit]:
        said = [word for _, _, word in self.places()]
        return {
            (at, at + len(wanted))
            for wanted in (phrase.split() for phrase in phrases)
            for at in range(len(said))
            if said[at : at + len(wanted)] == wanted
        }

    def unit(self, hit: Hit, within: int | Scope) -> int | None:
        """Return the only sentence or block that a hit stands in."""
        places = self.places()[hit[0] : hit[1]]
        units = {sentence if within == "sentence" else block for block, sentence, _ in places}
        return units.pop() if len(units) == 1 else None


TOLD = _BLOCKS.map(Told)
PHRASES = st.lists(
    st.sampled_from(["a", "b", "c", "a b", "b a", "a a", "a b a"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(tuple)
REACHES = st.sampled_from([1, 2, 3, "sentence", "paragraph"])


def either(phrases: tuple[str, ...]) -> Node:
    return Or(tuple(Phrase(phrase) if " " in phrase else Word(phrase) for phrase in phrases))


def stand(node: Node, told: Told) -> set[Hit]:
    found = hits(node, Passage("content", told.text))
    assert found == sorted(set(found))
    return set(found)


@given(TOLD, PHRASES, PHRASES, REACHES, st.booleans())
@settings(max_examples=settings().max_examples // 2)
def test_near_is_every_hit_that_has_a_partner(
    told: Told,
    left: tuple[str, ...],
    right: tuple[str, ...],
    within: int | Scope,
    ordered: bool,
) -> None:
    def is_near(one: Hit, behind: Hit) -> bool:
        unit = told.unit(one, within)
        if behind[0] < one[1] or unit is None or unit != told.unit(behind, within):
            return False
        return not isinstance(within, int) or behind[0] - one[1] <= within

    expected = set[Hit]()
    for one in told.naive(left):
        for other in told.naive(right):
            if is_near(one, other) or (not ordered and is_near(other, one)):
                expected |= {one, other}
    assert stand(Near(either(left), either(right), within, ordered), told) == expected


@given(TOLD, PHRASES, PHRASES)
@settings(max_examples=settings().max_examples // 3)
def test_except_drops_what_shares_a_character(
    told: Told, kept: tuple[str, ...], dropped: tuple[str, ...]
) -> None:
    taken = {place for hit in told.naive(dropped) for place in range(*hit)}
    expected = {hit for hit in told.naive(kept) if taken.isdisjoint(range(*hit))}
    assert stand(Except(either(kept), either(dropped)), told) == expected


@given(TOLD, TOLD, PHRASES, st.integers(1, 6))
@settings(max_examples=settings().max_examples // 3)
def test_atleast_counts_hits_apart_in_all_texts_of_the_field(
    title: Told, content: Told, phrases: tuple[str, ...], count: int
) -> None:
    def most(found: set[Hit]) -> int:
        few = sorted(found)[:10]
        return max(
            size
            for size in range(len(few) + 1)
            for chosen in combinations(few, size)
            if all(one[1] <= other[0] for one, other in pairwise(chosen))
        )

    found = [told.naive(phrases) for told in (title, content)]
    if any(len(of_one) > 10 for of_one in found):
        return
    entry = builders.entry(title.text, summary="", content=content.text)
    reasons = find(AtLeast(count, either(phrases)), builders.tagged(entry), NOW)
    assert (reasons is not None) == (sum(map(most, found)) >= count)
    assert reasons is None or len(reasons) == sum(map(len, found))


@pytest.mark.parametrize(
    ("found", "expected"),
    [([], 0), ([(0, 1)], 1), ([(0, 2), (1, 3)], 1), ([(0, 9), (0, 1), (1, 2)], 2)],
)
def test_hits_apart_share_no_word(found: list[Hit], expected: int) -> None:
    assert apart(found) == expected


# --- as they are written --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("joint NEAR/4 patrol*", "joint border and river patrols", ["joint", "patrols"]),
        ("joint NEAR/4 patrol*", "patrols, they say, were joint", ["patrols", "joint"]),
        ("joint NEAR/2 patrol*", "joint one two three patrols", []),
        ("joint NEAR/2 patrol*", "a joint.\n\nA patrol", []),
        ("joint NEAR/2 patrol*", "a joint. A patrol", ["joint", "patrol"]),
        ("Mali NEAR/3 Mali", "Mali", []),
        ("Mali NEAR/3 Mali", "Mali and Mali", ["Mali", "Mali"]),
        ('"joint patrol"~4', "patrol (joint)", ["patrol", "joint"]),
        ("minister ONEAR/6 Rabat", "Rabat's minister", []),
        ("minister ONEAR/6 Rabat", "the minister in Rabat", ["minister", "Rabat"]),
        ("coup NEAR/s junta", "A coup, led by Gen. Tiani: a junta.", ["coup", "junta"]),
        ("coup NEAR/s junta", "A coup. A junta.", []),
        ("coup NEAR/s junta", "政变 coup。junta", []),
        ("coup NEAR/s junta", "الانقلاب coup؟ junta", []),
        ("coup NEAR/s junta", "coup। junta", []),
        ("coup NEAR/p junta", "A coup. A junta.", ["coup", "junta"]),
        ("coup NEAR/p junta", "A coup.\n\nA junta.", []),
        ('"coup today" NEAR/s junta', "A coup. Today a junta.", []),
        ("Niger EXCEPT (\"Niger Delta\" OR 'River Niger')", "Niger Delta", []),
        ('Niger EXCEPT "Niger Delta"', "Niger, not the Niger Delta", ["Niger"]),
        ("1 EXCEPT 2", "½ 1", ["1"]),
        ("Niger EXCEPT Nig*", "Niger", []),
        ("ATLEAST/3 (Mali OR Niger)", "Mali, Niger", []),
        ("ATLEAST/3 (Mali OR Niger)", "Mali, Niger, Mali", ["Mali", "Niger", "Mali"]),
        ('ATLEAST/2 (Mali OR "Mali Mali")', "Mali Mali", ["Mali", "Mali Mali", "Mali"]),
        ('ATLEAST/3 (Mali OR "Mali Mali")', "Mali Mali", []),
        ("(Niger EXCEPT Delta) NEAR/1 coup", "Niger coup", ["Niger", "coup"]),
    ],
)
def test_hit_expressions_mean_what_they_say(query: str, text: str, expected: list[str]) -> None:
    subject = builders.tagged(builders.entry("", summary="", content=text))
    found = find(parse(query.replace("'River Niger'", '"River Niger"')), subject, NOW)
    assert [hit.value for hit in found or ()] == expected
    assert (found is not None) == bool(expected)


def test_hits_of_one_expression_never_stand_in_two_texts() -> None:
    subject = builders.tagged(builders.entry("coup", summary="junta", content="junta coup"))
    assert find(parse("title:(coup NEAR/5 junta)"), subject, NOW) is None
    found = find(parse("coup NEAR/5 junta"), subject, NOW)
    assert found is not None
    assert {hit.field for hit in found} == {"content"}


def test_in_the_lead_a_hit_beyond_it_can_still_be_dropped() -> None:
    content = "word " * 59 + "Niger Delta"
    subject = builders.tagged(builders.entry("", summary="", content=content))
    assert find(parse("lead:Niger"), subject, NOW)
    assert find(parse('lead:"Niger Delta"'), subject, NOW) is None
    assert find(parse('lead:(Niger EXCEPT "Niger Delta")'), subject, NOW) is None


@pytest.mark.parametrize("query", ["lead:/./", "lead:a", "lead:(ATLEAST/2 a)", "a NEAR/s b"])
@pytest.mark.parametrize("text", ["", "\n\n", "!\n\n!", "\u00ad", ".\n\n"])
def test_texts_without_words_are_read(query: str, text: str) -> None:
    subject = builders.tagged(builders.entry(text, summary=text, content=text))
    found = find(parse(query), subject, NOW)
    assert found is None or all(hit.value for hit in found)


# --- hostile texts --------------------------------------------------------------------------------

HOSTILE: dict[str, Node] = {
    "NEAR": Near(Word("a"), Word("a"), 100),
    "NEAR/s": Near(either(("a", "a a")), either(("a a a", "b")), "sentence"),
    "ONEAR": Near(Word("b"), Word("a"), 100, ordered=True),
    "EXCEPT": Except(Word("a"), either(("a a a", "b a"))),
    "ATLEAST": AtLeast(5_000, either(("a", "a a", "a a a"))),
    "wildcard": Wildcard("*a*"),
    "phrase": Phrase("a a a a a a a b"),
    "regex": Regex("(a|a a)*b?"),
}


def work(function: Callable[[], object]) -> int:
    """Return how many functions are called: a measure of time on any machine."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(name: str) -> None:
    def of_words(number: int) -> int:
        subject = builders.tagged(builders.entry("a", summary="", content="a " * number))
        return work(lambda: find(HOSTILE[name], subject, NOW))

    assert of_words(4_000) < 2.3 * of_words(2_000) + 1_000


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a " * 50_000, HOSTILE["NEAR"]),
        ("a" * 100_000, Or((Wildcard("*a*b"), Regex("(a*)*b")))),
        ("½" * 10_000, Near(Word("1"), Word("2"), "sentence")),
        ("a\n\n" * 10_000, HOSTILE["NEAR/s"]),
    ],
    ids=["words", "letters", "halves", "blocks"],
)
def test_a_text_as_long_as_may_be_is_read_at_once(text: str, node: Node) -> None:
    find(node, builders.tagged(builders.entry("", summary="", content=text)), NOW)
