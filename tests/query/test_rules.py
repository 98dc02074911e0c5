"""What a rule may not say."""

import pytest

from aggregator.errors import QueryError
from aggregator.query.rules import refuse_in_rules
from aggregator.query.syntax import parse
from tests.query import strategies


@pytest.mark.parametrize(
    ("text", "blamed"),
    [
        ("Mali seen:>now-7d", "seen:>now-7d"),
        ("Mali OR published:[now-7d TO *]", "published:[now-7d TO *]"),
        ("Mali -published:<now", "published:<now"),
        ("NOT Mali", "NOT Mali"),
        ("-a -b", "-a -b"),
        ("a OR -b", "-b"),
        ("a OR (-b -c)", "-b -c"),
        ("NOT (a OR b)", "NOT (a OR b)"),
        ("NOT NOT -a", "-a"),
        ("title:(-a)", "-a"),
        ("Mali -has:duplicate", "duplicate"),
        ("has:(image OR duplicate) Mali", "duplicate"),
        ("/coups?/", "/coups?/"),
        ("title:/coups?/ -a", "/coups?/"),
        ("Mali OR (/coups?/ /x/)", "/coups?/"),
        ("-(a EXCEPT b)", "-(a EXCEPT b)"),
        ("-ATLEAST/2 a", "-ATLEAST/2 a"),
        ("-$states", "-$states"),
        ("a NEAR/2 b OR -(a NEAR/2 c)", "-(a NEAR/2 c)"),
    ],
)
def test_a_rule_neither_moves_by_itself_nor_holds_without_anything_indexed(
    text: str, blamed: str
) -> None:
    node = parse(text, strategies.LISTS)
    with pytest.raises(QueryError) as caught:
        refuse_in_rules(node, text)
    error = caught.value
    # The span of a bracketed part is of what stands within the brackets.
    assert text[error.start : error.end] in (blamed, blamed.removesuffix(")"))
    assert str(error).startswith("A rule ")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Mali",
            "Mali -sport",
            "lang:fr",
            "NOT NOT Mali",
            "(a -b) OR c",
            "tag:a",
            "label:duplicate",
        ),
        *("seen:>=2026-11-01 -tag:a", "*ending", "a EXCEPT b", "ATLEAST/2 (a OR b)", "=AES"),
        *("$states -$niger", "Mali /coups?/", "label:wire /coups?/", "Mali -/coups?/"),
    ],
)
def test_everything_else_may_be_a_rule(text: str) -> None:
    refuse_in_rules(parse(text, strategies.LISTS), text)
