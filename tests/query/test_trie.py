"""The trie finds in one pass what each pattern finds alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.query.nodes import Term
from aggregator.query.passages import Passage
from aggregator.query.terms import pattern
from aggregator.query.trie import LONGEST_KEPT, Kept, Trie
from tests.query import strategies

TERMS = st.lists(strategies.TERMS, min_size=1, max_size=8)


@given(TERMS, st.data())
@settings(max_examples=settings().max_examples // 4)
def test_every_pattern_is_found_wherever_it_stands(terms: list[Term], data: st.DataObject) -> None:
    meant = tuple(piece for term in terms for piece in strategies.meant_by(term))
    passage = Passage("content", data.draw(strategies.texts(meant)))
    found = Trie({number: pattern(term) for number, term in enumerate(terms)}).scan(passage.tokens)
    expected = {number: passage.standing(term) for number, term in enumerate(terms)}
    assert found == {number: hits for number, hits in expected.items() if hits}


def test_nothing_is_found_where_nothing_is_sought() -> None:
    assert Trie({}).scan(["mali", "¶", "niger"]) == {}


def test_what_is_known_of_words_is_bounded() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    known = Kept(length, most=2)
    assert [known[word] for word in ("a", "bb", "a", "bb")] == [1, 2, 1, 2]
    assert asked == ["a", "bb"]
    assert known["ccc"] == 3
    assert len(known) == 1
    long = "x" * (LONGEST_KEPT + 1)
    assert known[long] == len(long)
    assert long not in known
