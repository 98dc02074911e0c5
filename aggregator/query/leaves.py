"""The grammar of terms and values: words, phrases, wildcards, exact spellings, whole values.

::

    bare   = word | wildcard                     up to a space, a bracket or a quote
    quoted = quote words quote                   each of which may be a wildcard
    exact  = "=" ( word | quote words quote )    no wildcards

Every function reads from where the cursor stands, which it leaves there or moves only over a
sign; where the term ends is in the node. ``?`` is any one letter where a letter (or another
wildcard) follows; at a word's end it may as well be a question's: in quotes it is punctuation,
else refused.
"""

import re

from aggregator.errors import QueryError
from aggregator.query.cursor import CLOSING_QUOTES, Cursor, Run
from aggregator.query.fields import FIELDS, FieldKind
from aggregator.query.globs import Glob
from aggregator.query.nodes import Exact, Phrase, Term, Value, Wildcard, Word
from aggregator.query.refusals import refuse
from aggregator.query.terms import pattern
from aggregator.query.values import canonical_value
from aggregator.text import Word as FoundWord
from aggregator.text import words

MAX_WORDS = 100
"""Words in one phrase: more would be looked for word by word at every place of a text."""
MAX_LETTERS = 500
"""Letters of one word."""
LEAST_LETTERS = 3
"""Letters of a word with wildcards, without these."""
MAX_STARS = 2
"""Stars of one word."""
MAX_QUESTION_MARKS = 20
"""Single letters left open in one word: with some 200 of them RE2 takes too much memory."""

_WILDCARD = re.compile(r"\*|\?(?=\?*+[\w*])")
_QUESTION = re.compile(r"\?++(?![\w*])")
_SIGNS = re.compile(r"[-=$/+!]")


def holds_urls(field: FieldKind | None, text: str) -> bool:
    """Tell whether ``text`` is, or may be, an address here, colons and all."""
    return field is not None and (
        field.name in ("url", "site") or (field.name == "feed" and "://" in text)
    )


def holds_words(field: FieldKind | None) -> bool:
    """Tell whether words are looked for here, and not whole values compared."""
    return field is None or field.kind in ("text", "words")


# --- reading --------------------------------------------------------------------------------------


def read_bare(cursor: Cursor, field: FieldKind | None, run: Run) -> Term | Value:
    """bare = word | wildcard, or a whole value, as the field asks"""
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
    return unquoted(cursor, run)


def read_quoted(cursor: Cursor, field: FieldKind | None) -> Term | Value:
    """quoted = quote words quote, or a whole value, as the field asks"""
    inside = cursor.quoted()
    if field is not None and field.kind == "value":
        return _whole_value(cursor, field, inside)
    if holds_urls(field, inside.text):
        _check_any_word(cursor, inside)
        return Phrase(inside.text, inside.start, inside.end)
    return quoted(cursor, inside)


def read_exact(cursor: Cursor) -> Exact:
    """exact = "=" ( word | quote words quote )"""
    start = cursor.at
    cursor.go(start + 1)
    behind = cursor.peek()
    if behind in CLOSING_QUOTES:
        inside = cursor.quoted()
    else:
        inside = cursor.run()
        if not inside.text or _SIGNS.match(inside.text):
            sentence = "`=` stands directly before a word, or a phrase in quotes."
            hint = 'Write it like =AES or ="Le Monde".'
            raise cursor.error(start, max(inside.end, start + 1), sentence, hint)
        refuse(cursor, inside)
        if ":" in inside.text:
            name, _, word = inside.text.partition(":")
            is_field = name in FIELDS and word
            meant = f"{name}:={word}" if is_field else f'="{inside.text}"'
            corrected = cursor.corrected(start, inside.end, meant)
            sentence = "A word with a colon belongs in quotes, and a field before the `=`."
            raise cursor.error(inside.start, inside.end, sentence, f"Write `{corrected}`.")
    if _WILDCARD.search(inside.text):
        sentence = "Behind `=` stands a word exactly as written: it has no wildcards."
        raise cursor.error(start, inside.end, sentence, "Leave the `=` out, or the wildcard.")
    _check_words(cursor, inside)
    return Exact(inside.text, start, inside.end)


def unquoted(cursor: Cursor, run: Run) -> Term:
    """Return words written without quotes: several, in the items of a list, are a phrase."""
    if question := _QUESTION.search(run.text):
        raise _questionable(cursor, run, question)
    if _WILDCARD.search(run.text):
        return _wildcard(cursor, run)
    _check_words(cursor, run)
    several = " " in run.text
    return (Phrase if several else Word)(run.text, run.start, run.end)


def quoted(cursor: Cursor, inside: Run) -> Phrase | Wildcard:
    """Return words written in quotes."""
    if _WILDCARD.search(inside.text):
        plain = " ".join(_QUESTION.sub(" ", inside.text).split())
        return _wildcard(cursor, Run(plain, inside.start, inside.end))
    _check_words(cursor, inside)
    return Phrase(inside.text, inside.start, inside.end)


def _questionable(cursor: Cursor, run: Run, question: re.Match[str]) -> QueryError:
    """Say that a `?` at a word's end may be meant in two ways."""
    sentence = "`?` stands for one letter inside a word"
    told = (
        f"{sentence}; behind one it could be a question's." if question.start() else f"{sentence}."
    )
    plain = _QUESTION.sub("", run.text).strip()
    hint = None
    if words(plain) and " " in plain:
        hint = f'Write `"{plain}"`.'
    elif words(plain):
        hint = f"Write `{plain}`, or `{plain}*` for any ending."
    return cursor.error(run.start, run.end, told, hint)


# --- checking -------------------------------------------------------------------------------------


def _wildcard(cursor: Cursor, run: Run) -> Wildcard:
    """Three letters or more and at most two stars in each word with wildcards"""
    lettered = _WILDCARD.sub("x", run.text)
    _check_words(cursor, Run(lettered, run.start, run.end))
    node = Wildcard(run.text, run.start, run.end)
    for form in _forms(node):
        sentence, hint = None, None
        if len(form) - form.count("*") - form.count("?") < LEAST_LETTERS:
            sentence = "A word with wildcards needs at least three letters besides."
            hint = (
                "Write more letters, or leave the wildcard out"
                " (scripts without spaces between words never need one)."
            )
        elif form.count("*") > MAX_STARS:
            sentence = "A word has at most two stars."
        elif form.count("?") > MAX_QUESTION_MARKS:
            sentence = f"A word has at most {MAX_QUESTION_MARKS} question marks."
        if sentence:
            raise cursor.error(run.start, run.end, sentence, hint)
    return node


def _forms(node: Wildcard) -> list[str]:
    """Return the words with wildcards as they will be looked for."""
    sequences = pattern(node).sequences
    return [place.forms[0] for each in sequences for place in each if isinstance(place, Glob)]


def _check_words(cursor: Cursor, run: Run) -> None:
    """Refuse what holds no word, or more than can be looked for."""
    if run.text.isascii() and run.text.isalnum() and len(run.text) <= MAX_LETTERS:
        return
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
