"""The grammar of what is made of hits: NEAR, ONEAR, EXCEPT and ATLEAST.

::

    joined  = primary [ join primary ]
    join    = ( "NEAR" | "ONEAR" ) "/" ( 1…100 | "s" | "p" ) | "EXCEPT"
    atleast = "ATLEAST/" 1…100 primary
    sloppy  = quote word word quote "~" 1…100              the same as word NEAR/n word

What they join has hits: a word, phrase, wildcard, exact spelling or list, an OR of these, or an
EXCEPT in brackets. Whatever else stands there is refused, with what to write instead
(`rejoining`); so is a chain of them, which could be read in two ways.
"""

import re
from dataclasses import dataclass

from aggregator.errors import QueryError
from aggregator.query.cursor import Cursor, Run
from aggregator.query.leaves import quoted
from aggregator.query.nodes import (
    Exact,
    Except,
    Listed,
    Near,
    Node,
    Or,
    Phrase,
    Scope,
    Wildcard,
    Word,
)
from aggregator.query.printing import is_bare

FURTHEST = 100
"""Words that may lie between two that are near each other."""
MOST_HITS = 100
"""What ATLEAST may ask for."""

_LONGEST_NUMBER = 9
_UNITS: dict[str, Scope] = {"s": "sentence", "p": "paragraph"}
_NEAR = re.compile(r"(O?NEAR)(?:/(.*)|[:~=]?(\d.*))?", re.DOTALL)
_AT_LEAST = re.compile(r"ATLEAST(?:/(.*)|[:~=]?(\d.*))?", re.DOTALL)
_SLOPPY = re.compile(r"~([^\s()\[\]{}]*)")


@dataclass(frozen=True, slots=True)
class Join:
    """An operator between two hit expressions; EXCEPT is ``within`` None."""

    within: int | Scope | None
    ordered: bool
    start: int
    end: int

    def of(self, left: Node, right: Node, start: int = 0, end: int = 0) -> Near | Except:
        """Return what it makes of two."""
        if self.within is None:
            return Except(left, right, start, end)
        return Near(left, right, self.within, self.ordered, start, end)


def is_join(run: Run) -> bool:
    """Tell whether a run stands between hit expressions, however badly it is written."""
    return run.text == "EXCEPT" or _NEAR.fullmatch(run.text) is not None


def is_at_least(run: Run) -> bool:
    """Tell whether a run is ATLEAST, however badly it is written."""
    return _AT_LEAST.fullmatch(run.text) is not None


def read_join(cursor: Cursor) -> Join | None:
    """Pass the operator behind a hit expression, if there is one."""
    cursor.skip()
    run = cursor.run()
    if not is_join(run):
        return None
    if run.text == "EXCEPT":
        cursor.at = run.end
        return Join(None, False, run.start, run.end)
    near = _NEAR.fullmatch(run.text)
    assert near is not None
    within = _within(cursor, run, near[1], near[2] or near[3] or "")
    if near[2] is None:
        raise _unslashed(cursor, run, f"{near[1]}/{near[3]}")
    cursor.at = run.end
    return Join(within, near[1] == "ONEAR", run.start, run.end)


def read_count(cursor: Cursor, run: Run) -> int:
    """Pass ``ATLEAST/n``, and return the number."""
    written = _AT_LEAST.fullmatch(run.text)
    assert written is not None
    number = _number(written[1] or written[2] or "")
    if number is None or not 1 <= number <= MOST_HITS:
        meant = min(number or 2, MOST_HITS)
        sentence = f"ATLEAST needs a number of hits, 1 to {MOST_HITS}."
        raise cursor.error(run.start, run.end, sentence, _instead(cursor, run, f"ATLEAST/{meant}"))
    if written[1] is None:
        raise _unslashed(cursor, run, f"ATLEAST/{number}")
    cursor.at = run.end
    return number


def read_sloppy(cursor: Cursor, phrase: Phrase | Wildcard) -> Near | None:
    """Read ``~n`` behind a phrase that the cursor has passed; None if there is none."""
    sloppy = _SLOPPY.match(cursor.text, cursor.at)
    if sloppy is None:
        return None
    run = Run(sloppy[0], sloppy.start(), sloppy.end())
    distance = _number(sloppy[1])
    if distance is None or not 1 <= distance <= FURTHEST:
        sentence = f"`~` needs a number of words, 1 to {FURTHEST}."
        meant = min(distance or 5, FURTHEST)
        raise cursor.error(run.start, run.end, sentence, _instead(cursor, run, f"~{meant}"))
    words = phrase.text.split(" ")
    if len(words) != 2:
        raise _not_two(cursor, phrase, run, words)
    cursor.at = run.end
    left, right = (_plain(quoted(cursor, Run(each, phrase.start, phrase.end))) for each in words)
    return Near(left, right, distance, start=phrase.start, end=run.end)


def first_unfit(node: Node) -> Node | None:
    """Return what of an operand cannot be joined; None if all of it can."""
    match node:
        case Word() | Phrase() | Wildcard() | Exact() | Listed() | Except():
            return None
        case Or():
            unfit = (first_unfit(operand) for operand in node.operands)
            return next((each for each in unfit if each is not None), None)
        case _:
            return node


# --- numbers --------------------------------------------------------------------------------------


def _within(cursor: Cursor, run: Run, name: str, written: str) -> int | Scope:
    """1…100 | "s" | "p" """
    unit, number = _UNITS.get(written), _number(written)
    if unit is not None:
        return unit
    if number is not None and 1 <= number <= FURTHEST:
        return number
    sentence = (
        f"{name} needs a distance: 1 to {FURTHEST} words, s (one sentence) or p (one paragraph)."
    )
    if number == 0:
        hint = 'Words directly behind each other are a phrase, like "joint patrol".'
    elif written.casefold() in _UNITS:
        hint = _instead(cursor, run, f"{name}/{written.casefold()}")
    else:
        hint = _instead(cursor, run, f"{name}/{5 if number is None else FURTHEST}")
    raise cursor.error(run.start, run.end, sentence, hint)


def _number(written: str) -> int | None:
    is_number = written.isascii() and written.isdecimal()
    return int(written[:_LONGEST_NUMBER]) if is_number else None


def _instead(cursor: Cursor, run: Run, operator: str) -> str:
    return f"Write `{cursor.corrected(run.start, run.end, operator)}`."


def _unslashed(cursor: Cursor, run: Run, operator: str) -> QueryError:
    name = operator.partition("/")[0]
    sentence = f"A slash stands between {name} and its number."
    return cursor.error(run.start, run.end, sentence, _instead(cursor, run, operator))


# --- "joint patrol"~4 -----------------------------------------------------------------------------


def _not_two(cursor: Cursor, phrase: Phrase | Wildcard, run: Run, words: list[str]) -> QueryError:
    """Say that only two words are near each other."""
    sentence = f"`~` joins two words in quotes; here there {_are(len(words))}."
    hint = "More are joined by NEAR, two by two, and AND."
    if len(words) == 1:
        hint = f"Write `{cursor.corrected(run.start, run.end, '')}`."
    return cursor.error(phrase.start, run.end, sentence, hint)


def _are(number: int) -> str:
    return "is one" if number == 1 else f"are {number}"


def _plain(term: Phrase | Wildcard) -> Node:
    if isinstance(term, Phrase) and is_bare(term.text):
        return Word(term.text, term.start, term.end)
    return term
