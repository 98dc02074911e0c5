"""What must be found in an entry for a query to be true: the cheapest set of terms, its trigger.

No term of the set found, the query is false: it need not be asked. The same holds of each
operand of an OR, so that of a hundred only those are asked whose words are there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import get_args

from aggregator.query.globs import Glob
from aggregator.query.nodes import (
    And,
    AtLeast,
    Except,
    Field,
    Joined,
    Listed,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    Value,
    Word,
    operands,
)
from aggregator.query.terms import Pattern, Place, pattern

Trigger = frozenset[int] | None
"""Numbers of terms, one of which is found wherever the query is true; None if it needs none."""

_NEVER: frozenset[int] = frozenset()
_VALUES = frozenset({"author", "category", "feed"})
_TERMS = get_args(Term)
_HITS = (*_TERMS, *get_args(Joined))

TEXT, TAG = "text", "tag"


def ground(name: str) -> str:
    """Return where the terms of a field are looked for: its own values, or the entry's text."""
    return name if name in _VALUES else TEXT


class Choice:
    """Nodes of which only some need be asked, by what was found."""

    __slots__ = ("_always", "_by_number", "_nodes")

    def __init__(self, nodes: Sequence[Node], triggers: Iterable[Trigger]) -> None:
        # Tuples of numbers, of which there are very many, cost the garbage collector nothing.
        by_number: dict[int, tuple[int, ...]] = {}
        always: list[int] = []
        for place, trigger in enumerate(triggers):
            for number in trigger or ():
                by_number[number] = (*by_number.get(number, ()), place)
            if trigger is None:
                always.append(place)
        self._nodes, self._always, self._by_number = nodes, tuple(always), by_number

    def places(self, found: Set[int]) -> set[int]:
        """Return the places, among all nodes, of those that may be true."""
        places = set(self._always)
        for number in found & self._by_number.keys():
            places.update(self._by_number[number])
        return places

    def among(self, found: Set[int]) -> tuple[Node, ...]:
        """Return the nodes that may be true, in their order."""
        return tuple(self._nodes[place] for place in sorted(self.places(found)))

    def triggered_by(self, number: int) -> Iterable[int]:
        """Return the places of the nodes that one term triggers."""
        return self._by_number.get(number, ())


@dataclass
class Soil:
    """The terms of one ground, and its ORs of hit expressions, by the identity of their nodes."""

    patterns: dict[int, Pattern] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    choices: dict[int, Choice] = field(default_factory=dict)


class Triggers:
    """Numbers the terms of queries, and finds their triggers.

    Nodes are told apart by their identity: whoever asks keeps them.
    """

    def __init__(self, frequency: Mapping[str, int] | None) -> None:
        self._rarity = _Rarity(frequency or {})
        self._numbers: dict[tuple[str, Term | Value], int] = {}
        self._costs: list[float] = []
        self._alone: list[frozenset[int]] = []
        self._judged: dict[tuple[int, str, bool], Trigger] = {}
        self._hits: dict[tuple[int, str], frozenset[int]] = {}
        self.fields: set[str] = set()
        self.soils: defaultdict[str, Soil] = defaultdict(Soil)
        self.choices: dict[tuple[int, str, bool], Choice] = {}

    def tag(self, name: str) -> int | None:
        """Return the number of a tag, None if no query asks for it."""
        return self._numbers.get((TAG, Value(name)))

    # --- what `match` judges: true or, ``wanted`` so, false ---------------------------------------

    def of(self, node: Node, name: str, *, wanted: bool = True) -> Trigger:
        """Return what must be found for a node, within a field, to be as wanted."""
        key = (id(node), name, wanted)
        if key not in self._judged:
            self._judged[key] = self._of(node, name, wanted=wanted)
        return self._judged[key]

    def _of(self, node: Node, name: str, *, wanted: bool) -> Trigger:
        match node:
            case Field():
                return self.of(node.operand, node.name, wanted=wanted)
            case Not():
                return self.of(node.operand, name, wanted=not wanted)
            case And():
                of_each = [self.of(operand, name, wanted=wanted) for operand in node.operands]
                return self._cheapest(of_each) if wanted else _united(of_each)
            case Or():
                return self._either(node, name, wanted=wanted)
            case _:
                found = self._single(node, name)
                return found if wanted else None

    def _either(self, node: Or, name: str, *, wanted: bool) -> Trigger:
        of_each = [self.of(operand, name, wanted=wanted) for operand in node.operands]
        asked = of_each if wanted else [self._truth(operand, name) for operand in node.operands]
        self.choices[id(node), ground(name), wanted] = Choice(node.operands, asked)
        return _united(of_each) if wanted else self._cheapest(of_each)

    def _truth(self, node: Node, name: str) -> Trigger:
        """Return what an operand that is wanted false must be asked for at all.

        Only hit expressions are false without any evidence: of ``a -b``, it may be that of b.
        """
        return self._single(node, name) if isinstance(node, _HITS) else None

    def _single(self, node: Node, name: str) -> Trigger:
        if isinstance(node, Value):
            return frozenset({self._number(TAG, node, 1.0)}) if name == TAG else None
        if not isinstance(node, _HITS):
            return None
        self.fields.add(name)
        found = self.hits(node, ground(name))
        # A feed is named by its address, too, which is no words.
        return None if name == "feed" and isinstance(node, Word | Phrase) else found

    # --- hit expressions --------------------------------------------------------------------------

    def hits(self, node: Node, where: str) -> frozenset[int]:
        """Return of what one must be found for a hit expression to stand anywhere."""
        if isinstance(node, _TERMS):
            return self._term(node, where)
        # Lists are shared by many queries.
        key = (id(node), where)
        if key not in self._hits:
            self._hits[key] = self._joined(node, where)
        return self._hits[key]

    def _joined(self, node: Node, where: str) -> frozenset[int]:
        match node:
            case Listed() | AtLeast():
                return self.hits(node.operand, where)
            case Or():
                of_each = [self.hits(operand, where) for operand in node.operands]
                self.soils[where].choices[id(node)] = Choice(node.operands, of_each)
                return _NEVER.union(*of_each)
            case Near() | Except():
                left, right = (self.hits(operand, where) for operand in operands(node))
                either = isinstance(node, Near) and self._cost(right) < self._cost(left)
                return right if either else left
            case _:
                return _NEVER

    def _term(self, term: Term, where: str) -> frozenset[int]:
        number = self._numbers.get((where, term))
        if number is None:
            looked_for = pattern(term)
            number = self._number(where, term, self._rarity.of(looked_for))
            self.soils[where].patterns[number] = looked_for
        self.soils[where].numbers[id(term)] = number
        return self._alone[number] if self.soils[where].patterns[number].sequences else _NEVER

    def _number(self, where: str, term: Term | Value, cost: float) -> int:
        number = self._numbers.setdefault((where, term), len(self._numbers))
        if number == len(self._costs):
            self._costs.append(cost)
            self._alone.append(frozenset({number}))
        return number

    def _cost(self, trigger: frozenset[int]) -> float:
        return sum(map(self._costs.__getitem__, trigger))

    def _cheapest(self, triggers: Iterable[Trigger]) -> Trigger:
        known = [trigger for trigger in triggers if trigger is not None]
        return min(known, key=self._cost, default=None)


def _united(triggers: list[Trigger]) -> Trigger:
    known = [trigger for trigger in triggers if trigger is not None]
    return _NEVER.union(*known) if len(known) == len(triggers) else None


class _Rarity:
    """In how many entries a term likely stands: by its rarest word, in any of its spellings.

    Where nothing is known of a word, the shorter it is the more often it occurs.
    """

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = frequency
        self._all = max(frequency.values(), default=1)

    def of(self, looked_for: Pattern) -> float:
        return sum(
            min(map(self._of_place, sequence)) * 0.5 ** len(sequence)
            for sequence in looked_for.sequences
        )

    def _of_place(self, place: Place) -> float:
        if isinstance(place, Glob):
            return sum(map(self._guess, place.beginnings))
        if not self._frequency:
            return self._guess(place[0])
        # Of two words that were never met, still the longer one.
        return sum(self._frequency.get(word, 0) for word in place) + self._guess(place[0]) / 1e3

    def _guess(self, word: str) -> float:
        return float(self._all * 0.7 ** len(word))
