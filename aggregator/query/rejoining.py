"""What NEAR, EXCEPT and ATLEAST cannot join: refused, with what was most likely meant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aggregator.errors import QueryError
from aggregator.query.cursor import Cursor
from aggregator.query.joining import Join, first_unfit, is_join
from aggregator.query.nodes import (
    And,
    AtLeast,
    DateComparison,
    DateRange,
    Except,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Value,
    Word,
    operands,
)
from aggregator.query.printing import show

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Side:
    """An operand, and the characters that it takes up, its brackets included."""

    node: Node
    start: int
    end: int


def unfit(cursor: Cursor, join: Join, left: Side, right: Side) -> QueryError | None:
    """Return what is wrong with the operands of an operator; None if nothing is."""
    offender = first_unfit(left.node) or first_unfit(right.node)
    if offender is None:
        return None
    meant = _first_sound(_meant(join, left.node, right.node))
    sentence = _sentence(_name(join), offender)
    hint = _hint(cursor, left.start, right.end, meant)
    return cursor.error(*_blamed(offender, left, right), sentence, hint)


def uncountable(cursor: Cursor, count: int, start: int, side: Side) -> QueryError | None:
    """Return what is wrong with the operand of ATLEAST; None if nothing is."""
    offender = first_unfit(side.node)
    if offender is None:
        return None
    meant = _first_sound(_meant_to_count(count, side.node))
    hint = _hint(cursor, start, side.end, meant)
    return cursor.error(*_blamed(offender, side, side), _sentence("ATLEAST", offender), hint)


def chained(cursor: Cursor, joins: tuple[Join, Join], nodes: tuple[Node, Node, Node]) -> QueryError:
    """Return the complaint that three operands can be read in two ways, with both."""
    names = " beside ".join(dict.fromkeys(map(_name, joins)))
    what = f"{names} without brackets" if " " in names else f"A chain of {names}"
    sentence = f"{what} can be read in two ways."
    readings = [show(node) for node in _readings(joins, nodes) if _is_sound(node)]
    hint = "Put brackets around what belongs together."
    if readings and max(map(len, readings)) <= _LONGEST:
        cursor.skip()
        more = " …" if is_join(cursor.run()) else ""
        hint = f"Write {' or '.join(f'`{reading}{more}`' for reading in readings)}."
    return cursor.error(joins[1].start, joins[1].end, sentence, hint)


def _readings(joins: tuple[Join, Join], nodes: tuple[Node, Node, Node]) -> Iterator[Node]:
    (first, second), (a, b, c) = joins, nodes
    match first.within, second.within:
        case None, None:
            yield Except(a, Or((b, c)))
            yield Except(a, Except(b, c))
        case None, _:
            yield second.of(Except(a, b), c)
            yield Except(second.of(a, c), b)
        case _, None:
            yield first.of(a, Except(b, c))
            yield first.of(Except(a, c), b)
        case _:
            yield And((first.of(a, b), second.of(b, c)))
            yield And((first.of(a, b), second.of(a, c)))


def _name(join: Join) -> str:
    if join.within is None:
        return "EXCEPT"
    return "ONEAR" if join.ordered else "NEAR"


def _blamed(offender: Node, left: Side, right: Side) -> tuple[int, int]:
    """Return the characters of the offender, with the brackets of a whole operand."""
    for side in (left, right):
        if offender is side.node:
            return side.start, side.end
    return offender.start, offender.end


def _sentence(name: str, offender: Node) -> str:
    match offender:
        case Field():
            return f"A field stands before the whole of {name} and its brackets, not inside."
        case Value() | DateRange() | DateComparison():
            return f"{name} takes words; a value that is compared whole has no place in the text."
        case _:
            told = _OFFENCES[type(offender)]
            return f"{name} takes words, phrases, lists, OR of these and EXCEPT in brackets{told}."


_OFFENCES: dict[type[Node], str] = {
    And: ", not AND; words side by side belong in quotes",
    Not: ": NOT has no place in the text",
    Near: ", not NEAR",
    AtLeast: ", not ATLEAST",
    Regex: "; a regular expression stands for itself",
}


# --- what was meant -------------------------------------------------------------------------------


def _hint(cursor: Cursor, start: int, end: int, meant: Node | None) -> str | None:
    if meant is None:
        return None
    shown = show(meant)
    before, behind = cursor.text[:start].strip(), cursor.text[end:].strip()
    is_alone = not (before or behind) or (before.endswith("(") and behind.startswith(")"))
    if isinstance(meant, And) and not is_alone:
        shown = f"({shown})"
    return f"Write `{cursor.corrected(start, end, shown)}`." if len(shown) <= _LONGEST else None


def _first_sound(candidates: Iterator[Node]) -> Node | None:
    return next(filter(_is_sound, candidates), None)


def _is_sound(node: Node) -> bool:
    """Tell whether every operator of hits in a tree has operands that it takes."""
    match node:
        case Near() | Except() | AtLeast():
            return all(first_unfit(operand) is None for operand in operands(node))
        case _:
            return all(map(_is_sound, operands(node)))


def _meant(join: Join, left: Node, right: Node) -> Iterator[Node]:
    """Yield what somebody may mean who joins these, the likeliest first."""
    is_except = join.within is None
    match left, right:
        case Field(), Field() if left.name == right.name:
            yield Field(left.name, join.of(left.operand, right.operand))
        case Field(), _:
            yield Field(left.name, join.of(left.operand, right))
        case _, Field():
            yield Field(right.name, join.of(left, right.operand))
        case And(), _:
            yield from (join.of(phrase, right) for phrase in _in_quotes(left))
            if not is_except:
                yield And(tuple(join.of(operand, right) for operand in left.operands))
        case _, And():
            yield from (join.of(left, phrase) for phrase in _in_quotes(right))
            if not is_except:
                yield And(tuple(join.of(left, operand) for operand in right.operands))
        case _:
            yield from (_meant_to_drop if is_except else _meant_to_be_near)(join, left, right)
    yield And((left, Not(right) if is_except else right))


def _meant_to_drop(join: Join, left: Node, right: Node) -> Iterator[Node]:
    match left, right:
        case Near(), _:
            yield replace(left, left=join.of(left.left, right))
        case AtLeast(), _:
            yield AtLeast(left.count, join.of(left.operand, right))
        case _, Not():
            yield join.of(left, right.operand)
        case _:
            pass


def _meant_to_be_near(join: Join, left: Node, right: Node) -> Iterator[Node]:
    match left, right:
        case Near(), _:
            yield And((left, join.of(left.right, right)))
        case _, Near():
            yield And((join.of(left, right.left), right))
        case AtLeast(), _:
            yield And((left, join.of(left.operand, right)))
        case _, AtLeast():
            yield And((join.of(left, right.operand), right))
        case _, Not():
            yield And((left, Not(join.of(left, right.operand))))
        case Not(), _:
            yield And((right, Not(join.of(left.operand, right))))
        case _:
            pass


def _meant_to_count(count: int, node: Node) -> Iterator[Node]:
    match node:
        case Field():
            yield Field(node.name, AtLeast(count, node.operand))
        case Not():
            yield Not(AtLeast(count, node.operand))
        case And():
            yield from (AtLeast(count, phrase) for phrase in _in_quotes(node))
        case _:
            pass


def _in_quotes(node: And) -> Iterator[Node]:
    """Yield words side by side as the phrase that they were meant to be."""
    if all(isinstance(operand, Word) for operand in node.operands):
        yield Phrase(" ".join(map(show, node.operands)))
