"""What can never match is told, and what another term finds already; what may match is not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.query.match import find
from aggregator.query.syntax import parse
from tests.builders import entry, tagged
from tests.config.linting.remarks import of_query, remarks

NEVER = [
    "Mali EXCEPT Mali",
    '"Mali Empire" EXCEPT Mali',
    "(Mali OR Niger) EXCEPT (mali OR Chad)",
    "coup AND NOT coup",
    "x AND (Mali NOT (Mali OR Niger))",
    '"Mali Empire" AND NOT Mali',
    "(Mali NEAR/3 coup) AND NOT coup",
    "(Mali OR Niger) AND NOT (Niger OR Mali OR Chad)",
    "militaire AND NOT militai*",
    "title:coup AND NOT coup",
    "=AES AND NOT aes",
    "x lang:fr lang:ar",
    "x AND (lang:fr OR lang:pt-BR) AND lang:(ar OR en)",
    "x has:image NOT has:image",
    "x published:>=2024-05-01 published:<2024-05-01",
    "x seen:[2024-01-01 TO 2024-01-31] seen:>2024-06-01",
    "Rabat OR (coup AND NOT coup)",
    "$states AND NOT $states",
]
STATES = "terms: {states: [Mali, Niger EXCEPT Niger Delta]}"


@pytest.mark.parametrize("query", NEVER)
def test_what_can_never_match_is_told_once(tmp_path: Path, query: str) -> None:
    found = of_query(tmp_path, query, STATES)
    assert [kind for kind, _ in found] == ["never"]
    assert "can never match: " in found[0][1]


SOUND = [
    'Mali EXCEPT "Mali Empire"',
    "Mali AND NOT football",
    'Mali AND NOT "Mali Empire"',
    "coup AND NOT title:coup",
    "aes AND NOT =AES",
    "x lang:pt lang:pt-BR",
    "x AND (lang:fr OR site:a.example) AND lang:ar",
    "x published:>=2024-05-01 published:<2024-05-02",
    "x published:>=2024-05-01 seen:<2024-05-01",
    "(Mali OR Niger) AND NOT Mali",
    "militai* AND NOT militaire",
    'Mali OR "Burkina Faso"',
    "(Mali NEAR/3 coup) OR couper*",
    '(State EXCEPT (Niger OR "Niger State")) OR x',
    '(Mali OR "Mali Empire") NEAR/2 coup',
    "Mali OR title:Niger",
    "Mali AND (Niger OR Mali*)",
    "=Chad OR =CHAD",
    "lead:Mali OR title:Niger",
    "author:Mali OR Mali",
    "$states OR Mauritania",
    "x AND (/y/ OR militaire)",
    "coup OR tag:a2",
]


@pytest.mark.parametrize("query", SOUND[:11])
def test_what_may_match_is_not_told(tmp_path: Path, query: str) -> None:
    assert of_query(tmp_path, query, STATES) == []


SHADOWED = [
    ('Mali OR "Mali Empire"', '`"Mali Empire"` (by `Mali`)'),
    ('"Mali Empire" OR mali', '`"Mali Empire"` (by `mali`)'),
    ("Sénégal OR Senegal", "`Senegal` (by `Sénégal`)"),
    ("militar* OR military", "`military` (by `militar*`)"),
    ('militar* OR "military coup"', "(by `militar*`)"),
    ("militar* OR militarist*", "`militarist*` (by `militar*`)"),
    ("N'Djamena OR Ndjamena", "`Ndjamena` (by `N'Djamena`)"),
    ("Mali OR title:Mali", "`title:Mali` (by `Mali`)"),
    ("lead:Mali OR title:(Mali OR Rabat)", "(by `lead:Mali`)"),
    ("Mali OR (Mali AND coup)", "`Mali AND coup` (by `Mali`)"),
    ('Mali OR (Mali EXCEPT "Mali Empire")', "(by `Mali`)"),
    ("Mali OR (Mali NEAR/3 coup)", "(by `Mali`)"),
    ("Mali OR =Mali", "`=Mali` (by `Mali`)"),
    ('=AES OR ="AES army"', "(by `=AES`)"),
    ('النيجر OR "دولة النيجر"', "(by `النيجر`)"),
    ("x AND (Mali OR Mali)", "`Mali` (by `Mali`)"),
    ('ATLEAST/2 (Mali OR "Mali Empire")', "(by `Mali`)"),
    ("$states OR Mali", "`Mali` (by `Mali` of $states)"),
    ('$states OR "Mali Empire"', "(by `Mali` of $states)"),
    ("lang:fr OR lang:fr", "`lang:fr` (by `lang:fr`)"),
]


@pytest.mark.parametrize(("query", "told"), SHADOWED)
def test_what_another_term_finds_already_is_told(tmp_path: Path, query: str, told: str) -> None:
    (found,) = [each for each in of_query(tmp_path, query, STATES) if each[0] == "shadowed"]
    assert told in found[1]


@pytest.mark.parametrize("query", SOUND[11:])
def test_what_finds_more_is_not_told(tmp_path: Path, query: str) -> None:
    found = of_query(tmp_path, query.replace("tag:a2", "site:a.example"), STATES)
    assert [each for each in found if each[0] == "shadowed"] == []


def test_many_of_one_list_are_one_line_where_the_first_stands(tmp_path: Path) -> None:
    items = "\n".join(f"    - Mali {word}" for word in "abcde")
    (found,) = remarks(tmp_path, f"terms:\n  l:\n    - Mali\n{items}\ntags: {{}}\n")
    assert (found.line, found.kind, found.owner) == (4, "shadowed", "$l")
    assert found.sentence == (
        "The list $l: there are terms that another one finds already:"
        ' `"Mali a"` (by `Mali`), `"Mali b"` (by `Mali`), `"Mali c"` (by `Mali`) and 2 more.'
        " Take them out."
    )


def test_the_queries_of_any_are_held_against_each_other(tmp_path: Path) -> None:
    text = "tags:\n  a:\n    any:\n      - Mali\n      - |\n        x NEAR/3 y\n        # z\n"
    (found,) = remarks(tmp_path, text + "      - >-\n        coup\n        OR Mali\n")
    assert (found.line, found.kind) == (10, "shadowed")


def test_a_list_that_shadows_within_another_list_is_named(tmp_path: Path) -> None:
    text = "terms:\n  a: [Mali, Chad]\n  b:\n    - $a\n    - Mali Empire\ntags: {}\n"
    (found,) = remarks(tmp_path, text)
    assert (found.line, found.owner) == (5, "$b")
    assert "(by `Mali` of $a)" in found.sentence


# --- no claim is false --------------------------------------------------------------------------

words = st.sampled_from(["a", "b", "ab", "abc", '"a b"', '"b a"', "abc*", "=A", "a-b", "title:a"])
branches = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND NOT {two[1]})"),
    ),
    max_leaves=6,
)
texts = st.lists(st.sampled_from(["a", "b", "A", "ab", "abc", "abcd", "a-b", "."]), max_size=5)


@given(branches, texts, texts)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_said_never_to_match_matches_nothing(
    tmp_path: Path, query: str, title: list[str], content: list[str]
) -> None:
    found = of_query(tmp_path, f"({query})")
    subject = tagged(entry(" ".join(title), content=" ".join(content)))
    parsed = parse(query)
    whole = f"`{query.strip('()')}` can never match"
    if any(kind == "never" and whole in sentence for kind, sentence in found):
        assert find(parsed, subject, datetime(2024, 1, 1, tzinfo=UTC)) is None
