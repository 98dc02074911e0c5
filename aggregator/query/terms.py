"""What a term of a query looks for: its folded words, in every form that counts as the same.

An apostrophe or hyphen inside a word may be written or left out (`N'Djamena`, Ndjamena); an
Arabic word of three letters or more may stand behind the particles that are written onto it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from aggregator.query.nodes import Phrase, Prefix, Term, Word
from aggregator.text import fold, index_words

MAX_FORMS = 8
"""A phrase with more marks than give so many forms is looked for wholly split or wholly joined."""

Alternatives = tuple[str, ...]
"""The folded words that may stand at one place, the plain one first."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term as it is looked for.

    One of the ``sequences`` must stand in the text: words directly after each other, at each
    place one of the alternatives. With ``is_prefix`` the last of them may have any ending.
    """

    sequences: tuple[tuple[Alternatives, ...], ...]
    is_prefix: bool = False


def pattern(term: Term) -> Pattern:
    """Return what a term looks for."""
    match term:
        case Word() | Phrase():
            return _pattern(term.text, False)
        case Prefix():
            return _pattern(term.text, True)


@lru_cache(maxsize=16_384)
def _pattern(text: str, is_prefix: bool) -> Pattern:
    forms = dict.fromkeys(tuple(index_words(form).split()) for form in _marked_forms(fold(text)))
    sequences = tuple(tuple(map(_with_particles, form)) for form in forms if form)
    return Pattern(sequences, is_prefix)


_INNER_MARK = re.compile(r"(?<=[^\s'-])['-](?=[^\s'-])")


def _marked_forms(folded: str) -> tuple[str, ...]:
    """Return the text with each inner apostrophe or hyphen split and joined, split first."""
    parts = _INNER_MARK.split(folded)
    marks = len(parts) - 1
    if 2**marks > MAX_FORMS:
        return " ".join(parts), "".join(parts)
    return tuple(
        "".join(part + glue for part, glue in zip(parts, (*glues, ""), strict=True))
        for glues in product((" ", ""), repeat=marks)
    )


# Conjunctions, prepositions and the article are written onto an Arabic word: wa-, fa-, bi-,
# ka-, li-, sa-, al-. The article loses its alef behind li-.
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06fc]{3,}")
_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("", "ب", "ك", "ل", "س")
_ARTICLE = "ال"


def _with_particles(word: str) -> Alternatives:
    if not _ARABIC.fullmatch(word):
        return (word,)
    stems = [preposition + word for preposition in _PREPOSITIONS]
    if word.startswith(_ARTICLE):
        stems.append("ل" + word.removeprefix("ا"))
    else:
        stems += [_join_article(preposition) + word for preposition in _PREPOSITIONS]
    return tuple(dict.fromkeys(before + stem for before in _CONJUNCTIONS for stem in stems))


def _join_article(preposition: str) -> str:
    return "لل" if preposition == "ل" else preposition + _ARTICLE
