"""Hit expressions as SQL finds them: `aggregator.query.hits` for the database.

Where words stand towards each other, the index knows only roughly: NEAR is near or farther
away, EXCEPT and ATLEAST are what they choose from.
"""

from dataclasses import replace
from itertools import product
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
    Value,
    Wildcard,
    Word,
)
from aggregator.store.conditions import NOTHING, Part, all_of, any_of
from aggregator.store.terms import Fitting, Run, is_text, near_part, sought, term_part

MAX_PAIRS = 256
"""With more pairs of phrases, NEAR asks only that both sides occur."""


class Hits:
    """Goes down hit expressions, one case a construct; a list, shared by many, only once."""

    def __init__(self, fitting: Fitting) -> None:
        self._fitting = fitting
        self._lists: dict[tuple[int, str], Part] = {}

    def part(self, node: Node, field: str) -> Part:
        """Return where a hit expression has a hit within a field of words."""
        match node:
            case Word() | Phrase() | Wildcard() | Exact():
                return term_part(node, field, self._fitting)
            case Or():
                return any_of([self.part(operand, field) for operand in node.operands])
            case Listed():
                return self._list(node, field)
            case Except() | AtLeast():
                return self._some(node, field)
            case Near():
                return self._near(node, field)
            case Regex() | Value() | DateRange() | DateComparison() | Field() | Not() | And():
                return NOTHING
            case _:
                assert_never(node)

    def _list(self, node: Listed, field: str) -> Part:
        # The tree is kept by whoever asked, so that its id stays its own.
        key = id(node.operand), field
        if key not in self._lists:
            self._lists[key] = self.part(node.operand, field)
        return self._lists[key]

    def _some(self, node: Except | AtLeast, field: str) -> Part:
        if isinstance(node, Except):
            return replace(self.part(node.kept, field), exact=False)
        whole = self.part(node.operand, field)
        return whole if node.count == 1 else replace(whole, exact=False)

    def _near(self, node: Near, field: str) -> Part:
        if isinstance(node.within, int) and is_text(field):
            left, right = runs(node.left), runs(node.right)
            if left and right and len(left) * len(right) <= MAX_PAIRS:
                return near_part(product(left, right), node.within, field)
        both = all_of([self.part(node.left, field), self.part(node.right, field)])
        return replace(both, exact=False)


def runs(node: Node) -> tuple[Run, ...] | None:
    """Return phrases of which one stands wherever the hit expression does; None without such."""
    match node:
        case Word() | Phrase() | Wildcard() | Exact():
            return sought(node).runs
        case Or():
            several = [runs(operand) for operand in node.operands]
            if None in several:
                return None
            return tuple(dict.fromkeys(run for each in several if each for run in each))
        case Listed() | AtLeast():
            return runs(node.operand)
        case Except():
            return runs(node.kept)
        case _:
            return None
