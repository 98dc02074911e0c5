"""What stands where something else belongs: operators without operands, fields, missing spaces."""

from typing import TypeVar

from aggregator.errors import QueryError
from aggregator.query.cursor import Cursor, Run, named
from aggregator.query.fields import FIELDS, FieldKind, suggest
from aggregator.query.joining import Join, is_at_least, is_join
from aggregator.query.nodes import OPERATORS, Leaf, Listed, Near
from aggregator.query.readings import Operator

_LONGEST_LINK = 100

_Term = TypeVar("_Term", bound=Leaf | Listed | Near)


def check_end(cursor: Cursor, node: _Term) -> _Term:
    """Go behind a term, and return it if nothing is written onto it. Raises QueryError."""
    cursor.go(node.end)
    behind = cursor.peek()
    if behind in ("", ")") or behind.isspace():
        return node
    sentence, hint = f"A space is missing before `{behind}`.", None
    if behind in "]}":
        sentence = "This bracket was never opened."
    else:
        hint = "Write one, or put what belongs together in quotes."
    raise cursor.error(cursor.at, cursor.at + 1, sentence, hint)


def check_value(cursor: Cursor, field: FieldKind, run: Run) -> None:
    """Raise QueryError if an operator stands directly behind a field."""
    if is_at_least(run) or is_join(run):
        sentence = (
            f"A field stands before brackets around {named(run.text)} and what belongs to it."
        )
        hint = f"Write it like {field.name}:(a NEAR/5 b) or {field.name}:(ATLEAST/2 a)."
        raise cursor.error(run.start, run.end, sentence, hint)
    if run.text.startswith("-") or run.text in OPERATORS:
        sentence = f"{named(run.text)} is no value of `{field.name}:`."
        hint = f'Exclude by -{field.name}:word; search for a word by {field.name}:"word".'
        raise cursor.error(run.start, run.end, sentence, hint)


def nothing(cursor: Cursor, before: Operator | Join | Run | None) -> QueryError:
    """Return the complaint that no operand stands here."""
    if before is not None:
        name = _written(cursor, before)
        return cursor.error(before.start, before.end, f"Nothing stands behind {name}.")
    return cursor.error(cursor.at, cursor.at + 1, "This bracket was never opened.")


def misplaced(cursor: Cursor, run: Run, before: Operator | Join | Run | None) -> QueryError:
    """Return the complaint of an operator where an operand belongs."""
    if run.text == "TO":
        sentence = "TO stands only inside a range, like [2026-04-01 TO 2026-04-30]."
    elif before is not None and before.start < before.end:
        sentence = f"{named(run.text)} stands directly behind {_written(cursor, before)}."
    else:
        sentence = f"Nothing stands before {named(run.text)}."
    hint = f'For the word, write "{run.text}" in quotes.'
    return cursor.error(run.start, run.end, sentence, hint)


def _written(cursor: Cursor, operator: Operator | Join | Run) -> str:
    return named(cursor.text[operator.start : operator.end])


def nothing_behind_field(cursor: Cursor, field: FieldKind, start: int) -> QueryError:
    """Return the complaint that a field has no value."""
    value = "2026-11-01" if field.kind == "date" else "word"
    sentence = f"Nothing stands directly behind `{field.name}:`."
    hint = f"Write {field.name}:{value}, without a space."
    return cursor.error(start, cursor.at, sentence, hint)


def unknown_field(cursor: Cursor, name: str, start: int, end: int) -> QueryError:
    """Return the complaint that there is no such field."""
    meant = suggest(name)
    if cursor.text.startswith("://", end):
        link = cursor.text[start:].split(maxsplit=1)[0][:_LONGEST_LINK]
        hint = f'A link is found by url:"{link}".'
    elif meant is None:
        hint = f"The fields are {', '.join(FIELDS)}; a word with a colon belongs in quotes."
    else:
        hint = f"Did you mean {meant}? Write `{cursor.corrected(start, end, meant)}`."
    sentence = f"There is no field {named(name)}." if name else "A field is missing here."
    return cursor.error(start, max(end, start + 1), sentence, hint)
