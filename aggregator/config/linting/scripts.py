"""Lint of languages: terms in no script of a language that many feeds use.

Which of the languages in one script a term belongs to is not told: it cannot be told honestly
of names. So it is scripts that are compared.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from aggregator.config.linting.remark import Lint, remark
from aggregator.config.linting.written import Owner
from aggregator.query.fields import FIELDS, ascii_lower
from aggregator.query.nodes import (
    Exact,
    Field,
    Listed,
    Node,
    Phrase,
    Value,
    Wildcard,
    Word,
    leaves,
    operands,
)
from aggregator.tagging import Rule

MANY_FEEDS = 5
MANY_OF_ALL = 10
"""A language that at least five feeds, and one of ten, are in is one that many use."""

LEAST_TERMS = 3
"""A list of fewer terms is no vocabulary, and nothing is missing from it."""

_SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "ug", "sd"), "ARABIC"),
    **dict.fromkeys(("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg"), "CYRILLIC"),
    **dict.fromkeys(("am", "ti"), "ETHIOPIC"),
    **dict.fromkeys(("hi", "mr", "ne"), "DEVANAGARI"),
    **dict.fromkeys(("he", "yi"), "HEBREW"),
    "el": "GREEK", "zh": "CJK", "ja": "CJK", "ko": "HANGUL", "th": "THAI", "bn": "BENGALI",
    "ta": "TAMIL", "te": "TELUGU", "ka": "GEORGIAN", "hy": "ARMENIAN", "my": "MYANMAR",
    "km": "KHMER", "lo": "LAO", "si": "SINHALA", "pa": "GURMUKHI", "gu": "GUJARATI",
}  # fmt: skip


class Languages:
    """The scripts that many feeds use, each with a language that is written in it."""

    def __init__(self, feeds: Mapping[str, int]) -> None:
        """Take how many feeds are in each language, a BCP 47 tag."""
        self.feeds: dict[str, int] = {}
        for tag, number in feeds.items():
            language = ascii_lower(tag).partition("-")[0]
            self.feeds[language] = self.feeds.get(language, 0) + number
        total = sum(self.feeds.values())
        self.used = {
            language: _SCRIPTS.get(language, "LATIN")
            for language, number in sorted(self.feeds.items(), key=lambda each: -each[1])
            if number >= MANY_FEEDS and number * MANY_OF_ALL >= total
        }

    def missing(self, scripts: frozenset[str]) -> tuple[str, ...]:
        """Return the languages in scripts that are not among these, one for each script."""
        found: dict[str, str] = {}
        for language, script in self.used.items():
            if script not in scripts:
                found.setdefault(script, language)
        return tuple(found.values())


def languages(
    rules: Iterable[tuple[Rule, Owner]], lists: Mapping[str, Owner], used: Languages
) -> Iterator[Lint]:
    """Yield a remark on each rule, or the list that is all it has, that leaves a language out."""
    told: set[str] = set()
    for rule, owner in rules:
        mine, named = _terms(owner)
        terms = mine + [term for name in named for term in _all_of(name, lists)]
        if len(terms) < LEAST_TERMS:
            continue
        wanted = _confined(rule)
        missing = [
            language
            for language in used.missing(frozenset(map(script, terms)))
            if not wanted or language in wanted
        ]
        blamed = [owner] if mine else [lists[name] for name in named if name in lists]
        for each in blamed if missing else ():
            if each.name not in told:
                told.add(each.name)
                yield _remark(each, missing, used)


def _remark(owner: Owner, missing: Iterable[str], used: Languages) -> Lint:
    feeds = " and ".join(f"{used.feeds[language]} in `{language}`" for language in missing)
    sentence = f"it has no term in the script of feeds that you read, {feeds}. Add terms for them."
    return remark(owner, None, "language", sentence)


def _terms(owner: Owner) -> tuple[list[str], list[str]]:
    """Return the texts of the terms that are asked of an entry's words, and the lists."""
    terms, named = [], []
    for part in owner.everything():
        match part.node:
            case Word() | Phrase() | Wildcard() | Exact() if FIELDS[part.field].kind == "text":
                terms.append(part.node.text)
            case Listed():
                named.append(f"${part.node.name}")
            case _:
                pass
    return terms, named


def _all_of(name: str, lists: Mapping[str, Owner]) -> Iterator[str]:
    owner = lists.get(name)
    for root in () if owner is None else owner.roots:
        yield from (leaf.text for leaf in leaves(root) if isinstance(leaf, Word | Phrase | Exact))


def _confined(rule: Rule) -> frozenset[str]:
    """Return the languages that a rule speaks of: it is for them."""
    nodes: list[Node] = list(rule.queries())
    found: set[str] = set()
    while nodes:
        node = nodes.pop()
        if isinstance(node, Field):
            if node.name == "lang":
                values = [leaf.text for leaf in leaves(node.operand) if isinstance(leaf, Value)]
                found.update(ascii_lower(value).partition("-")[0] for value in values)
        elif not isinstance(node, Listed):
            nodes.extend(operands(node))
    return frozenset(found)


@lru_cache(maxsize=65_536)
def script(text: str) -> str:
    """Return the script of a text's first letter, as Unicode names it."""
    letter = next((each for each in text if each.isalpha()), "a")
    name = unicodedata.name(letter, "LATIN").partition(" ")[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA"} else name
