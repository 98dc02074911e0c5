"""Lints of single words: short ones, wildcards without a beginning, quotes that YAML took."""

import re
import unicodedata
from collections.abc import Iterator

from aggregator.config.linting.remark import Lint, remark, together
from aggregator.config.linting.written import Owner, Part, kept
from aggregator.query.fields import DEFAULT, FIELDS
from aggregator.query.nodes import OPERATORS, And, Phrase, Wildcard, Word

MAX_SHORT = 3


def alone(owner: Owner) -> Iterator[Part]:
    """Yield the terms each of which makes the rule true by itself, and the lists."""
    for root in owner.whole()[:1]:
        for part in owner.alternatives(root):
            term = kept(part)
            yield from (term,) if term is part else owner.alternatives(term)


def short(owner: Owner) -> Iterator[Lint]:
    """Yield a remark on words of three letters or fewer that stand alone, without ``=``."""
    found = [(part, "") for part in alone(owner) if _is_short(part)]
    what = "three letters or fewer stand alone, and other languages have words like that"
    yield from together(
        owner, "short", found, what, "Write them as they are spelt, behind `=` (=AES)."
    )


def _is_short(part: Part) -> bool:
    node = part.node
    if not isinstance(node, Word | Phrase) or FIELDS[part.field].kind != "text":
        return False
    letters = [each for each in node.text if each.isalnum()]
    return len(letters) <= MAX_SHORT and all(_is_cased(each) for each in letters)


def _is_cased(character: str) -> bool:
    """Tell whether it is a letter of a script with capitals: in others, three letters are many."""
    return character.isdigit() or unicodedata.category(character) in {"Lu", "Ll"}


def stars(owner: Owner) -> Iterator[Lint]:
    """Yield a remark on wildcards that begin with one: every word of the index is looked at."""
    found = [
        (part, "")
        for part in owner.everything()
        if isinstance(part.node, Wildcard)
        and any(word[:1] in "*?" for word in part.node.text.split())
    ]
    what = "a wildcard at the beginning reads all words of the index: seconds, at a million entries"
    yield from together(owner, "star", found, what, "Write the words out that you mean.")


_WORDS = re.compile(r"[^\W_]+(?:[ -][^\W_]+)+")


def quotes(owner: Owner) -> Iterator[Lint]:
    """Yield a remark on words side by side whose quotes are YAML's: no phrase, but an AND."""
    if owner.name.startswith("$"):  # there, words side by side are a phrase
        return
    for asked in owner.asked:
        text = asked.scalar.value.strip()
        is_words = _WORDS.fullmatch(text) and not OPERATORS.intersection(text.split())
        if asked.scalar.style == "double" and is_words and isinstance(asked.node, And):
            part = owner.at(asked.node, DEFAULT, asked)
            told = (
                f'YAML took the quotes of "{text}": its words may stand anywhere.'
                f" For the phrase, write '\"{text}\"'."
            )
            yield remark(owner, part, "quotes", told)
