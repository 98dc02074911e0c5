"""How far apart the two sides of a NEAR stand that does not hold."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.query.nodes import Near
from aggregator.query.passages import Hit, Passage
from aggregator.query.reading import Region
from aggregator.query.shortfalls import Found, Miss, everywhere, spans, written
from aggregator.text import BLOCK_END
from aggregator.wording import counted


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two hits in one text that do not overlap, in reading order; ``swapped`` if right is first."""

    passage: Passage
    one: Hit
    behind: Hit
    swapped: bool

    @property
    def words(self) -> int:
        """How many words lie between them."""
        between = self.passage.tokens[self.one[1] : self.behind[0]]
        return len(between) - between.count(BLOCK_END)

    def is_within(self, units: Sequence[int]) -> bool:
        """Tell whether both stand in one unit."""
        return units[self.one[0]] == units[self.behind[1] - 1]


def too_far(node: Near, regions: Sequence[Region]) -> Miss | None:
    """Return the two hits that come nearest to what NEAR asks for, or the only side there is."""
    left, right = everywhere(node.left, regions), everywhere(node.right, regions)
    if not left or not right:
        found = left or right
        sentence = f"Only one of its two sides occurs: {written(found)}." if found else ""
        return Miss(node, "one_side", sentence, spans(found)) if found else None
    pairs = list(_pairs(left, right))
    if not pairs:
        return _unpaired(node, left, right)
    told, pair = _told(node, pairs)
    both = ((pair.passage, pair.one), (pair.passage, pair.behind))
    sentence = f"{written(both[:1])} and {written(both[1:])} both occur, but {told}."
    return Miss(node, "apart", sentence, spans(both))


def _unpaired(node: Near, left: Found, right: Found) -> Miss:
    both = (left[0], right[0])
    shared = next((pair for pair in _in_one_text(left, right)), None)
    if shared is not None:
        sentence = f"Its two sides occur only over each other: {written(shared)}."
        return Miss(node, "apart", sentence, spans(shared))
    one, other = (f"{written([each])} in the {each[0].field}" for each in both)
    sentence = f"Both sides occur, but in different texts: {one}, {other}."
    return Miss(node, "apart", sentence, spans(both))


def _in_one_text(left: Found, right: Found) -> Iterator[tuple[tuple[Passage, Hit], ...]]:
    first = {id(passage): (passage, hit) for passage, hit in reversed(right)}
    for passage, hit in left:
        if id(passage) in first:
            yield (passage, hit), first[id(passage)]


def _pairs(left: Found, right: Found) -> Iterator[_Pair]:
    """Yield, for each hit of the left side, the nearest of the right side on either hand."""
    for passage in {id(each): each for each, _ in left}.values():
        others = [hit for each, hit in right if each is passage]
        starts = [first for first, _ in others]
        by_end = sorted(others, key=lambda hit: hit[1])
        ends = [after for _, after in by_end]
        for one in (hit for each, hit in left if each is passage):
            behind = bisect_left(starts, one[1])
            if behind < len(others):
                yield _Pair(passage, one, others[behind], swapped=False)
            before = bisect_right(ends, one[0]) - 1
            if before >= 0:
                yield _Pair(passage, by_end[before], one, swapped=True)


def _told(node: Near, pairs: Sequence[_Pair]) -> tuple[str, _Pair]:
    """Return what keeps the nearest pair apart, and that pair."""
    if node.ordered:
        pairs = [pair for pair in pairs if not pair.swapped] or pairs
    nearest = min(pairs, key=lambda pair: pair.words)
    unit = "sentence" if node.within == "sentence" else "paragraph"
    together = [
        pair
        for pair in pairs
        if pair.is_within(pair.passage.sentences if unit == "sentence" else pair.passage.blocks)
    ]
    if not together:
        return f"in different {unit}s", nearest
    nearest = min(together, key=lambda pair: pair.words)
    if nearest.swapped and node.ordered:
        return "in the other order", nearest
    far = f"{counted(nearest.words, 'word')} lie between the nearest"
    return f"{far}; {node.within} are allowed", nearest
