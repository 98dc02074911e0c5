"""Lints of logic: what can never match, and what another term finds already."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from aggregator.config.linting.finders import Atom, Finder, Finders, enough, finders, needs
from aggregator.config.linting.remark import Lint, quoted, remark, together
from aggregator.config.linting.written import Owner, Part, conjuncts, shown
from aggregator.query.fields import ascii_lower
from aggregator.query.nodes import (
    And,
    DateComparison,
    DateRange,
    Except,
    Field,
    Listed,
    Near,
    Node,
    Or,
    Value,
)
from aggregator.query.periods import bounds
from aggregator.query.printing import show

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


# --- what can never match -------------------------------------------------------------------------


def never(owner: Owner) -> Iterator[Lint]:
    """Yield a remark on every part that no text can match, the outermost only."""
    waiting = list(owner.whole())
    while waiting:
        part = waiting.pop()
        match part.node:
            case And():
                why = _contradiction(part.node, part.field)
            case Except():
                why = _nothing_left(owner, part)
            case _:
                why = None
        if why is None:
            waiting.extend(owner.below(part))
        else:
            told = f"{quoted(part)} can never match: {why}. Take one of the two out."
            yield remark(owner, part, "never", told)


def _contradiction(node: And, field: str) -> str | None:
    wanted, excluded = conjuncts(node)
    unwanted = finders((each, field) for each in excluded)
    denied = {show(each) for each in excluded}
    for each in wanted:
        if show(each) in denied:
            return f"it wants and excludes `{show(each)}`"
        for alternatives in needs(each, field):
            by = [next(unwanted.covering(atom), None) for atom in alternatives]
            if by and all(by):
                name = by[0].name if by[0] else ""
                return f"whatever matches `{show(each)}` is excluded by `NOT {name}`"
    return _languages_apart(wanted) or _periods_apart(wanted)


def _languages_apart(wanted: Iterable[Node]) -> str | None:
    asked = [(each, languages) for each in wanted if (languages := _languages(each))]
    for number, (one, mine) in enumerate(asked):
        for other, theirs in asked[:number]:
            if not any(_overlap(a, b) for a in mine for b in theirs):
                return f"an entry has one language, not `{show(other)}` and `{show(one)}`"
    return None


def _languages(node: Node) -> tuple[str, ...]:
    """Return the languages one of which an entry must have; () if it may have any."""
    match node:
        case Field(name="lang", operand=Value(text=text)):
            return (ascii_lower(text),)
        case Field(name="lang", operand=Or(operands=operands)):
            texts = [each.text for each in operands if isinstance(each, Value)]
            return tuple(map(ascii_lower, texts)) if len(texts) == len(operands) else ()
        case Or(operands=operands):
            each = [_languages(operand) for operand in operands]
            return tuple(text for texts in each for text in texts) if all(each) else ()
        case _:
            return ()


def _overlap(one: str, other: str) -> bool:
    return f"{one}-".startswith(f"{other}-") or f"{other}-".startswith(f"{one}-")


def _periods_apart(wanted: Iterable[Node]) -> str | None:
    for field in ("published", "seen"):
        periods = [
            bounds(each, _ANY_TIME)
            for each in wanted
            if isinstance(each, DateRange | DateComparison) and each.name == field
        ]
        first = max((start for start, _ in periods if start is not None), default=None)
        after = min((end for _, end in periods if end is not None), default=None)
        if first is not None and after is not None and first >= after:
            return f"no day is in all of its periods of `{field}:`"
    return None


def _nothing_left(owner: Owner, part: Part) -> str | None:
    """Tell whether an EXCEPT drops all that it keeps, or all of one alternative."""
    node = part.node
    if not isinstance(node, Except):
        return None
    dropped = finders([(node.dropped, part.field)])
    for each in owner.alternatives(owner.at(node.kept, part.field, part.asked)):
        for alternatives in needs(each.node, each.field):
            by = [next(dropped.covering(atom), None) for atom in alternatives]
            if by and all(by):
                name = by[0].name if by[0] else ""
                return f"EXCEPT drops every hit of {quoted(each)}, by `{name}`"
    return None


# --- what another term finds already --------------------------------------------------------------


class ListFinders:
    """The terms of every list, those of the lists that it mentions included."""

    def __init__(self, owners: Mapping[str, Owner]) -> None:
        self._owners = owners
        self._found: dict[tuple[str, str], Finders] = {}

    def of(self, name: str, field: str) -> Finders:
        """Return the terms of a list, asked of a field."""
        if (name, field) not in self._found:
            pairs = self._terms(f"${name}", field)
            self._found[name, field] = finders(pairs, f"${name}")
        return self._found[name, field]

    def _terms(self, name: str, field: str) -> Iterator[tuple[Node, str]]:
        owner = self._owners.get(name)
        for root in () if owner is None else owner.roots:
            for node, _ in enough(root, field):
                if isinstance(node, Listed):
                    yield from self._terms(f"${node.name}", field)
                else:
                    yield node, field


def shadowed(owner: Owner, lists: ListFinders) -> Iterator[Lint]:
    """Yield a remark on every OR, or list, with alternatives that another one makes needless.

    Not below NEAR or on the right of EXCEPT, where a longer hit reaches further.
    """
    waiting = list(owner.whole())
    while waiting:
        part = waiting.pop()
        alternatives = tuple(owner.alternatives(part))
        if len(alternatives) > 1:
            found = _needless(alternatives, lists)
            what = "there are terms that another one finds already"
            yield from together(owner, "shadowed", found, what, "Take them out.")
        for each in alternatives:
            below = () if isinstance(each.node, Near) else tuple(owner.below(each))
            waiting.extend(below[:1] if isinstance(each.node, Except) else below)


def _needless(alternatives: tuple[Part, ...], lists: ListFinders) -> Iterator[tuple[Part, str]]:
    own = Finders(
        Finder(atom, number, shown(node, atom.field), "")
        for number, part in enumerate(alternatives)
        for node, atom in enough(part.node, part.field)
    )
    of_lists = [
        lists.of(node.name, atom.field)
        for part in alternatives
        for node, atom in enough(part.node, part.field)
        if isinstance(node, Listed)
    ]
    for number, part in enumerate(alternatives):
        if (by := _covered(part, number, own, of_lists)) is not None:
            where = f" of {by.owner}" if by.owner else ""
            yield part, f" (by `{by.name}`{where})"


def _covered(part: Part, number: int, own: Finders, of_lists: Iterable[Finders]) -> Finder | None:
    for alternatives in needs(part.node, part.field):
        by = [next(_others(each, number, own, of_lists), None) for each in alternatives]
        if by and all(by):
            return by[0]
    return None


def _others(
    sought: Atom, number: int, own: Finders, of_lists: Iterable[Finders]
) -> Iterator[Finder]:
    """Yield what finds an alternative's term: another one, of two that are equal the earlier."""
    for finder in own.covering(sought):
        is_same = finder.atom == sought
        if finder.number < number or (finder.number > number and not is_same):
            yield finder
    for of_one in of_lists:
        yield from of_one.covering(sought)
