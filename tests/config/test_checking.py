"""Examples say what a rule is for; running them says whether it is so."""

from dataclasses import replace

from aggregator.config.checking import ExampleFailure, check_examples, subject
from aggregator.query.syntax import parse
from aggregator.tagging import Example, Rule, Scope

WHERE = ("feeds.yaml", 7)


def rule(
    name: str,
    query: str,
    match: tuple[Example, ...] = (),
    no_match: tuple[Example, ...] = (),
    *refers_to: str,
) -> Rule:
    return Rule(
        name=name,
        title=name,
        query=parse(query),
        query_text=query,
        version="v",
        refers_to=refers_to,
        examples_match=match,
        examples_no_match=no_match,
    )


def test_examples_that_hold_are_silent() -> None:
    good = rule("a", "Mali", (Example(*WHERE, "Mali"),), (Example(*WHERE, "Somalia"),))
    assert check_examples((good,)) == ()


def test_an_example_that_should_match_and_does_not_is_told_with_its_place() -> None:
    (failure,) = check_examples((rule("a", "Mali", (Example(*WHERE, "Chad"),)),))
    assert failure == ExampleFailure(
        "feeds.yaml", 7, "a", "The tag `a` must match this example, and does not: 'Chad'."
    )
    assert str(failure).startswith("feeds.yaml:7: The tag `a` must match")


def test_an_example_that_matches_and_should_not_is_told_with_what_matched() -> None:
    example = Example(*WHERE, "In the Niger Delta", content="Niger")
    (failure,) = check_examples((rule("a", "Niger", (), (example,)),))
    assert failure.sentence == (
        "The tag `a` must not match this example, but does by “Niger”: 'In the Niger Delta'."
    )


def test_every_failure_is_told() -> None:
    examples = (Example("f", 1, "x"), Example("f", 2, "y"))
    failures = check_examples((rule("a", "z", examples), rule("b", "x", (), examples)))
    assert [(failure.rule, failure.line) for failure in failures] == [("a", 1), ("a", 2), ("b", 1)]


def test_an_example_sees_the_tags_that_its_rule_refers_to() -> None:
    sport = rule("sport", "football")
    other = rule("other", "Mali")
    sahel = rule(
        "sahel", "Mali NOT tag:sport", (Example(*WHERE, "Mali"),),
        (Example(*WHERE, "Mali football"),), "sport",
    )  # fmt: skip
    assert check_examples((sport, other, sahel)) == ()


def test_examples_ignore_the_scope() -> None:
    scoped = Rule(
        name="a",
        title="a",
        query=parse("Mali"),
        query_text="Mali",
        version="v",
        feeds=Scope(parse("label:wire"), "label:wire"),
        examples_match=(Example(*WHERE, "Mali"),),
    )
    assert check_examples((scoped,)) == ()


def test_a_rule_that_is_nothing_but_a_scope_holds_for_the_examples_of_others() -> None:
    wires = replace(rule("wires", "x"), query=None, feeds=Scope(parse("label:w"), "label:w"))
    here, there = Example(*WHERE, "Coup"), Example(*WHERE, "Calm")
    coup = rule("coup", "coup tag:wires", (here,), (there,), "wires")
    assert check_examples((wires, coup)) == ()


def test_an_example_sees_the_tags_that_imply_its_rule() -> None:
    sahel = replace(rule("sahel", "Mali"), implies=("africa",))
    africa = replace(
        rule("africa", "Africa", (Example(*WHERE, "Mali"),), (Example(*WHERE, "Oslo"),)),
        implied_by=("sahel",),
    )
    assert check_examples((sahel, africa)) == ()
    (failure,) = check_examples(
        (sahel, replace(africa, examples_no_match=(Example(*WHERE, "Mali"),)))
    )
    assert "does by “sahel”" in failure.sentence


def test_every_part_of_an_example_can_be_asked_for() -> None:
    example = Example(
        *WHERE, "A title", "a summary", "a content", "pt-BR", "https://news.example/x", ("Sport",)
    )
    asked = rule(
        "a",
        "title:title summary:summary content:content lang:pt site:news.example category:sport",
        (example,),
    )
    assert check_examples((asked,)) == ()
    assert subject(example).tags == ()
