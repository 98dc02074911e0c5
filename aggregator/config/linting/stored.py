"""Lints that look at the stored entries: how often words stand there, and how they are written."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from aggregator.config.linting.remark import Lint, together
from aggregator.config.linting.words import alone
from aggregator.config.linting.written import Owner, Part
from aggregator.query.fields import FIELDS
from aggregator.query.nodes import Node, Phrase, Word
from aggregator.query.terms import pattern

LEAST_ENTRIES = 100
"""Of fewer entries, shares say nothing."""

COMMON = 5
"""A word in more than one of so many entries is common."""

LEAST_COLLIDING = 10
"""So many small spellings of a name are looked for before a language is said to have the word."""

MAX_SAMPLED = 40
"""Names whose spelling is looked at, those that are found most: each takes a search."""

LONGEST_COLLIDING = 5
"""Words of other languages collide with short names; looking longer ones up finds nothing."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is asked of the stored entries.

    ``languages`` says how many feeds are in each language; ``frequencies`` in how many entries
    each folded word stands; ``count`` in how many a query matches; ``spellings`` how a word is
    written in some of the entries that it is found in, each with the entry's language.
    """

    entries: int
    languages: Mapping[str, int]
    frequencies: Callable[[Collection[str]], Mapping[str, int]]
    count: Callable[[Node], int]
    spellings: Callable[[Node], Iterable[tuple[str, str]]]


def remarks(
    standing_alone: Iterable[Owner], owners: Iterable[Owner], corpus: Corpus
) -> Iterator[Lint]:
    """Yield all remarks that take stored entries."""
    if corpus.entries < LEAST_ENTRIES:
        return
    single = {owner.name: (owner, tuple(_words(alone(owner)))) for owner in standing_alone}
    known = corpus.frequencies(
        {_folded(part.node) for _, parts in single.values() for part in parts}
    )
    for owner, parts in single.values():
        yield from _common(owner, parts, known, corpus.entries)
    yield from _colliding(single.values(), known, corpus)
    yield from _joined(owners, corpus)


def _words(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        is_text = isinstance(part.node, Word | Phrase) and FIELDS[part.field].kind == "text"
        if is_text and _folded(part.node):
            yield part


def _folded(node: Node) -> str:
    """Return the one folded word that a term is; "" if it is several."""
    sequences = pattern(node).sequences if isinstance(node, Word | Phrase) else ()
    is_one = len(sequences) == 1 and len(sequences[0]) == 1
    place = sequences[0][0] if is_one else ()
    return place[0] if isinstance(place, tuple) and place else ""


def _common(
    owner: Owner, parts: Iterable[Part], known: Mapping[str, int], entries: int
) -> Iterator[Lint]:
    found = [
        (part, f" in {known[_folded(part.node)]:,} of {entries:,}")
        for part in parts
        if known[_folded(part.node)] * COMMON > entries
    ]
    what = "words stand alone that over a fifth of the stored entries have"
    yield from together(owner, "common", found, what, "Ask for something else beside them.")


# --- names that are a common word elsewhere -------------------------------------------------------


def _colliding(
    single: Iterable[tuple[Owner, tuple[Part, ...]]], known: Mapping[str, int], corpus: Corpus
) -> Iterator[Lint]:
    """Yield remarks on names that texts of some language write small: Mali, a Swahili word."""
    names = [
        (owner, part)
        for owner, parts in single
        for part in parts
        if _is_name(part) and known[_folded(part.node)] >= LEAST_COLLIDING
    ]
    names.sort(key=lambda each: -known[_folded(each[1].node)])
    told: dict[str, tuple[Owner, list[tuple[Part, str]]]] = {}
    for owner, part in names[:MAX_SAMPLED]:
        if languages := _small_in(part.node, corpus):
            told.setdefault(owner.name, (owner, []))[1].append((part, f" in {languages}"))
    for owner, found in told.values():
        what = "names are found that texts of some language write small, as a common word"
        to_do = "Write them behind `=`, or ask for the language or for something else beside them."
        yield from together(owner, "collision", found, what, to_do)


def _is_name(part: Part) -> bool:
    node = part.node
    text = node.text if isinstance(node, Word | Phrase) else ""
    return text[:1].isupper() and len(text) <= LONGEST_COLLIDING


def _small_in(node: Node, corpus: Corpus) -> str:
    """Return the languages whose texts mostly write a name small."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for language, spelling in corpus.spellings(node):
        (small if spelling.islower() else large)[language] += 1
    found = [
        language
        for language, number in small.most_common()
        if number >= LEAST_COLLIDING and number > large[language]
    ]
    return ", ".join(f"`{language}`" for language in found)


# --- words that are also written with a hyphen ----------------------------------------------------

_PREFIXES = (
    *("anti", "auto", "bi", "co", "contre", "contra", "counter", "cyber", "euro", "extra", "inter"),
    *("macro", "mega", "mid", "micro", "mini", "multi", "narco", "non", "over", "pan", "para"),
    *("petro", "post", "pre", "pro", "re", "semi", "sub", "super", "trans", "ultra", "under"),
    *("vice", "xeno"),
)


def _joined(owners: Iterable[Owner], corpus: Corpus) -> Iterator[Lint]:
    """Yield remarks on words that stand in texts with a hyphen too, where they are not found."""
    divided = [
        (owner, part, halves)
        for owner in owners
        for part in _words(owner.everything())
        for halves in _halves(_folded(part.node))
    ]
    known = corpus.frequencies({half for _, _, halves in divided for half in halves})
    told: dict[str, tuple[Owner, list[tuple[Part, str]]]] = {}
    for owner, part, (first, second) in divided:
        if known[first] and known[second] and corpus.count(Phrase(f"{first} {second}")):
            why = f" (write `{first}-{second}`)"
            told.setdefault(owner.name, (owner, []))[1].append((part, why))
    for owner, found in told.values():
        what = "words stand in the stored entries with a hyphen too, and are not found there"
        to_do = "With the hyphen, both spellings are found."
        yield from together(owner, "hyphen", found, what, to_do)


def _halves(word: str) -> Iterator[tuple[str, str]]:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + 3:
            yield prefix, word.removeprefix(prefix)
