"""A rule that another one implies, and tags without a counter-example."""

from pathlib import Path

import pytest

from aggregator.config.linting.lint import lint
from aggregator.config.load import load_written
from tests.config.linting.remarks import remarks


def tags(directory: Path, *sections: str, terms: str = "") -> list[tuple[str, str]]:
    text = "".join(f"  {section}\n" for section in sections)
    found = remarks(directory, f"{terms}\ntags:\n{text}")
    return [(each.owner, each.kind) for each in found]


IMPLIED = [
    ("a: {query: 'Mali AND coup'}", "b: {query: Mali OR Niger}"),
    ("a: {query: '\"Mali Empire\" OR Niger'}", "b: {query: Mali OR Niger OR Chad}"),
    ("a: {query: 'Mali AND coup', feeds: {label: x}}", "b: {query: Mali OR Niger}"),
    ("a: {query: 'Mali OR Niger', none: [x]}", "b: {query: $states}"),
    ("a: {query: '$states AND coup'}", "b: {query: $states OR Chad}"),
    ("a: {any: [Mali, Niger]}", "b: {query: 'mal* OR niger'}"),
]
STATES = "terms: {states: [Mali, Niger]}"


@pytest.mark.parametrize(("narrow", "wide"), IMPLIED)
def test_a_rule_whose_entries_all_get_another_tag_is_told(
    tmp_path: Path, narrow: str, wide: str
) -> None:
    assert tags(tmp_path, narrow, wide, terms=STATES) == [("a", "implied")]


APART = [
    ("a: {query: 'Mali AND coup', implies: [b]}", "b: {query: Mali}"),
    ("a: {query: 'Mali tag:b'}", "b: {query: Mali}"),
    ("a: {query: Mali}", "b: {query: Mali, feeds: {label: x}}"),
    ("a: {query: Mali}", "b: {query: Mali AND coup}"),
    ("a: {query: Mali OR Chad}", "b: {query: Mali OR Niger}"),
    ("a: {score: [{when: Mali, weight: 1}], threshold: 1}", "b: {feeds: {label: x}}"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_rules_that_are_related_by_their_words_or_not_at_all_are_not(
    tmp_path: Path, one: str, other: str
) -> None:
    assert ("a", "implied") not in tags(tmp_path, one, other)


def test_two_rules_of_the_same_words_are_both_told(tmp_path: Path) -> None:
    found = tags(tmp_path, "a: {query: Mali OR Niger}", "b: {query: Niger OR Mali}")
    assert found == [("a", "implied"), ("b", "implied")]


def test_a_rule_that_never_matches_is_said_to_imply_nothing(tmp_path: Path) -> None:
    found = tags(tmp_path, "a: {query: Mali NOT Mali}", "b: {query: Mali OR Chad}")
    assert ("a", "never") in found
    assert ("a", "implied") not in found


def test_a_tag_without_a_counter_example_is_told(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "tags:\n  a: {query: Mali}\n  b: {query: Niger, examples: {match: [Niger]}}\n"
        "  c: {query: Chad, examples: {no_match: [x]}}\n  d: {feeds: {label: x}}\n",
        encoding="utf-8",
    )
    found = [(each.line, each.sentence) for each in lint(load_written(path), None)]
    assert found == [
        (2, "The tag `a`: it has no examples. Add a headline that comes close, under `no_match`."),
        (
            3,
            "The tag `b`: it has no example of what it must not match."
            " Add a headline that comes close, under `no_match`.",
        ),
    ]
