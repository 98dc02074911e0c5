"""Terms as SQL finds them: as phrases of the full-text index, or among the words of one column.

The index holds phrases whose last word may have any ending. What a term has beyond that (a
wildcard inside a word, too many forms) becomes the words around it, wherever they stand.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from aggregator.query.fields import FIELDS
from aggregator.query.globs import Glob
from aggregator.query.nodes import Term
from aggregator.query.terms import Alternatives, Pattern, Place, Sequence, pattern
from aggregator.store.conditions import (
    ANYTHING,
    NOTHING,
    Indexed,
    Part,
    Where,
    join_wheres,
)

MAX_FORMS = 8
"""A phrase in more forms than that is not spelled out: its words are looked for, then verified."""

_COLUMNS = {
    "text": "{title content summary_beside}",
    "lead": "{title content summary_beside}",
    "title": "{title}",
    "summary": "{summary_beside summary_within}",
    "content": "{content}",
}

_VALUE_WORDS = {
    "author": "entry.author_words",
    "category": "entry.category_words",
    "feed": "(SELECT name_words FROM feed WHERE number = entry.feed)",
}


Fitting = Callable[[Glob], Alternatives | None]
"""Says which words of the index fit a wildcard, None if it cannot tell."""


def unknown(_: Glob) -> None:
    """Say nothing of any wildcard: where no index is at hand."""


def is_text(field: str) -> bool:
    """Tell whether a field's words stand in the full-text index."""
    return FIELDS[field].kind == "text"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row; with ``is_prefix`` the last may have any ending."""

    words: str
    is_prefix: bool = False

    @property
    def quoted(self) -> str:
        """The run as a phrase of FTS5; folded words hold no quotes."""
        return f'"{self.words}" *' if self.is_prefix else f'"{self.words}"'


Way = tuple[tuple[Run, ...], ...]
"""Of each group of runs one must stand in the text."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A term, one of whose ``ways`` must hold; unless ``exact``, that does not say all of it."""

    ways: tuple[Way, ...]
    exact: bool

    @property
    def runs(self) -> tuple[Run, ...] | None:
        """The runs of which one must stand in the text, None if it takes several of them."""
        if any(len(way) != 1 for way in self.ways):
            return None
        return tuple(dict.fromkeys(run for (group,) in self.ways for run in group))


def term_part(term: Term, field: str, fitting: Fitting = unknown) -> Part:
    """Return where a term stands within a field of words."""
    found = sought(term, fitting if is_text(field) else unknown)
    if not found.ways:
        return NOTHING
    if not all(found.ways):
        return ANYTHING
    if is_text(field):
        return _in_texts(found, field)
    return _in_values(found, _VALUE_WORDS[field])


def near_part(pairs: Iterable[tuple[Run, Run]], within: int, field: str) -> Indexed:
    """Return where two runs stand near each other in a text, in any order.

    A superset: the index knows no ends of blocks, and lets the two overlap.
    """
    groups = [f"NEAR({left.quoted} {right.quoted}, {within})" for left, right in pairs]
    return Indexed(f"{_COLUMNS[field]} : {_joined(groups, 'OR')}", 2, 2 * len(groups), False)


# --- which words ----------------------------------------------------------------------------------


def sought(term: Term, fitting: Fitting = unknown) -> Sought:
    """Return what the database is asked for a term.

    Few forms are spelled out as phrases; of many only the words are asked for.
    """
    looked_for = _expanded(pattern(term), fitting)
    forms = sum(prod(map(len, map(_choices, each))) for each in looked_for.sequences)
    if forms <= MAX_FORMS or all(len(each) == 1 for each in looked_for.sequences):
        ways = (_spelled(form) for each in looked_for.sequences for form in _forms(each))
        return _merged(Sought(tuple(ways), _is_exact(looked_for)))
    return Sought(tuple(_wordwise(each) for each in looked_for.sequences), False)


def _expanded(looked_for: Pattern, fitting: Fitting) -> Pattern:
    """Return the pattern with the words of the index in the place of wildcards."""

    def words(place: Place, is_last: bool) -> Place:
        if not isinstance(place, Glob) or _is_ending(place, is_last):
            return place
        known = fitting(place)
        return place if known is None else known

    sequences = (
        tuple(words(place, place is each[-1]) for place in each) for each in looked_for.sequences
    )
    # Where no word fits, nothing does.
    return replace(looked_for, sequences=tuple(each for each in sequences if () not in each))


def _choices(place: Place) -> tuple[Run, ...]:
    """Return what may stand at one place; a run without words may be anything."""
    if isinstance(place, Glob):
        return tuple(Run(beginning, True) for beginning in dict.fromkeys(place.beginnings))
    return tuple(map(Run, place))


def _forms(sequence: Sequence) -> Iterator[tuple[Run, ...]]:
    return product(*map(_choices, sequence))


def _is_exact(looked_for: Pattern) -> bool:
    """Tell whether phrases say all: nothing but a last word's ending is left open."""
    globs = [
        (place, place is sequence[-1])
        for sequence in looked_for.sequences
        for place in sequence
        if isinstance(place, Glob)
    ]
    return not looked_for.written and all(_is_ending(glob, is_last) for glob, is_last in globs)


def _is_ending(glob: Glob, is_last: bool) -> bool:
    """Tell whether the index can say it: a last word, only the ending of which is left open."""
    return is_last and glob.is_beginning and all(glob.beginnings)


def _spelled(form: tuple[Run, ...]) -> Way:
    """Return one form as phrases, each as long as the index can say it."""
    runs: list[Run] = []
    is_open = False
    for run in form:
        if not run.words:
            is_open = False
        elif is_open:
            runs[-1] = Run(f"{runs[-1].words} {run.words}", run.is_prefix)
        else:
            runs.append(run)
        is_open = bool(run.words) and not run.is_prefix
    return tuple((run,) for run in runs)


def _merged(found: Sought) -> Sought:
    """Return ways of one run each as a single way that has the choice."""
    runs = found.runs
    return replace(found, ways=((runs,),)) if runs else found


def _wordwise(sequence: Sequence) -> Way:
    places = map(_choices, sequence)
    return tuple(runs for runs in places if all(run.words for run in runs))


# --- how they are asked for -----------------------------------------------------------------------


def _in_texts(found: Sought, field: str) -> Indexed:
    ways = [
        _joined((_joined((run.quoted for run in group), "OR") for group in way), "AND")
        for way in found.ways
    ]
    weight = sum(len(group) for way in found.ways for group in way)
    # Which words are the first of a text, the index cannot say.
    exact = found.exact and field != "lead"
    return Indexed(f"{_COLUMNS[field]} : {_joined(ways, 'OR')}", 3, weight, exact)


def _joined(expressions: Iterable[str], operator: str) -> str:
    several = tuple(expressions)
    return several[0] if len(several) == 1 else f"({f' {operator} '.join(several)})"


def _in_values(found: Sought, column: str) -> Where:
    """Look among the words of the values, each of which stands between spaces."""

    def contains(run: Run) -> Where:
        part = f" {run.words}" if run.is_prefix else f" {run.words} "
        return Where(f"instr({column}, ?) > 0", (part,))

    def one_of(group: tuple[Run, ...]) -> Where:
        return join_wheres("OR", list(map(contains, group)))

    whole = join_wheres("OR", [join_wheres("AND", list(map(one_of, way))) for way in found.ways])
    return replace(whole, exact=found.exact and whole.exact)
