"""Text → tree: the grammar of the query language, with errors that point at what is wrong.

::

    query      = expression
    expression = operand { [ "AND" ] operand } | operand { "OR" operand }
    operand    = ( "NOT" | "-" ) operand | "(" expression ")" | field ":" value | term
    value      = "(" expression ")" | term | period
    term       = bare | quoted                                         see `leaves`
    period     = "[" end "TO" end "]" | comparison moment | day        see `dated`

Parsing is total (a tree or a QueryError) and linear. AND beside OR is refused instead of
ranked: silent precedence is how queries go wrong.
"""

from typing import NoReturn

from aggregator.query.cursor import CLOSING_QUOTES, Cursor, Run, named
from aggregator.query.dated import read_period
from aggregator.query.fields import FIELDS, FieldKind, suggest
from aggregator.query.leaves import holds_urls, read_bare, read_quoted
from aggregator.query.nodes import (
    OPERATORS,
    SLIPS,
    And,
    Field,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
)
from aggregator.query.readings import Operator, mixture
from aggregator.query.refusals import refuse, refuse_slip

MAX_BYTES = 100_000
MAX_NESTING = 50
MAX_TERMS = 10_000
_LONGEST_LINK = 100


def parse(text: str) -> Node:
    """Read a query.

    Raises QueryError, which points at the characters to blame and says what to write instead.
    """
    cursor = Cursor(text)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        sentence = f"The query has {size:,} bytes; at most {MAX_BYTES:,} are read."
        raise cursor.error(0, 0, sentence, "Divide it into several.")
    return _Parser(cursor).query()


class _Parser:
    """One method a production; ``field`` is the one whose brackets stand around."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.nesting = 0
        self.terms = 0

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
        """operand = ( "NOT" | "-" ) operand | "(" expression ")" | field ":" value | term"""
        cursor = self.cursor
        cursor.skip()
        first = cursor.peek()
        if first in ("", ")"):
            self.refuse_absence(before)
        if first == "(":
            return self.group(field)
        if first in CLOSING_QUOTES:
            return self.leave(read_quoted(cursor, field))
        run = cursor.run()
        if run.text == "NOT" or run.text.startswith("-"):
            return self.negation(field, run)
        if run.text in OPERATORS:
            self.refuse_operator(run, before)
        if ":" in run.text and not holds_urls(field, run.text):
            return self.fielded(field, run)
        if run.text.casefold() in SLIPS and not self.is_whole(run):
            refuse_slip(cursor, run, joins=before is not None)
        return self.term(field, run)

    def term(self, field: FieldKind | None, run: Run) -> Node:
        """term = bare"""
        cursor = self.cursor
        if run.start == run.end:
            sentence = "Square brackets belong to ranges of dates, curly ones to nothing."
            hint = "A range is written like published:[2026-04-01 TO 2026-04-30]."
            raise cursor.error(cursor.at, cursor.at + 1, sentence, hint)
        return self.leave(read_bare(cursor, field, run))

    def negation(self, field: FieldKind | None, run: Run) -> Node:
        """( "NOT" | "-" ) operand, the minus directly before it"""
        cursor = self.cursor
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
        self.enter(run.start)
        operand = self.operand(field, None)
        self.nesting -= 1
        return Not(operand, run.start, operand.end)

    def group(self, field: FieldKind | None) -> Node:
        """ "(" expression ")" """
        cursor = self.cursor
        start = cursor.at
        self.enter(start)
        cursor.at += 1
        cursor.skip()
        if cursor.peek() == ")":
            raise cursor.error(start, cursor.at + 1, "Nothing stands between these brackets.")
        node = self.expression(field) if cursor.peek() else None
        if node is None or not cursor.peek():
            raise cursor.error(start, start + 1, "This bracket is never closed.")
        cursor.at += 1
        self.nesting -= 1
        return node

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
            self.refuse_field(name, run.start, colon)
        behind = cursor.peek()
        if behind in ("", ")") or behind.isspace():
            sentence = f"Nothing stands directly behind `{name}:`."
            value = "2026-11-01" if field.kind == "date" else "word"
            hint = f"Write {name}:{value}, without a space."
            raise cursor.error(run.start, cursor.at, sentence, hint)
        if field.kind == "date":
            return self.leave(read_period(cursor, name, run.start))
        operand = self.value(field)
        return Field(name, operand, run.start, cursor.at)

    def value(self, field: FieldKind) -> Node:
        """value = "(" expression ")" | term"""
        cursor = self.cursor
        if cursor.peek() == "(":
            return self.group(field)
        if cursor.peek() in CLOSING_QUOTES:
            return self.leave(read_quoted(cursor, field))
        run = cursor.run()
        if run.text.startswith("-") or run.text in OPERATORS:
            sentence = f"{named(run.text)} is no value of `{field.name}:`."
            hint = f'Exclude by -{field.name}:word; search for a word by {field.name}:"word".'
            raise cursor.error(run.start, run.end, sentence, hint)
        if ":" in run.text and not holds_urls(field, run.text):
            return self.fielded(field, run)
        return self.term(field, run)

    def leave(self, node: Leaf) -> Leaf:
        """Pass a term, and count it."""
        cursor = self.cursor
        cursor.go(node.end)
        self.terms += 1
        if self.terms > MAX_TERMS:
            sentence = f"The query has more than {MAX_TERMS:,} terms."
            raise cursor.error(node.start, node.end, sentence, "Divide it into several.")
        behind = cursor.peek()
        if behind in ("", ")") or behind.isspace():
            return node
        sentence, hint = f"A space is missing before `{behind}`.", None
        if isinstance(node, Phrase) and behind == "~":
            sentence = '`"…"~n` (words near each other) is not supported yet.'
        elif behind in "]}":
            sentence = "This bracket was never opened."
        else:
            hint = "Write one, or put what belongs together in quotes."
        raise cursor.error(cursor.at, cursor.at + 1, sentence, hint)

    def is_whole(self, run: Run) -> bool:
        """Tell whether nothing stands in the query beside this run."""
        around = Cursor(self.cursor.text)
        around.skip()
        if around.at != run.start:
            return False
        around.at = run.end
        around.skip()
        return not around.peek()

    def enter(self, start: int) -> None:
        """Go one level deeper."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            sentence = f"The query is nested more than {MAX_NESTING} deep."
            raise self.cursor.error(start, start + 1, sentence)

    def refuse_absence(self, before: Operator | None) -> NoReturn:
        """Complain that no operand stands here."""
        cursor = self.cursor
        if before is not None:
            raise cursor.error(before.start, before.end, f"Nothing stands behind {before.name}.")
        raise cursor.error(cursor.at, cursor.at + 1, "This bracket was never opened.")

    def refuse_operator(self, run: Run, before: Operator | None) -> NoReturn:
        """Complain of an operator where an operand belongs."""
        refuse(self.cursor, run)
        if run.text == "TO":
            sentence = "TO stands only inside a range, like [2026-04-01 TO 2026-04-30]."
        elif before is not None and before.start < before.end:
            sentence = f"{run.text} stands directly behind {before.name}."
        else:
            sentence = f"Nothing stands before {run.text}."
        hint = f'For the word, write "{run.text}" in quotes.'
        raise self.cursor.error(run.start, run.end, sentence, hint)

    def refuse_field(self, name: str, start: int, end: int) -> NoReturn:
        """Complain of a field that does not exist."""
        cursor = self.cursor
        meant = suggest(name)
        if cursor.text.startswith("://", end):
            hint = (
                f'A link is found by url:"{cursor.text[start : cursor.run().end][:_LONGEST_LINK]}".'
            )
        elif meant is None:
            hint = f"The fields are {', '.join(FIELDS)}; a word with a colon belongs in quotes."
        else:
            hint = f"Did you mean {meant}? Write `{cursor.corrected(start, end, meant)}`."
        sentence = f"There is no field {named(name)}." if name else "A field is missing here."
        raise cursor.error(start, max(end, start + 1), sentence, hint)
