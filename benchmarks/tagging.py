"""Measures tagging by many rules of ten phrases each: `python -m benchmarks.tagging [RULES ...]`.

Written for two promises: at 1,000 rules a `Tagger` is at least 500 times as fast as a loop over
one `re` alternation a rule, and it costs nearly the same for ten rules and for ten thousand.
Texts and rules are made up, always the same ones: words by Zipf's law with accents here and
there, and in each entry three terms of random rules, so that about three match whatever their
number. `plain` rules are any of ten words and phrases; `full` ones have AND, NOT, NEAR, EXCEPT
and ATLEAST. A column that would take too long is measured over fewer entries.
"""

import gc
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from aggregator.model.entries import Entry, Source, TaggedEntry
from aggregator.query.nodes import And, AtLeast, Except, Near, Node, Not, Or, Phrase, Word
from aggregator.tagger import Tagger
from aggregator.tagging import Rule, tag

COUNTS = (10, 100, 1_000, 10_000)
TERMS = 10
LENGTH = 1_500
ENTRIES = 300
PLANTED = 3
AT = datetime(2026, 1, 1, tzinfo=UTC)
MOST_SECONDS = 4.0
ROUNDS = 5

_ONSETS = (*"bcdfgjklmnprstvwz", "ch", "th", "br", "gr", "st", "pl")
_VOWELS = (*"aaeeioui", "ai", "ou", "é")


@dataclass(frozen=True)
class World:
    """The words that texts and rules are made of, the frequent ones first."""

    chance: random.Random
    words: list[str]
    weights: list[float]

    def word(self, letters: int = 2) -> str:
        """Make up a word."""
        syllables = (
            self.chance.choice(_ONSETS) + self.chance.choice(_VOWELS) for _ in range(letters)
        )
        return "".join(syllables)

    def prose(self, length: int) -> list[str]:
        """Return words that make a text of about so many characters."""
        return self.chance.choices(self.words, cum_weights=self.weights, k=length // 6)


def world() -> World:
    """Return the same world every time."""
    made = World(random.Random(1), [], [])
    made.words.extend(
        dict.fromkeys(made.word(1 + (rank > 200) + (rank > 4_000)) for rank in range(30_000))
    )
    made.weights.extend(accumulate(1 / (rank + 3) for rank in range(len(made.words))))
    return made


def terms(made: World) -> tuple[str, ...]:
    """Return ten terms of a rule: names that no other has, and phrases of not too common words."""
    names = [made.word(5).capitalize() for _ in range(TERMS // 2)]
    phrases = [
        " ".join(made.chance.choices(made.words[300:], k=made.chance.choice((2, 2, 3))))
        for _ in range(TERMS - len(names))
    ]
    return (*names, *phrases)


def plain(of_rule: Sequence[str]) -> Node:
    """Return a rule that any of its terms matches."""
    return Or(tuple(map(_term, of_rule)))


def full(of_rule: Sequence[str]) -> Node:
    """Return a rule of every construct, which any of most of its terms matches."""
    one, two, three, four, *rest = map(_term, of_rule)
    near = Near(Or((one, two)), Or(tuple(rest[:2])), 8)
    kept = Except(Or((one, two, three, *rest)), Or((four, Phrase(f"{of_rule[0]} {of_rule[1]}"))))
    often = AtLeast(2, Or((one, four, rest[-1])))
    return And((Or((kept, near, often)), Not(And((three, four)))))


def _term(text: str) -> Word | Phrase:
    return Phrase(text) if " " in text else Word(text)


def rule(number: int, query: Node) -> Rule:
    """Return a rule without a story."""
    return Rule(f"rule-{number}", "", query, "", "1")


def subjects(made: World, all_terms: Sequence[tuple[str, ...]]) -> list[TaggedEntry]:
    """Return entries, each with three terms of the rules."""
    found = []
    for number in range(ENTRIES):
        words = made.prose(LENGTH)
        for _ in range(PLANTED):
            place = made.chance.randrange(len(words))
            words[place:place] = made.chance.choice(made.chance.choice(all_terms)).split()
        text = " ".join(words)
        sentences = re.sub(r"((?:\S+ ){12})", lambda match: match[1].capitalize()[:-1] + ". ", text)
        entry = Entry(
            str(number), "feed", "", "", title=sentences[:80], content=sentences[80:LENGTH]
        )
        found.append(TaggedEntry(entry, Source("feed", "Feed"), AT, AT))
    return found


def microseconds(
    function: Callable[[TaggedEntry], object], entries: Sequence[TaggedEntry]
) -> float:
    """Return the time of an entry, the best of some rounds, over as many as there is time for."""
    best: list[float] = []
    ends_at = time.perf_counter() + MOST_SECONDS
    for entry in entries:
        best.append(min(_seconds(function, entry) for _ in range(ROUNDS)))
        if time.perf_counter() > ends_at:
            break
    return sum(best) / len(best) * 1e6


def _seconds(function: Callable[[TaggedEntry], object], entry: TaggedEntry) -> float:
    started = time.perf_counter()
    function(entry)
    return time.perf_counter() - started


def alternations(all_terms: Sequence[tuple[str, ...]]) -> Callable[[TaggedEntry], object]:
    """Return what most programs do: one regular expression a rule, one rule after the other."""
    compiled = [
        re.compile(rf"\b(?:{'|'.join(map(re.escape, of_rule))})\b", re.IGNORECASE)
        for of_rule in all_terms
    ]

    def search(subject: TaggedEntry) -> object:
        text = f"{subject.entry.title}\n\n{subject.entry.content}"
        return [number for number, expression in enumerate(compiled) if expression.search(text)]

    return search


def measure(count: int) -> None:
    """Print the rows of a number of rules."""
    made = world()
    all_terms = [terms(made) for _ in range(count)]
    entries = subjects(made, all_terms)
    loop = microseconds(alternations(all_terms), entries)
    for name, query in (("plain", plain), ("full", full)):
        rules = tuple(rule(number, query(of_rule)) for number, of_rule in enumerate(all_terms))
        started = time.perf_counter()
        tagger = Tagger(rules)
        compiled = time.perf_counter() - started
        gc.freeze()
        tags = sum(len(tagger.tag(entry)) for entry in entries) / len(entries)
        together = microseconds(tagger.tag, entries)
        each = microseconds(lambda entry, rules=rules: tag(entry, rules), entries)  # type: ignore[misc]
        print(
            f"{count:7,} {name:5} {loop:12,.0f} {each:12,.0f} {together:8,.0f}"
            f" {loop / together:9,.1f} {each / together:9,.1f} {tags:6.1f} {compiled:8.2f}"
        )
        gc.unfreeze()


def main() -> None:
    """Print the table."""
    print("                µs an entry of 1,500 characters     times as fast as")
    print("  rules          re loop     one by one   Tagger   re loop one by one   tags  made in s")
    for count in [int(each) for each in sys.argv[1:]] or COUNTS:
        measure(count)


if __name__ == "__main__":
    main()
