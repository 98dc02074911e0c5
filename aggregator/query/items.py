"""The grammar of an item of a list of terms, as it stands under ``terms:``.

::

    item    = dropped { "OR" dropped }
    dropped = primary [ "EXCEPT" primary ]
    primary = "(" item ")" | words | quoted | exact | list
    words   = bare { bare }                                  side by side they are a phrase

It has hits wherever a query calls the list, which is why it knows neither fields nor AND, NOT,
NEAR and ATLEAST. Lower-case and/or/not/near are words here.
"""

import re
from collections.abc import Mapping

from aggregator.errors import QueryError
from aggregator.query.cursor import CLOSING_QUOTES, Cursor, Run, named
from aggregator.query.fields import FIELDS
from aggregator.query.joining import Join, is_at_least, is_join, read_join, read_sloppy
from aggregator.query.leaves import LEAST_LETTERS, quoted, read_exact, unquoted
from aggregator.query.limits import Limits, refuse_length
from aggregator.query.listing import NO_LISTS, read_listed
from aggregator.query.misplaced import check_end, misplaced, nothing
from aggregator.query.nodes import OPERATORS, SLIPS, Listed, Node, Or, Phrase, Term, Wildcard, Word
from aggregator.query.readings import Operator
from aggregator.query.refusals import refuse
from aggregator.query.rejoining import Side, chained
from aggregator.text import index_words

_BETWEEN = ("OR", "EXCEPT")
_NOT_HERE = "is for queries; a list holds words, phrases, OR of them, and EXCEPT"


def parse_item(text: str, lists: Mapping[str, Node] = NO_LISTS) -> Node:
    """Read one item, which may call other ``lists``: a hit expression. Raises QueryError."""
    return plain_item(text) or by_grammar(text, lists)


def by_grammar(text: str, lists: Mapping[str, Node] = NO_LISTS) -> Node:
    """Read one item, whatever it holds. Raises QueryError."""
    cursor = Cursor(text)
    refuse_length(cursor)
    return _Parser(cursor, lists).item()


_LETTERS = r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?:\*(?= |$))?"
_PLAIN = re.compile(rf"{_LETTERS}(?: {_LETTERS})*")
_LONGEST_PLAIN = 400


def plain_item(text: str) -> Node | None:
    """Read an item of nothing but words, their beginnings and OR; None if it holds more.

    The grammar gives the same, in ten times the time: of the thousands of items that every
    command reads, most are no more than this.
    """
    if len(text) > _LONGEST_PLAIN or _PLAIN.fullmatch(text) is None:
        return None
    terms: list[Node] = []
    at = 0
    for part in text.split(" OR "):
        kind = _plain_kind(part)
        if kind is None:
            return None
        terms.append(kind(part, at, at + len(part)))
        at += len(part) + len(" OR ")
    return terms[0] if len(terms) == 1 else Or(tuple(terms), 0, len(text))


def _plain_kind(part: str) -> type[Word | Phrase | Wildcard] | None:
    """Tell what plain words are; None if only the grammar knows."""
    words = part.split(" ")
    if not OPERATORS.isdisjoint(words) or part.casefold() in SLIPS:
        return None
    if not (part.isascii() or index_words(part)):
        return None
    if "*" in part:
        return Wildcard if all(map(_has_beginning, words)) else None
    return Phrase if len(words) > 1 else Word


def _has_beginning(word: str) -> bool:
    """Tell whether a word has letters enough before its star, if it has one."""
    if not word.endswith("*"):
        return True
    last = re.split("['’-]", word[:-1])[-1]
    letters = last if last.isascii() else index_words(last)
    return len(letters) >= LEAST_LETTERS and " " not in letters


class _Parser:
    """One method a production."""

    def __init__(self, cursor: Cursor, lists: Mapping[str, Node]) -> None:
        self.cursor = cursor
        self.lists = lists
        self.limits = Limits(cursor)

    def item(self) -> Node:
        """The whole text is one expression"""
        cursor = self.cursor
        cursor.skip()
        if not cursor.peek():
            raise cursor.error(cursor.at, cursor.at, "This item is empty.")
        node = self.expression()
        if cursor.peek():
            raise cursor.error(cursor.at, cursor.at + 1, "This bracket was never opened.")
        return node

    def expression(self) -> Node:
        """item = dropped { "OR" dropped }"""
        operands = [self.dropped(None)]
        while operator := self.operator():
            operands.append(self.dropped(operator))
        if len(operands) == 1:
            return operands[0]
        return Or(tuple(operands), operands[0].start, operands[-1].end)

    def operator(self) -> Operator | None:
        """Pass OR; refuse what else stands behind an operand."""
        cursor = self.cursor
        cursor.skip()
        if cursor.peek() in ("", ")"):
            return None
        run = cursor.run()
        if run.text == "OR":
            cursor.at = run.end
            return Operator("OR", run.start, run.end)
        self.refuse_queries(run)
        sentence = "Words side by side are one phrase here, and stand in no quotes or all in them."
        hint = "Write OR between two terms, or quotes around the whole phrase."
        raise cursor.error(cursor.at, max(run.end, cursor.at + 1), sentence, hint)

    def dropped(self, before: Operator | None) -> Node:
        """dropped = primary [ "EXCEPT" primary ]"""
        left = self.side(before)
        join = self.join()
        if join is None:
            return left.node
        right = self.side(join)
        if another := self.join():
            third = self.side(another)
            raise chained(self.cursor, (join, another), (left.node, right.node, third.node))
        return join.of(left.node, right.node, left.start, right.end)

    def join(self) -> Join | None:
        """Pass EXCEPT; refuse NEAR."""
        self.cursor.skip()
        run = self.cursor.run()
        return read_join(self.cursor) if run.text == "EXCEPT" else None

    def side(self, before: Operator | Join | None) -> Side:
        """primary = "(" item ")" | words | quoted | exact | list"""
        cursor = self.cursor
        cursor.skip()
        start = cursor.at
        node = self.primary(before)
        return Side(node, start, cursor.at)

    def primary(self, before: Operator | Join | None) -> Node:
        """primary = "(" item ")" | words | quoted | exact | list"""
        cursor = self.cursor
        first = cursor.peek()
        if first in ("", ")"):
            raise nothing(cursor, before)
        if first == "(":
            return self.group()
        if first in CLOSING_QUOTES:
            return self.quoted()
        run = cursor.run()
        if run.text in _BETWEEN:
            raise misplaced(cursor, run, before)
        self.refuse_queries(run)
        if first == "=":
            return self.counted(read_exact(cursor))
        if first == "$":
            return self.counted(read_listed(cursor, self.lists))
        return self.words()

    def group(self) -> Node:
        """ "(" item ")" """
        cursor = self.cursor
        start = cursor.at
        self.limits.enter(start)
        cursor.at += 1
        cursor.skip()
        if cursor.peek() == ")":
            raise cursor.error(start, cursor.at + 1, "Nothing stands between these brackets.")
        node = self.expression() if cursor.peek() else None
        if node is None or not cursor.peek():
            raise cursor.error(start, start + 1, "This bracket is never closed.")
        cursor.at += 1
        self.limits.leave()
        return node

    def quoted(self) -> Node:
        """quoted = quote words quote"""
        cursor = self.cursor
        node = quoted(cursor, cursor.quoted())
        cursor.go(node.end)
        if read_sloppy(cursor, node) is not None:
            raise cursor.error(node.start, cursor.at, f"`~` {_NOT_HERE}.")
        return self.counted(node)

    def words(self) -> Node:
        """words = bare { bare }"""
        cursor = self.cursor
        runs: list[Run] = []
        while (run := cursor.run()).text and run.text not in _BETWEEN and run.text[0] not in "=$":
            self.refuse_queries(run)
            runs.append(run)
            cursor.at = run.end
            cursor.skip()
        if not runs:
            sentence = "Only round brackets stand in a list."
            raise cursor.error(cursor.at, cursor.at + 1, sentence)
        text = " ".join(run.text for run in runs)
        whole = Run(text, runs[0].start, runs[-1].end)
        for run in runs:
            self.refuse_signs(run, whole)
        node = unquoted(cursor, whole)
        if isinstance(node, Word) and (text in OPERATORS or text.casefold() in SLIPS):
            node = Phrase(node.text, node.start, node.end)
        return self.counted(node)

    def counted(self, node: Term | Listed) -> Node:
        """Count a term, and go behind it."""
        self.limits.count(node)
        return check_end(self.cursor, node)

    # --- refusals ---------------------------------------------------------------------------------

    def refuse_queries(self, run: Run) -> None:
        """Raise QueryError for what only a query knows."""
        cursor = self.cursor
        name, colon, _ = run.text.partition(":")
        what = None
        if (
            run.text in ("AND", "NOT")
            or is_at_least(run)
            or (is_join(run) and run.text != "EXCEPT")
        ):
            what = named(run.text)
        elif run.text.startswith("-"):
            what = "A minus (NOT)"
        elif run.text.startswith("/"):
            what = "A regular expression"
        elif colon and name in FIELDS:
            what = f"A field (`{name}:`)"
        if what:
            hint = "For the words, put them in quotes."
            raise cursor.error(run.start, run.end, f"{what} {_NOT_HERE}.", hint)

    def refuse_signs(self, run: Run, whole: Run) -> None:
        """Raise QueryError for signs that belong to no word, with the words in quotes."""
        try:
            refuse(self.cursor, run)
        except QueryError as error:
            start, end, told = error.start, error.end, error.sentence
        else:
            if ":" not in run.text:
                return
            start, end, told = run.start, run.end, "A colon belongs in quotes."
        hint = f'Write `"{whole.text}"` in quotes to search for the words.'
        raise self.cursor.error(start, end, told, hint)
