"""Lints of a configuration written as text."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from aggregator.config.linting.lint import lint
from aggregator.config.linting.remark import Lint
from aggregator.config.linting.stored import Corpus
from aggregator.config.load import load_written
from aggregator.query.nodes import Node
from aggregator.query.printing import show


def remarks(directory: Path, text: str, corpus: Corpus | None = None) -> tuple[Lint, ...]:
    """Return all lints but those on missing examples."""
    path = directory / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    return tuple(each for each in lint(load_written(path), corpus) if each.kind != "example")


def of_query(directory: Path, query: str, terms: str = "") -> list[tuple[str, str]]:
    """Return the kinds and sentences of the lints of one rule."""
    block = "\n      ".join(query.splitlines())
    found = remarks(directory, f"{terms}\ntags:\n  a:\n    query: |\n      {block}\n")
    return [(each.kind, each.sentence) for each in found]


def corpus(
    entries: int = 1_000,
    languages: Mapping[str, int] | None = None,
    words: Mapping[str, int] | None = None,
    phrases: Collection[str] = (),
    spellings: Mapping[str, Iterable[tuple[str, str]]] | None = None,
) -> Corpus:
    """Return stored entries of which only this is known."""

    def frequencies(asked: Collection[str]) -> Mapping[str, int]:
        return {word: (words or {}).get(word, 0) for word in asked}

    def count(node: Node) -> int:
        return int(show(node) in phrases)

    def spelt(node: Node) -> Iterable[tuple[str, str]]:
        return (spellings or {}).get(show(node), ())

    return Corpus(entries, languages or {}, frequencies, count, spelt)
