"""The grammar of terms and values: words, phrases, words with any ending, whole values.

Every function reads from where the cursor stands, which it leaves there; where the term ends is
in the node.
"""

import re

from aggregator.query.cursor import Cursor, Run
from aggregator.query.fields import FieldKind
from aggregator.query.nodes import Phrase, Term, Value, Wildcard, Word
from aggregator.query.refusals import refuse
from aggregator.query.values import canonical_value
from aggregator.text import Word as FoundWord
from aggregator.text import words

MAX_WORDS = 100
"""Words in one phrase: more would be looked for word by word at every place of a text."""
MAX_LETTERS = 500
"""Letters of one word."""
LEAST_LETTERS = 3
"""Letters before a star."""


def holds_urls(field: FieldKind | None, text: str) -> bool:
    """Tell whether ``text`` is, or may be, an address here, colons and all."""
    return field is not None and (
        field.name in ("url", "site") or (field.name == "feed" and "://" in text)
    )


def read_bare(cursor: Cursor, field: FieldKind | None, run: Run) -> Term | Value:
    """bare = word [ "*" ], or a whole value, as the field asks"""
    if field is not None and field.kind == "value":
        if run.text.endswith("*"):
            raise cursor.error(
                run.start, run.end, f"`{field.name}:` takes no star.", "Leave it out."
            )
        if field.name != "url":
            refuse(cursor, run)
        return _whole_value(cursor, field, run)
    if holds_urls(field, run.text):
        _check_any_word(cursor, run)
        return Word(run.text, run.start, run.end)
    refuse(cursor, run)
    if run.text.endswith("*"):
        return _prefix(cursor, run)
    _check_words(cursor, run)
    return Word(run.text, run.start, run.end)


def read_quoted(cursor: Cursor, field: FieldKind | None) -> Term | Value:
    """quoted = quote words [ "*" ] quote, or a whole value, as the field asks"""
    inside = cursor.quoted()
    if field is not None and field.kind == "value":
        return _whole_value(cursor, field, inside)
    if holds_urls(field, inside.text):
        _check_any_word(cursor, inside)
        return Phrase(inside.text, inside.start, inside.end)
    if inside.text.endswith("*"):
        return _prefix(cursor, inside)
    _refuse_wildcards(cursor, inside)
    _check_words(cursor, inside)
    return Phrase(inside.text, inside.start, inside.end)


def _prefix(cursor: Cursor, run: Run) -> Wildcard:
    """Three letters or more directly before the star, and no other wildcard"""
    prefix = Run(run.text[:-1], run.start, run.end)
    _refuse_wildcards(cursor, prefix)
    _check_words(cursor, prefix)
    last = words(prefix.text)[-1]
    if last.end != len(prefix.text) or len(last.folded) < LEAST_LETTERS:
        raise cursor.error(
            run.start,
            run.end,
            "A star needs at least three letters directly before it.",
            "Write more letters, or leave the star out"
            " (scripts without spaces between words never need it).",
        )
    return Wildcard(run.text, run.start, run.end)


def _refuse_wildcards(cursor: Cursor, run: Run) -> None:
    if wildcard := re.search(r"\*|\w\?\w", run.text):
        what = "A star in this place" if wildcard[0] == "*" else "`?` (any one letter)"
        raise cursor.error(run.start, run.end, f"{what} is not supported yet.")


def _check_words(cursor: Cursor, run: Run) -> None:
    """Refuse what holds no word, or more than can be looked for."""
    found = _check_any_word(cursor, run)
    sentence = None
    if len(found) > MAX_WORDS:
        sentence = f"A phrase has at most {MAX_WORDS} words; this one has {len(found):,}."
    elif max(len(word.folded) for word in found) > MAX_LETTERS:
        sentence = f"A word has at most {MAX_LETTERS} letters."
    if sentence:
        raise cursor.error(run.start, run.end, sentence)


def _check_any_word(cursor: Cursor, run: Run) -> tuple[FoundWord, ...]:
    """Return the words of a term; refuse what holds none."""
    found = words(run.text)
    if not found:
        sentence = "There is no letter or digit in this term."
        raise cursor.error(run.start, run.end, sentence)
    return found


def _whole_value(cursor: Cursor, field: FieldKind, run: Run) -> Value:
    try:
        return Value(canonical_value(field.name, run.text), run.start, run.end)
    except ValueError as error:
        raise cursor.error(run.start, run.end, str(error)) from None
