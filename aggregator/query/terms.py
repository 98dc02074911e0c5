"""What a term of a query looks for: its folded words, in every form that counts as the same.

An apostrophe or hyphen inside a word may be written or left out (`N'Djamena`, Ndjamena); an
Arabic word of three letters or more may stand behind the particles that are written onto it.
Not so behind ``=``, where the words as written decide.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import assert_never
from unicodedata import category, normalize

from aggregator.query.globs import Glob
from aggregator.query.nodes import Exact, Phrase, Term, Wildcard, Word
from aggregator.text import fold, index_words, words

MAX_FORMS = 8
"""With more forms than that, the marks of one word are all split or all joined; with more still,
those of a whole phrase."""

Alternatives = tuple[str, ...]
"""The folded words that may stand at one place, the plain one first."""

Place = Alternatives | Glob
Sequence = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term as it is looked for.

    One of the ``sequences`` must stand in the text: words directly after each other, at each
    place one of the alternatives. ``written`` are, for a term behind ``=``, the words as they
    must be written in the text (`as_written`), one for each place of the only sequence.
    """

    sequences: tuple[Sequence, ...]
    written: tuple[str, ...] = ()


def pattern(term: Term) -> Pattern:
    """Return what a term looks for."""
    match term:
        case Word() | Phrase():
            return _plain(term.text)
        case Wildcard():
            return _wild(term.text)
        case Exact():
            return _exact(term.text)
        case _:
            assert_never(term)


def as_written(text: str) -> str:
    """Return a piece of text for comparison behind ``=``.

    Composed (NFC), and without what stands unseen inside words: format characters, the stroke
    that stretches Arabic ones.
    """
    if not text.isprintable() or _TATWEEL in text:
        text = "".join(each for each in text if each != _TATWEEL and category(each) != "Cf")
    return normalize("NFC", text)


_TATWEEL = "\u0640"


@lru_cache(maxsize=65_536)
def _plain(text: str) -> Pattern:
    forms = dict.fromkeys(tuple(index_words(form).split()) for form in _marked_forms(fold(text)))
    return Pattern(tuple(tuple(map(_with_particles, form)) for form in forms if form))


@lru_cache(maxsize=16_384)
def _wild(text: str) -> Pattern:
    lettered = fold(text.replace("*", _STAR).replace("?", _ONE))
    forms = dict.fromkeys(tuple(index_words(form).split()) for form in _marked_forms(lettered))
    return Pattern(tuple(tuple(map(_place, form)) for form in forms if form))


@lru_cache(maxsize=16_384)
def _exact(text: str) -> Pattern:
    found = words(text)
    written = tuple(as_written(text[word.start : word.end]) for word in found)
    return Pattern((tuple((word.folded,) for word in found),), written)


# Two letters that no language has and that fold to themselves: they keep a wildcard's place in
# its word while the text is folded and split.
_STAR, _ONE = "ꟷ", "ꟻ"


def _place(word: str) -> Place:
    if _STAR not in word and _ONE not in word:
        return _with_particles(word)
    forms = _with_particles(word)
    return Glob(tuple(form.replace(_STAR, "*").replace(_ONE, "?") for form in forms))


_INNER_MARK = re.compile(r"(?<=[^\s'-])['-](?=[^\s'-])")


def _marked_forms(folded: str) -> tuple[str, ...]:
    """Return the text with each inner apostrophe or hyphen split and joined, split first."""
    parts = _INNER_MARK.split(folded)
    marks = len(parts) - 1
    if 2**marks <= MAX_FORMS:
        return tuple(
            "".join(part + glue for part, glue in zip(parts, (*glues, ""), strict=True))
            for glues in product((" ", ""), repeat=marks)
        )
    ways = [_split_and_joined(word) for word in folded.split()]
    if prod(map(len, ways)) <= MAX_FORMS:
        return tuple(map(" ".join, product(*ways)))
    return " ".join(parts), "".join(parts)


def _split_and_joined(word: str) -> tuple[str, ...]:
    parts = _INNER_MARK.split(word)
    return tuple(dict.fromkeys((" ".join(parts), "".join(parts))))


# Conjunctions, prepositions and the article are written onto an Arabic word: wa-, fa-, bi-,
# ka-, li-, sa-, al-. The article loses its alef behind li-.
_ARABIC = re.compile(r"[ꟷꟻ\u0620-\u064a\u066e-\u06d3\u06fa-\u06fc]{3,}")
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
