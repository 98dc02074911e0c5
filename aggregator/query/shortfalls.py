"""What a hit expression that stands nowhere lacks: the words of a text that come nearest to it.

Each function answers for one construct, None where nothing comes near.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Literal

from aggregator.model.entries import Evidence
from aggregator.query.globs import Glob
from aggregator.query.hits import apart, hits
from aggregator.query.nodes import AtLeast, Exact, Except, Node, Phrase, Term
from aggregator.query.passages import Hit, Passage
from aggregator.query.reading import Region
from aggregator.query.terms import Place, as_written, pattern
from aggregator.text import BLOCK_END, single_line

MAX_SHOWN = 10
"""Spans that are kept of one miss; more would explain nothing better."""

Kind = Literal[
    "period",  # the date lies elsewhere, or there is none
    "value",  # the entry has another value, or none
    "absent",  # nothing of it occurs
    "alike",  # a word that begins alike occurs
    "in_part",  # most of a phrase occurs
    "one_side",  # of NEAR only one side occurs
    "elsewhere",  # it occurs, but not in the field
    "scattered",  # all words of a phrase occur, but not one behind the other
    "written",  # it occurs, but is not written so
    "too_few",  # it does not occur often enough
    "apart",  # both sides of NEAR occur, but not near enough
    "covered",  # it occurs, but only within what EXCEPT drops
    "excluded",  # what NOT forbids occurs
]


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a part of a query does not hold: what comes nearest, and where that stands.

    ``sentence`` may hold words of the entry. ``beside`` says that something else that is asked
    for together with the part does occur.
    """

    part: Node
    kind: Kind
    sentence: str
    evidence: tuple[Evidence, ...] = ()
    beside: bool = False


Found = list[tuple[Passage, Hit]]
"""Hits, each with the text in which it stands."""


def everywhere(node: Node, regions: Iterable[Region]) -> Found:
    """Return where a hit expression stands in several texts."""
    return [
        (region.passage, hit)
        for region in regions
        for hit in hits(node, region.passage, region.until)
    ]


def spans(found: Iterable[tuple[Passage, Hit]]) -> tuple[Evidence, ...]:
    """Return hits as evidence: the first ones."""
    pieces = (passage.part(*passage.characters(hit)) for passage, hit in found)
    return tuple(dict.fromkeys(pieces))[:MAX_SHOWN]


def quoted(texts: Iterable[str]) -> str:
    """Return texts in quotes, each once, of many the first."""
    each = list(dict.fromkeys(map(single_line, texts)))
    shown = [f"“{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}”" for text in each[:3]]
    if left := len(each) - len(shown):
        shown.append(f"{left:,} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


_LONGEST = 60


def written(found: Iterable[tuple[Passage, Hit]]) -> str:
    """Return what hits look like in their texts, in quotes."""
    return quoted(_text(*each) for each in found)


def _text(passage: Passage, hit: Hit) -> str:
    start, end = passage.characters(hit)
    return passage.text[start:end]


# --- terms ----------------------------------------------------------------------------------------


def written_otherwise(term: Exact, regions: Sequence[Region]) -> Miss | None:
    """Return where the words of a term behind ``=`` stand, written otherwise."""
    found = everywhere(Phrase(term.text), regions)
    if not found:
        return None
    texts = {as_written(single_line(_text(*each))) for each in found}
    if as_written(term.text) in texts:
        told = "stands only in a title in capitals, which tell nothing about how it is written"
        return Miss(term, "written", f"{quoted([term.text])} {told}.", spans(found))
    sentence = f"It occurs, but not written {quoted([term.text])}: {written(found)}."
    return Miss(term, "written", sentence, spans(found))


def _shown(place: Place) -> str:
    return place.forms[0] if isinstance(place, Glob) else place[0]


class Vocabulary:
    """The words of several texts, in order, each with where it stands first."""

    def __init__(self, regions: Iterable[Region]) -> None:
        places = {
            token: (region.passage, (at, at + 1))
            for region in reversed(tuple(regions))
            for at, token in reversed(list(enumerate(region.passage.tokens[: region.until])))
            if token != BLOCK_END
        }
        self._words = sorted(places)
        self._places = places

    def scattered(self, term: Term) -> Miss | None:
        """Return what of a phrase occurs; None for one word, or if less than half of it does."""
        sequences = pattern(term).sequences
        if not sequences or len(sequences[0]) == 1:
            return None
        places = sequences[0]
        firsts = [self._first(place) for place in places]
        there = [first for first in firsts if first is not None]
        missing = [
            _shown(place) for place, first in zip(places, firsts, strict=True) if first is None
        ]
        if not missing:
            sentence = f"Its words occur, but not one directly behind the other: {written(there)}."
            return Miss(term, "scattered", sentence, spans(there))
        letters = sum(len(_text(*first)) for first in there)
        if letters <= sum(map(len, missing)):
            return None
        sentence = f"It occurs in part: {written(there)}, but not {quoted(missing)}."
        return Miss(term, "in_part", sentence, spans(there))

    def _first(self, place: Place) -> tuple[Passage, Hit] | None:
        """Return a word that one place of a phrase takes, where it stands first."""
        if isinstance(place, Glob):
            words = (word for beginning in place.beginnings for word in self._beginning(beginning))
            found = next(filter(place.fits, words), None)
        else:
            found = next((word for word in place if word in self._places), None)
        return None if found is None else self._places[found]

    def _beginning(self, letters: str) -> Iterator[str]:
        """Yield the words that begin so."""
        for word in islice(self._words, bisect_left(self._words, letters), None):
            if not word.startswith(letters):
                return
            yield word

    def alike(self, term: Term) -> Miss | None:
        """Return the word that begins like a term of one word."""
        sequences = pattern(term).sequences
        if len(sequences) != 1 or len(sequences[0]) != 1:
            return None
        word = _shown(sequences[0][0]).partition("*")[0].partition("?")[0]
        at = bisect_left(self._words, word)
        likely = [other for other in self._words[max(0, at - 1) : at + 1] if _is_alike(word, other)]
        if not likely:
            return None
        found = self._places[max(likely, key=lambda other: _shared(word, other))]
        sentence = f"{quoted([term.text])} does not occur; {written([found])} begins alike."
        return Miss(term, "alike", sentence, spans([found]))


def _shared(word: str, other: str) -> int:
    """Return how many letters two words have in common at their beginning."""
    pairs = zip(word, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_alike(word: str, other: str) -> bool:
    """Tell whether two words share at least half of either, and four letters or the whole word."""
    shared = _shared(word, other)
    return shared >= max(3, min(4, len(word))) and 2 * shared >= max(len(word), len(other))


# --- joined hits ----------------------------------------------------------------------------------


def too_few(node: AtLeast, regions: Sequence[Region]) -> Miss | None:
    """Return the hits that there are."""
    found = everywhere(node.operand, regions)
    if not found:
        return None
    number = sum(apart(hits(node.operand, region.passage, region.until)) for region in regions)
    sentence = f"It has {number:,} of the {node.count} hits that are asked for."
    return Miss(node, "too_few", sentence, spans(found))


def covered(node: Except, regions: Sequence[Region]) -> Miss | None:
    """Return what was dropped of the hits of what EXCEPT keeps."""
    kept = everywhere(node.kept, regions)
    if not kept:
        return None
    passages = [region.passage for region in regions]
    dropped = [(passage, hit) for passage in passages for hit in hits(node.dropped, passage)]
    around = [each for each in dropped if any(_overlap(each, one) for one in kept[:MAX_SHOWN])]
    within = all(any(_contains(each, one) for each in around) for one in kept[:MAX_SHOWN])
    told = "inside" if within else "where it overlaps with"
    sentence = f"{written(kept)} matched, but only {told} {written(around)}."
    return Miss(node, "covered", sentence, spans(around))


def _overlap(one: tuple[Passage, Hit], other: tuple[Passage, Hit]) -> bool:
    (start, end), (first, last) = one[0].characters(one[1]), other[0].characters(other[1])
    return one[0] is other[0] and start < last and first < end


def _contains(one: tuple[Passage, Hit], other: tuple[Passage, Hit]) -> bool:
    (start, end), (first, last) = one[0].characters(one[1]), other[0].characters(other[1])
    return one[0] is other[0] and start <= first and last <= end
