"""A rule that was kept comes back as what it was: the same tags, the same version."""

import json
from dataclasses import replace

import pytest

from aggregator.definitions import define, restore, rule_from
from aggregator.errors import QueryError
from aggregator.query.nodes import Listed, Or
from aggregator.query.printing import show
from aggregator.query.syntax import parse, parse_item
from aggregator.tagging import Clause, Rule, Scope, Score

STATES = Listed("states", parse('Mali OR Niger OR "Burkina Faso"'))


def rule(name: str, query: str | None = None, **changes: object) -> Rule:
    node = None if query is None else parse(query)
    return replace(Rule(name, name.title(), node, query or "", "v1"), **changes)  # type: ignore[arg-type]


def there_and_back(given: Rule, **versions: str) -> Rule:
    return rule_from(given.name, given.version, define(given, versions))


def test_a_rule_comes_back_with_all_its_parts() -> None:
    scope = parse("label:africa OR lang:fr")
    score = Score(
        (
            Clause(parse("coup"), "coup", 3),
            Clause(parse("title:(a OR b)"), "title:(a OR b)", -1.5, per_hit=True, at_most=3),
        ),
        4.5,
    )
    given = rule(
        "crisis",
        "(coup OR tag:junta) AND NOT tag:sport",
        feeds=Scope(scope, "label:africa OR lang:fr"),
        score=score,
        refers_to=("junta", "sport"),
        implied_by=("war",),
    )
    assert there_and_back(given, junta="1", sport="2", war="3") == given
    told = json.loads(define(given, {"junta": "1", "sport": "2", "war": "3"}))
    assert (told["refers_to"], told["implied_by"]) == ({"junta": "1", "sport": "2"}, {"war": "3"})


def test_a_rule_of_a_scope_or_of_others_alone_comes_back() -> None:
    scope = Scope(parse("label:africa"), "label:africa")
    for given in (rule("africa", feeds=scope), rule("africa", implied_by=("wire",))):
        assert there_and_back(given, wire="1") == given


def test_lists_are_kept_beside_the_query_so_that_they_may_change() -> None:
    given = replace(rule("sahel"), query=STATES, query_text="$states")
    assert there_and_back(given) == given
    told = json.loads(define(given, {}))
    assert told["query"] == "$states"
    assert told["lists"] == [["states", 'Mali OR Niger OR "Burkina Faso"']]


def test_lists_in_every_place_are_kept_once_and_those_of_lists_before_them() -> None:
    terms = parse_item("Niger EXCEPT (Niger Delta OR River Niger)")
    inner = Listed("inner", Or((terms, parse_item("or"), parse_item("war and peace"))))
    lists = {"inner": inner.operand, "all": Or((inner, parse_item("wom?n OR =AES")))}
    query = "$all NEAR/5 coup OR title:$inner OR ATLEAST/2 ($inner OR x) OR (a AND NOT $all)"
    node = parse(query, lists)
    text = show(node)
    given = replace(
        rule("a"), query=node, query_text=text, score=Score((Clause(node, text, 1),), 1)
    )
    assert there_and_back(given) == given
    assert [name for name, _ in json.loads(define(given, {}))["lists"]] == ["inner", "all"]


def test_a_rule_of_large_lists_that_it_calls_again_and_again_comes_back() -> None:
    lists = {"large": parse_item(" OR ".join(f"word{number}" for number in range(3_000)))}
    node = parse("$large NEAR/3 $large OR title:$large", lists)
    given = replace(rule("a"), query=node, query_text=show(node))
    assert len(define(given, {})) < 50_000
    assert there_and_back(given) == given


def test_what_else_is_written_about_a_rule_is_not_kept() -> None:
    given = rule("mali", "Mali", description="A state", code="x:1", path="feeds.yaml", line=7)
    assert there_and_back(given) == rule("mali", "Mali")


def test_a_rule_is_restored_with_those_that_it_stood_behind() -> None:
    definitions = {
        ("crisis", "2"): '{"title": "", "query": "coup OR tag:junta", "refers_to": {"junta": "1"}}',
        ("junta", "1"): '{"title": "", "query": "junta", "implied_by": {"war": "1"}}',
        ("war", "1"): '{"title": "", "query": "war"}',
    }

    def kept(tag: str, version: str) -> str | None:
        return definitions.get((tag, version))

    restored = restore("crisis", "2", kept)
    assert [(each.name, each.version) for each in restored] == [
        ("war", "1"),
        ("junta", "1"),
        ("crisis", "2"),
    ]
    del definitions["war", "1"]
    with pytest.raises(LookupError) as missing:
        restore("crisis", "2", kept)
    assert missing.value.args == ("war", "1")


def test_a_query_that_cannot_be_read_any_more_is_an_error_of_its_own() -> None:
    with pytest.raises(QueryError):
        restore("mali", "1", lambda tag, version: '{"title": "", "query": "(Mali"}')
