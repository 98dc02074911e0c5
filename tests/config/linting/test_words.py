"""Single words: short ones, wildcards without a beginning, quotes that are YAML's."""

from pathlib import Path

import pytest

from tests.config.linting.remarks import of_query, remarks


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("AES OR Sahel", "`AES`"),
        ("or OR Sahel", "`or`"),
        ("U.S. OR Sahel", "`U.S.`"),
        ('"G5" OR Sahel', '`"G5"`'),
        ('(Ora EXCEPT "ora e labora") OR Sahel', "`Ora`"),
        ("title:UN", "`title:UN`"),
        ("$states OR Sahel", "`ECO`"),
    ],
)
def test_short_words_that_stand_alone_are_told(tmp_path: Path, query: str, told: str) -> None:
    (found,) = of_query(tmp_path, query.replace("or OR", '"or" OR'), "terms: {states: [ECO, Mali]}")
    assert found[0] == "short"
    assert told.strip('`"') in found[1]
    assert "behind `=`" in found[1]


@pytest.mark.parametrize(
    "query",
    [
        "=AES OR Sahel",
        "UN AND Mali",
        "UN NEAR/3 Mali",
        '"UN mission"',
        "Mali",
        "مصر",
        "日本",
        "tag:x",
        "x1y2 NOT UN",
        "category:CAF",
        "lang:fr Mali",
        "Mali OR unit*",
        "Mali EXCEPT (un OR le)",
    ],
)
def test_other_words_are_not(tmp_path: Path, query: str) -> None:
    text = f"tags:\n  x: {{query: Rabat}}\n  a:\n    query: |\n      {query}\n"
    assert [each.kind for each in remarks(tmp_path, text)] == []


def test_a_list_that_nobody_uses_alone_may_hold_short_words(tmp_path: Path) -> None:
    terms = "terms: {bodies: [UN, AU]}"
    assert of_query(tmp_path, "$bodies NEAR/5 Mali", terms) == []
    assert [kind for kind, _ in of_query(tmp_path, "$bodies OR Mali", terms)] == ["short"]


def test_a_wildcard_at_the_beginning_is_told(tmp_path: Path) -> None:
    (found,) = of_query(tmp_path, "Mali AND NOT *stan")
    assert found[0] == "star"
    assert "`*stan`" in found[1]
    assert of_query(tmp_path, "Mali militar* wom?n") == []


@pytest.mark.parametrize("key", ["query: {}", "any: [{}]", "score: [{{when: {}, weight: 1}}]"])
def test_a_phrase_whose_quotes_yaml_took_is_told(tmp_path: Path, key: str) -> None:
    more = ", threshold: 1" if key.startswith("score") else ""
    (found,) = remarks(tmp_path, "tags: {a: {" + key.format('"joint patrol"') + more + "}}")
    assert found.kind == "quotes"
    assert "write '\"joint patrol\"'" in found.sentence


@pytest.mark.parametrize(
    "text", ["'\"joint patrol\"'", '"patrol"', '"joint AND patrol"', "joint patrol"]
)
def test_other_quotes_are_not(tmp_path: Path, text: str) -> None:
    assert remarks(tmp_path, f"tags: {{a: {{any: [{text}]}}}}") == ()


def test_words_in_a_list_are_a_phrase_with_any_quotes(tmp_path: Path) -> None:
    assert remarks(tmp_path, 'terms: {a: ["joint patrol"]}\ntags: {}') == ()
