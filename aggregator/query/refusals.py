"""What looks like part of the language and is not: refused by name, never misread."""

import re
from dataclasses import dataclass
from typing import NoReturn

from aggregator.errors import QueryError
from aggregator.query.cursor import Cursor, Run
from aggregator.query.fields import FIELDS

_QUOTE_IT = "Put it in quotes to search for the words."


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A pattern within a run; a ``replacement`` corrects the query."""

    pattern: re.Pattern[str]
    sentence: str
    hint: str | None = None
    replacement: str | None = None


def _never(
    pattern: str, sentence: str, hint: str | None = None, replacement: str | None = None
) -> _Refusal:
    return _Refusal(re.compile(pattern), sentence, hint, replacement)


_ELSEWHERE = "Words near each other are joined by NEAR/5, NEAR/s or, in this order, ONEAR/5."

# In this order: the first that occurs in a run is what is said of it.
_REFUSALS = (
    _never(r"&$|&&", "`&` is no operator here.", replacement=" AND "),
    _never(r"\|+", "`|` is no operator here.", replacement=" OR "),
    _never(r"^!+", "`!` is no operator here.", replacement="NOT "),
    _never(
        r"^\++", "`+` is no operator here: words side by side are all required.", replacement=""
    ),
    _never(
        r"^[‐‑‒–—―−]",
        "Only a plain minus, or NOT, excludes what stands behind it.",
        replacement="-",
    ),
    _never(r"^(?:[wW]/|(?:adj|ADJ)/?)(?=[\dsp]\d*$)", _ELSEWHERE, replacement="NEAR/"),
    _never(r"^(?:pre|PRE)/(?=[\dsp]\d*$)", _ELSEWHERE, replacement="ONEAR/"),
    _never(r"^(?:W/|PRE/)[SP]$", _ELSEWHERE),
    _never(r"^=", "`=` belongs to words: this field compares its value exactly anyway."),
    _never(r"^\$", "`$` calls a list of terms: this field compares one whole value.", _QUOTE_IT),
    _never(r"^/", "Regular expressions belong to words: this field compares whole values."),
    _never(r"~", "`~` is no part of the language: words are found whatever their accents."),
    _never(r"\^", "`^` is no part of the language: terms have no weights."),
    _never(r"\\", "`\\` is no part of the language.", _QUOTE_IT),
    _never(r"[<>]", "Comparisons belong to dates, like seen:>=2026-11-01."),
    _never(
        r"[（）：＂＊＝＄／]|？(?=\w)",
        'This is a full-width character: write the plain one, like `(`, `:`, `"` or `*`.',
    ),
    _never(
        r"^[,;،؛、，；]|[,;،؛、，；]$",
        "No comma stands between terms.",
        "Write AND, OR, or a space (which means AND).",
    ),
    _never(r"#", "`#` begins a comment only behind a space.", _QUOTE_IT),
)


def refuse(cursor: Cursor, run: Run) -> None:
    """Raise QueryError if the run holds anything that a reader could take for more than words."""
    if run.text.isalpha() and not run.text.isupper():
        return
    for refusal in _REFUSALS:
        if found := refusal.pattern.search(run.text):
            raise _error(cursor, run, found, refusal)
    slip, slash, _ = run.text.partition("/")
    if slash and slip.casefold() in _COMPLETE:
        refuse_slip(cursor, run, joins=True)
    name, equals, value = run.text.partition("=")
    if equals and name in FIELDS:
        corrected = cursor.corrected(run.start, run.end, f"{name}:{value}")
        hint = f"Write `{corrected}`."
        raise cursor.error(run.start, run.end, "A field is followed by a colon.", hint)


def _error(cursor: Cursor, run: Run, found: re.Match[str], refusal: _Refusal) -> QueryError:
    start, end = run.start, run.end
    if len(run.text) == end - start:
        start, end = start + found.start(), start + found.end()
    hint = refusal.hint
    if refusal.replacement is not None:
        changed = run.text[: found.start()] + refusal.replacement + run.text[found.end() :]
        corrected = " ".join(cursor.corrected(run.start, run.end, changed).split())
        hint = f"Write `{corrected}`." if corrected else None
    return cursor.error(start, end, refusal.sentence, hint)


def refuse_slip(cursor: Cursor, run: Run, *, joins: bool) -> NoReturn:
    """Complain of an operator (one of `SLIPS`, maybe with a number) that is not in capitals.

    ``joins`` says that there is something before it to join.
    """
    name, _, number = run.text.partition("/")
    slip = name.casefold()
    quoted = cursor.corrected(run.start, run.end, f'"{run.text}"')
    sentence = f"`{run.text}` between terms is no operator: operators are capitals."
    hint = f"For the word write `{quoted}`."
    if (joins or slip in ("not", "atleast")) and _goes_on(cursor, run):
        operator = _COMPLETE.get(slip, slip.upper())
        if number.isdecimal() or number in ("s", "p"):
            operator = f"{slip.upper()}/{number}"
        corrected = cursor.corrected(run.start, run.end, operator)
        hint = f"Write `{corrected}`, or for the word `{quoted}`."
    raise cursor.error(run.start, run.end, sentence, hint)


def _goes_on(cursor: Cursor, run: Run) -> bool:
    """Tell whether anything stands behind a run that an operator there could take."""
    behind = Cursor(cursor.text)
    behind.at = run.end
    behind.skip()
    return behind.peek() not in ("", ")")


_COMPLETE = {"near": "NEAR/5", "onear": "ONEAR/5", "atleast": "ATLEAST/2"}
"""What may be meant by an operator without its number."""
