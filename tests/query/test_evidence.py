"""Every span of evidence is exact in the original text, whatever folding did to its length."""

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.entries import Evidence, TaggedEntry
from aggregator.query.globs import Glob
from aggregator.query.match import find
from aggregator.query.nodes import Exact, Regex, Term, Word, leaves
from aggregator.query.regex import compile_regex
from aggregator.query.terms import Sequence, as_written, pattern
from aggregator.text import BLOCK_END, fold, index_words, words
from tests import builders
from tests.builders import NOW
from tests.query import strategies

_OWN_TEXTS = ("title", "summary", "content")

# Letters whose folding is longer or shorter than they are, and what stands unseen inside words.
LENGTHS = st.lists(
    st.sampled_from(
        [
            *("½", "ß", "ﷺ", "ﬁ", "œ", "㈀", "№", "…", "İ", "ŉ", "한", "국", "ポ", "ﾎﾟ", "ー", "㌀"),
            *("\u00ad", "\u200b", "\u200d", "\u0640", "\u0301", "ِ", "ء", "ئ", "ﻻ", "हि", "ं", "्"),
            *("a", "é", "Z", "1", "٣", "ж", "ё", "ς", "שׁ", "ไ", "ท", "กั่", "中", "𝐀", "🇲", "\ud800"),
            *(" ", " ", "-", "’", ".", "\n", "\n\n"),
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(LENGTHS, strategies.texts()), st.data())
@settings(max_examples=settings().max_examples)
def test_every_word_of_a_text_is_found_exactly_where_it_stands(
    text: str, data: st.DataObject
) -> None:
    found = words(text)
    if not found:
        return
    first = data.draw(st.integers(0, len(found) - 1))
    word = found[first]
    subject = builders.tagged(builders.entry("", summary="", content=text))
    hits = find(Word(word.folded), subject, NOW) or ()
    assert word.start in {hit.start for hit in hits} or len(words(word.folded)) > 1
    # An Arabic word is found behind its particles, too.
    forms = {
        form
        for sequence in pattern(Word(word.folded)).sequences
        for form in sequence[0]  # type: ignore[union-attr]
    }
    for hit in hits:
        shown = text[hit.start : hit.end]
        assert hit.value == shown
        assert not forms.isdisjoint(index_words(shown).split()) or len(words(word.folded)) > 1
        # Nothing but the word stands at the edges: what vanishes there belongs to it.
        assert all(index_words(edge) or not fold(edge) for edge in (shown[0], shown[-1]))


@given(strategies.meetings())
@settings(max_examples=settings().max_examples)
def test_every_slice_of_the_original_is_what_some_term_looks_for(
    meeting: tuple[object, TaggedEntry],
) -> None:
    query, subject = meeting
    parts = list(leaves(query))  # type: ignore[arg-type]
    for hit in find(query, subject, NOW) or ():  # type: ignore[arg-type]
        if hit.field in _OWN_TEXTS:
            text = getattr(subject.entry, hit.field)
            assert hit.value == text[hit.start : hit.end]
            assert any(is_found_by(part, hit) for part in parts), hit


def is_found_by(part: object, hit: Evidence) -> bool:
    match part:
        case Regex():
            # An expression may look at what stands around: ^, $, \b.
            return bool(list(compile_regex(part.text.strip("^$")).spans(hit.value)))
        case Exact():
            return is_looked_for(part, hit) and is_as_written(part, hit)
        case _ if isinstance(part, Term):
            return is_looked_for(part, hit)
        case _:
            return False


def is_looked_for(term: Term, hit: Evidence) -> bool:
    # A character that folds to several words (½) is shown whole.
    found = [token for token in index_words(hit.value).split() if token != BLOCK_END]
    return any(
        fits(found[skipped:], sequence)
        for sequence in pattern(term).sequences
        for skipped in range(len(found) - len(sequence) + 1)
    )


def fits(found: list[str], sequence: Sequence) -> bool:
    return all(
        place.fits(word) if isinstance(place, Glob) else word in place
        for word, place in zip(found, sequence, strict=False)
    )


def is_as_written(term: Exact, hit: Evidence) -> bool:
    shown = {as_written(hit.value[word.start : word.end]) for word in words(hit.value)}
    return set(pattern(term).written) <= shown
