"""Where hit expressions stand in one text: terms, their OR, NEAR and EXCEPT.

A hit is the words ``first:after`` of a text. Hits are kept in reading order, so that each
question about two sorts of them is answered by bisection: time is linear in their number, but
for a logarithm, however hostile the text.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import assert_never

from aggregator.query.nodes import (
    And,
    AtLeast,
    DateComparison,
    DateRange,
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
    Scope,
    Value,
    Wildcard,
    Word,
)
from aggregator.query.passages import Hit, Passage


def hits(node: Node, passage: Passage, until: int | None = None) -> list[Hit]:
    """Return where a hit expression stands among the words before ``until``, in reading order.

    An `AtLeast` stands wherever its operand does: whether that is often enough is for whoever
    knows all texts of the field. What is no hit expression stands nowhere.
    """
    match node:
        case Word() | Phrase() | Wildcard() | Exact():
            return passage.find(node, until)
        case Listed() | AtLeast():
            return hits(node.operand, passage, until)
        case Or():
            found = [hits(operand, passage, until) for operand in passage.promising(node)]
            return sorted({hit for of_one in found for hit in of_one})
        case Near():
            left = hits(node.left, passage, until)
            right = hits(node.right, passage, until) if left else []
            return _near(node, left, right, passage) if right else []
        case Except():
            kept = hits(node.kept, passage, until)
            return _outside(kept, hits(node.dropped, passage), passage) if kept else []
        case Regex() | Value() | DateRange() | DateComparison() | Field() | Not() | And():
            return []
        case _:
            assert_never(node)


def apart(found: Iterable[Hit]) -> int:
    """Return how many hits there are at most of which no two overlap."""
    number, end = 0, 0
    for first, after in sorted(found, key=lambda hit: hit[1]):
        if first >= end:
            number, end = number + 1, after
    return number


# --- EXCEPT ---------------------------------------------------------------------------------------


def _outside(kept: list[Hit], dropped: list[Hit], passage: Passage) -> list[Hit]:
    """Return the kept hits that share no character with a dropped one."""
    if not dropped:
        return kept
    taken = _united(passage.characters(hit) for hit in dropped)
    starts = [start for start, _ in taken]

    def is_free(hit: Hit) -> bool:
        start, end = passage.characters(hit)
        before = bisect_left(starts, end) - 1
        return before < 0 or taken[before][1] <= start

    return [hit for hit in kept if is_free(hit)]


def _united(spans: Iterable[Hit]) -> list[Hit]:
    """Return spans as disjoint ones, in order."""
    united: list[Hit] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


# --- NEAR -----------------------------------------------------------------------------------------


def _near(node: Near, left: list[Hit], right: list[Hit], passage: Passage) -> list[Hit]:
    """Return the hits on either side that have one of the other side within reach."""
    reach = _Reach(node.within, passage)
    left, right = list(filter(reach.has_room, left)), list(filter(reach.has_room, right))
    found = set(_followed(left, right, reach))
    if not node.ordered:
        found.update(_followed(right, left, reach))
    return sorted(found)


class _Reach:
    """Tells whether two hits, one behind the other, are near enough."""

    def __init__(self, within: int | Scope, passage: Passage) -> None:
        self.words = within if isinstance(within, int) else None
        self.units = passage.sentences if within == "sentence" else passage.blocks

    def has_room(self, hit: Hit) -> bool:
        """Tell whether a hit stands in one unit: a phrase may cross a sentence's end."""
        return self.units[hit[0]] == self.units[hit[1] - 1]

    def holds(self, one: Hit, behind: Hit) -> bool:
        """Words between their nearest ends, and nothing that ends what they stand in."""
        if self.words is not None and behind[0] - one[1] > self.words:
            return False
        return self.units[one[0]] == self.units[behind[0]]


def _followed(ones: list[Hit], others: list[Hit], reach: _Reach) -> Iterable[Hit]:
    """Yield the pairs of one hit and another behind it, of each hit the nearest."""
    starts = [first for first, _ in others]
    for one in ones:
        at = bisect_left(starts, one[1])
        if at < len(others) and reach.holds(one, others[at]):
            yield one
            yield others[at]
    by_end = sorted(ones, key=lambda hit: hit[1])
    ends = [after for _, after in by_end]
    for other in others:
        at = bisect_right(ends, other[0]) - 1
        if at >= 0 and reach.holds(by_end[at], other):
            yield by_end[at]
            yield other
