"""Rules and lists as they are written: their alternatives, each with its place in the file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aggregator.config.lists import TermList
from aggregator.config.queries import Asked
from aggregator.config.spans import in_source
from aggregator.query.fields import DEFAULT
from aggregator.query.nodes import And, AtLeast, Except, Field, Listed, Node, Not, Or, operands
from aggregator.query.printing import show
from aggregator.tagging import Rule


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query, the field that it is asked of, and the text that says it, if one does."""

    node: Node
    field: str
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class Owner:
    """A rule or a list: its name, its place, and the trees of the texts that it is written in.

    ``roots`` are what it asks: a rule's query and its clauses, a list's expression.
    """

    name: str
    title: str
    path: str
    line: int
    roots: tuple[Node, ...]
    asked: tuple[Asked, ...]
    _tops: Mapping[int, Asked] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tops = {id(asked.node): asked for asked in self.asked}
        object.__setattr__(self, "_tops", tops)

    def place(self, part: Part | None) -> tuple[str, int]:
        """Return the file and the line (from 1) of a part, or of the whole."""
        if part is None or part.asked is None:
            return self.path, self.line
        scalar = part.asked.scalar
        start, _ = in_source(scalar, part.node.start, part.node.end)
        return scalar.source.path, scalar.source.line(start)

    def whole(self) -> tuple[Part, ...]:
        """Return the roots."""
        return tuple(self.at(node, DEFAULT, None) for node in self.roots)

    def at(self, node: Node, field: str, asked: Asked | None) -> Part:
        """Return a part, which may be where another text begins."""
        return Part(node, field, self._tops.get(id(node), asked))

    def below(self, part: Part) -> Iterator[Part]:
        """Yield what a part is made of; a list is a leaf here."""
        if isinstance(part.node, Listed):
            return
        field = part.node.name if isinstance(part.node, Field) else part.field
        for operand in operands(part.node):
            yield self.at(operand, field, part.asked)

    def alternatives(self, part: Part) -> Iterator[Part]:
        """Yield the parts each of which is enough for ``part``, as far as OR divides it."""
        match part.node:
            case Or() | Field():
                for operand in self.below(part):
                    yield from self.alternatives(operand)
            case _:
                yield part

    def everything(self) -> Iterator[Part]:
        """Yield every part, from the roots down."""
        waiting = list(reversed(self.whole()))
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(tuple(self.below(part))))


def owner_of_rule(rule: Rule, asked: Iterable[Asked]) -> Owner:
    """Return a rule as it is written."""
    clauses = () if rule.score is None else rule.score.clauses
    roots = (*(() if rule.query is None else (rule.query,)), *(each.query for each in clauses))
    title = f"The tag `{rule.name}`"
    return Owner(rule.name, title, rule.path, rule.line, roots, tuple(asked))


def owner_of_list(terms: TermList) -> Owner:
    """Return a list as it is written."""
    source = terms.place.source
    line = source.line(terms.place.start)
    title = f"The list ${terms.name}"
    return Owner(f"${terms.name}", title, source.path, line, (terms.node,), terms.items)


def shown(node: Node, field: str) -> str:
    """Return a part of a query as people write it, its field before it."""
    is_whole = field == DEFAULT or isinstance(node, Or | And | Not | Field)
    return show(node) if is_whole else f"{field}:{show(node)}"


def conjuncts(node: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return what an AND wants, and what it excludes, ANDs within it included."""
    wanted: list[Node] = []
    excluded: list[Node] = []
    for operand in node.operands if isinstance(node, And) else (node,):
        match operand:
            case And():
                more, less = conjuncts(operand)
                wanted += more
                excluded += less
            case Not():
                excluded.append(operand.operand)
            case _:
                wanted.append(operand)
    return tuple(wanted), tuple(excluded)


def kept(part: Part) -> Part:
    """Return the term that an EXCEPT or ATLEAST is about."""
    node = part.node
    while isinstance(node, Except | AtLeast):
        node = node.kept if isinstance(node, Except) else node.operand
    return Part(node, part.field, part.asked)
