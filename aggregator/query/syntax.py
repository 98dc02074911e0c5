"""Text → tree: the grammar of the query language, with errors that point at what is wrong.

::

    query      = expression
    expression = operand { [ "AND" ] operand } | operand { "OR" operand }
    operand    = ( "NOT" | "-" ) operand | joined
    joined     = primary [ join primary ]                              see `joining`
    primary    = "(" expression ")" | field ":" value | atleast | term
    value      = "(" expression ")" | term | period
    term       = bare | quoted | exact | sloppy | regex | list         see `leaves`, `expressions`
    list       = "$" name
    period     = "[" end "TO" end "]" | comparison moment | day        see `dated`

Parsing is total (a tree or a QueryError) and linear. AND beside OR is refused instead of
ranked, and so is a chain of joins: silent precedence is how queries go wrong.
"""

from collections.abc import Mapping

from aggregator.query.cursor import CLOSING_QUOTES, Cursor, Run
from aggregator.query.dated import read_period
from aggregator.query.expressions import read_regex
from aggregator.query.fields import FIELDS, FieldKind
from aggregator.query.items import parse_item
from aggregator.query.joining import Join, is_at_least, is_join, read_count, read_join, read_sloppy
from aggregator.query.leaves import holds_urls, holds_words, read_bare, read_exact, read_quoted
from aggregator.query.limits import Limits, refuse_length
from aggregator.query.listing import NO_LISTS, read_listed
from aggregator.query.misplaced import (
    check_end,
    check_value,
    misplaced,
    nothing,
    nothing_behind_field,
    unknown_field,
)
from aggregator.query.nodes import (
    OPERATORS,
    SLIPS,
    And,
    AtLeast,
    Field,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Wildcard,
    leaves,
)
from aggregator.query.readings import Operator, mixture
from aggregator.query.refusals import refuse_slip
from aggregator.query.rejoining import Side, chained, uncountable, unfit

__all__ = ["NO_LISTS", "parse", "parse_item"]


def parse(text: str, lists: Mapping[str, Node] = NO_LISTS) -> Node:
    """Read a query, which may call the terms of ``lists`` by their names.

    Raises QueryError, which points at the characters to blame and says what to write instead.
    """
    cursor = Cursor(text)
    refuse_length(cursor)
    return _Parser(cursor, lists).query()


class _Parser:
    """One method a production; ``field`` is the one whose brackets stand around."""

    def __init__(self, cursor: Cursor, lists: Mapping[str, Node]) -> None:
        self.cursor = cursor
        self.lists = lists
        self.limits = Limits(cursor)

    def query(self) -> Node:
        """query = expression"""
        cursor = self.cursor
        cursor.skip()
        if not cursor.peek():
            raise cursor.error(cursor.at, cursor.at, "The query is empty.")
        node = self.expression(None)
        if cursor.peek():
            raise cursor.error(cursor.at, cursor.at + 1, "This bracket was never opened.")
        return node

    def expression(self, field: FieldKind | None) -> Node:
        """expression = operand { [ "AND" ] operand } | operand { "OR" operand }"""
        operands = [self.operand(field, None)]
        operators: list[Operator] = []
        while operator := self.operator():
            operators.append(operator)
            operands.append(self.operand(field, operator))
        if not operators:
            return operands[0]
        names = {operator.name for operator in operators}
        if len(names) > 1:
            raise mixture(self.cursor, operands, operators)
        branch = And if names == {"AND"} else Or
        return branch(tuple(operands), operands[0].start, operands[-1].end)

    def operator(self) -> Operator | None:
        """operator = "AND" | "OR" | nothing, which means AND"""
        self.cursor.skip()
        if self.cursor.peek() in ("", ")"):
            return None
        run = self.cursor.run()
        if run.text not in ("AND", "OR"):
            return Operator("AND", run.start, run.start)
        self.cursor.at = run.end
        return Operator("AND" if run.text == "AND" else "OR", run.start, run.end)

    def operand(self, field: FieldKind | None, before: Operator | None) -> Node:
        """operand = ( "NOT" | "-" ) operand | joined"""
        self.cursor.skip()
        if _is_negated(self.cursor.run()):
            return self.negation(field)
        return self.joined(field, before)

    def negation(self, field: FieldKind | None) -> Node:
        """( "NOT" | "-" ) operand, the minus directly before it"""
        cursor = self.cursor
        run = cursor.run()
        if run.text == "NOT":
            cursor.at = run.end
            cursor.skip()
            if cursor.peek() in ("", ")"):
                raise cursor.error(run.start, run.end, "Nothing stands behind NOT.")
        else:
            cursor.go(run.start + 1)
            behind = cursor.peek()
            if behind in ("", ")", "-", "#") or behind.isspace():
                sentence = "One minus stands directly before what it excludes."
                raise cursor.error(run.start, cursor.at, sentence, "Write -word or NOT word.")
        self.limits.enter(run.start)
        operand = self.operand(field, None)
        self.limits.leave()
        return Not(operand, run.start, operand.end)

    # --- hit expressions --------------------------------------------------------------------------

    def joined(self, field: FieldKind | None, before: Operator | None) -> Node:
        """joined = primary [ join primary ]"""
        left = self.side(field, before)
        join = read_join(self.cursor)
        if join is None:
            return left.node
        right = self.side(field, join)
        if another := read_join(self.cursor):
            third = self.side(field, another)
            raise chained(self.cursor, (join, another), (left.node, right.node, third.node))
        if error := unfit(self.cursor, join, left, right):
            raise error
        return join.of(left.node, right.node, left.start, right.end)

    def side(self, field: FieldKind | None, before: Operator | Join | Run | None) -> Side:
        """Read one side of a join: a primary, or a NOT that it will refuse."""
        cursor = self.cursor
        cursor.skip()
        start = cursor.at
        is_not = _is_negated(cursor.run())
        node = self.negation(field) if is_not else self.primary(field, before)
        return Side(node, start, cursor.at)

    def at_least(self, field: FieldKind | None, run: Run) -> Node:
        """atleast = "ATLEAST/" n primary"""
        cursor = self.cursor
        count = read_count(cursor, run)
        self.limits.enter(run.start)
        side = self.side(field, run)
        self.limits.leave()
        if error := uncountable(cursor, count, run.start, side):
            raise error
        return AtLeast(count, side.node, run.start, side.end)

    def primary(self, field: FieldKind | None, before: Operator | Join | Run | None) -> Node:
        """primary = "(" expression ")" | field ":" value | atleast | term"""
        cursor = self.cursor
        first = cursor.peek()
        if first in ("", ")"):
            raise nothing(cursor, before)
        if first == "(":
            return self.group(field)
        if first in CLOSING_QUOTES:
            return self.quoted(field)
        run = cursor.run()
        if is_at_least(run):
            return self.at_least(field, run)
        if run.text in OPERATORS or is_join(run):
            raise misplaced(cursor, run, before)
        if ":" in run.text and _may_be_field(run) and not holds_urls(field, run.text):
            return self.fielded(field, run)
        if run.text.casefold() in SLIPS and not self.is_all(run):
            refuse_slip(cursor, run, joins=before is not None)
        return self.term(field)

    def group(self, field: FieldKind | None) -> Node:
        """ "(" expression ")" """
        cursor = self.cursor
        start = cursor.at
        self.limits.enter(start)
        cursor.at += 1
        cursor.skip()
        if cursor.peek() == ")":
            raise cursor.error(start, cursor.at + 1, "Nothing stands between these brackets.")
        node = self.expression(field) if cursor.peek() else None
        if node is None or not cursor.peek():
            raise cursor.error(start, start + 1, "This bracket is never closed.")
        cursor.at += 1
        self.limits.leave()
        return node

    # --- fields -----------------------------------------------------------------------------------

    def fielded(self, outer: FieldKind | None, run: Run) -> Node:
        """field ":" value, without a space between them"""
        cursor = self.cursor
        name = run.text.partition(":")[0]
        colon = cursor.text.index(":", run.start)
        cursor.go(colon + 1)
        if outer is not None:
            sentence = f"No field stands inside another one ({outer.name}:)."
            hint = "A word with a colon belongs in quotes."
            raise cursor.error(run.start, cursor.at, sentence, hint)
        field = FIELDS.get(name)
        if field is None:
            raise unknown_field(cursor, name, run.start, colon)
        behind = cursor.peek()
        if behind in ("", ")") or behind.isspace():
            raise nothing_behind_field(cursor, field, run.start)
        if field.kind == "date":
            return self.leave(read_period(cursor, name, run.start))
        operand = self.value(field)
        return Field(name, operand, run.start, cursor.at)

    def value(self, field: FieldKind) -> Node:
        """value = "(" expression ")" | term"""
        cursor = self.cursor
        if cursor.peek() == "(":
            return self.group(field)
        run = cursor.run()
        check_value(cursor, field, run)
        if ":" in run.text and _may_be_field(run) and not holds_urls(field, run.text):
            return self.fielded(field, run)
        return self.term(field)

    # --- terms ------------------------------------------------------------------------------------

    def term(self, field: FieldKind | None) -> Node:
        """term = bare | quoted | exact | sloppy | regex | list"""
        cursor = self.cursor
        first = cursor.peek()
        if first in CLOSING_QUOTES:
            return self.quoted(field)
        if holds_words(field):
            if first == "=":
                return self.leave(read_exact(cursor))
            if first == "/":
                return self.leave(read_regex(cursor))
            if first == "$":
                listed = read_listed(cursor, self.lists)
                self.limits.count(listed)
                return check_end(cursor, listed)
        run = cursor.run()
        if run.start == run.end:
            sentence = "Square brackets belong to ranges of dates, curly ones to nothing."
            hint = "A range is written like published:[2026-04-01 TO 2026-04-30]."
            raise cursor.error(cursor.at, cursor.at + 1, sentence, hint)
        return self.leave(read_bare(cursor, field, run))

    def quoted(self, field: FieldKind | None) -> Node:
        """quoted | sloppy"""
        node = read_quoted(self.cursor, field)
        self.cursor.go(node.end)
        near = read_sloppy(self.cursor, node) if isinstance(node, Phrase | Wildcard) else None
        if near is None:
            return self.leave(node)
        for term in leaves(near):
            self.limits.count(term)
        return check_end(self.cursor, near)

    def leave(self, node: Leaf) -> Node:
        """Pass a term, and count it."""
        self.limits.count(node)
        return check_end(self.cursor, node)

    def is_all(self, run: Run) -> bool:
        """Tell whether nothing stands in the query beside this run."""
        around = Cursor(self.cursor.text)
        around.skip()
        if around.at != run.start:
            return False
        around.at = run.end
        around.skip()
        return not around.peek()


def _is_negated(run: Run) -> bool:
    """Tell whether a NOT begins here."""
    return run.text == "NOT" or run.text.startswith("-")


def _may_be_field(run: Run) -> bool:
    """Tell whether the colon in a run may be a field's: not behind a sign of another construct."""
    return run.text[0] not in "=/$"
