"""One text of an entry, split into words once, and where terms stand in it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice

from aggregator.model.entries import Evidence
from aggregator.query.fields import LEAD_WORDS
from aggregator.query.globs import Glob
from aggregator.query.nodes import Exact, Node, Or, Term
from aggregator.query.sentences import sentence_ends
from aggregator.query.terms import Place, Sequence, as_written, pattern
from aggregator.text import BLOCK_END, Separated

Hit = tuple[int, int]
"""The words (or, where it is said, the characters) from the first number up to the second."""

_MOSTLY = 0.6
"""A title with a greater share of capitals says nothing about how a word is written."""

_NOWHERE: list[int] = []


@dataclass(frozen=True)
class Passage:
    """One text of an entry, or one value of its metadata; ``field`` is what evidence calls it.

    Without slots, because its words are split at the first question and then kept.
    """

    field: str
    text: str

    @cached_property
    def _separated(self) -> Separated:
        return Separated(self.text)

    @cached_property
    def tokens(self) -> list[str]:
        """The folded words, with `BLOCK_END` between blocks."""
        return self._separated.tokens()

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, token in enumerate(self.tokens):
            places.setdefault(token, []).append(place)
        return places

    @cached_property
    def _spans(self) -> list[Hit | None]:
        """Where each token stands in the text: the same list as ``tokens``."""
        found: list[Hit | None] = [*self._separated.spans()]
        if len(found) == len(self.tokens):
            return found
        rest = iter(found)
        return [None if token == BLOCK_END else next(rest) for token in self.tokens]

    @cached_property
    def blocks(self) -> list[int]:
        """The number of the block that each token stands in."""
        return list(accumulate(token == BLOCK_END for token in self.tokens))

    @cached_property
    def sentences(self) -> list[int]:
        """The number of the sentence that each token stands in; none crosses a block's end."""
        ends = iter((*sentence_ends(self.text), len(self.text) + 1))
        numbers, number, end = list[int](), 0, next(ends)
        for span in self._spans:
            if span is None:
                number += 1
            else:
                while span[0] >= end:
                    number, end = number + 1, next(ends)
            numbers.append(number)
        return numbers

    # --- terms ------------------------------------------------------------------------------------

    def find(self, term: Term, until: int | None = None) -> list[Hit]:
        """Return where a term stands before the token ``until``, in reading order."""
        found = self.standing(term)
        if found and until is not None:
            found = [hit for hit in found if hit[1] <= until]
        if found and isinstance(term, Exact):
            written = pattern(term).written
            found = [hit for hit in found if self._is_written(hit, written)]
        return found

    def standing(self, term: Term) -> list[Hit]:
        """Return where the folded words of a term stand, in reading order."""
        found = {
            (place, place + len(sequence))
            for sequence in pattern(term).sequences
            for place in self._beginnings(sequence[0])
            if self._continues(sequence, place)
        }
        return sorted(found)

    def promising(self, either: Or) -> tuple[Node, ...]:
        """Return those operands of an OR of hit expressions that may stand here."""
        return either.operands

    def _beginnings(self, place: Place) -> list[int]:
        """Return, in order, the places of every word that the first of a sequence may be."""
        known = self._places
        if isinstance(place, Glob):
            beginning = [word for word in known if place.fits(word)]
        elif len(place) == 1:
            return known.get(place[0], _NOWHERE)
        else:
            beginning = [word for word in place if word in known]
        return [at for word in beginning for at in known[word]]

    def _continues(self, sequence: Sequence, at: int) -> bool:
        """Tell whether behind its first word, at ``at``, the rest of a sequence follows."""
        if len(sequence) == 1:
            return True
        following = self.tokens[at + 1 : at + len(sequence)]
        return len(following) == len(sequence) - 1 and all(
            place.fits(token) if isinstance(place, Glob) else token in place
            for token, place in zip(following, sequence[1:], strict=True)
        )

    def _is_written(self, hit: Hit, written: tuple[str, ...]) -> bool:
        """Tell whether words stand here as written, where writing tells anything."""
        if self.field == "title" and self._is_shouted:
            return False
        pieces = (self.characters((at, at + 1)) for at in range(*hit))
        return all(
            as_written(self.text[start:end]) == wanted
            for (start, end), wanted in zip(pieces, written, strict=True)
        )

    @cached_property
    def _is_shouted(self) -> bool:
        letters = [letter for letter in self.text if letter.isalpha()]
        return sum(map(str.isupper, letters)) > _MOSTLY * len(letters)

    # --- spans ------------------------------------------------------------------------------------

    def characters(self, hit: Hit) -> Hit:
        """Return the characters that a hit's words take up."""
        first, last = self._spans[hit[0]], self._spans[hit[1] - 1]
        assert first is not None
        assert last is not None
        return first[0], last[1]

    def part(self, start: int, end: int) -> Evidence:
        """Return evidence of the characters ``start:end``: of a text that part, else the value."""
        is_text = self.field in ("title", "summary", "content")
        return Evidence(self.field, start, end, self.text[start:end] if is_text else self.text)

    @cached_property
    def lead_end(self) -> int:
        """The token before which the first `LEAD_WORDS` words end."""
        places = (place for place, token in enumerate(self.tokens) if token != BLOCK_END)
        last = next(islice(places, LEAD_WORDS - 1, None), None)
        return len(self.tokens) if last is None else last + 1

    @property
    def lead_length(self) -> int:
        """How many characters the first `LEAD_WORDS` words take up: all, where there are fewer."""
        if self.lead_end == len(self.tokens):
            return len(self.text)
        return self.characters((self.lead_end - 1, self.lead_end))[1]
