"""Named lists of terms: one expression each, usable everywhere, mistakes told with their place."""

import pytest

from aggregator.config.load import load
from aggregator.query.nodes import And, Except, Field, Listed, Or, Phrase, Word
from tests.config.mistakes import Write, caret, problem, problems

STATES = """\
terms:
  states:
    - Mali EXCEPT (Mali Empire)
    - Burkina Faso   # a comment of YAML's
    - $lake
    - |
      "Cabo Verde"   # a comment of ours
  lake: [Tchad, 'Chad']
"""


def test_a_list_is_one_expression_of_its_items_and_words_side_by_side_are_a_phrase(
    write: Write,
) -> None:
    lists = load(write(STATES)).lists
    lake = Or((Word("Tchad"), Word("Chad")))
    assert lists["lake"] == lake
    assert lists["states"] == Or(
        (
            Except(Word("Mali"), Phrase("Mali Empire")),
            Phrase("Burkina Faso"),
            Listed("lake", lake),
            Phrase("Cabo Verde"),
        )
    )
    assert list(lists) == ["lake", "states"]


def test_a_list_of_one_item_is_that_item(write: Write) -> None:
    assert load(write("terms: {a: [Mali]}")).lists == {"a": Word("Mali")}


def test_rules_scores_and_outputs_share_the_very_list(write: Write) -> None:
    config = load(
        write(
            f"{STATES}tags:\n  a: {{query: 'title:$states x'}}\n"
            "  b: {score: [{when: $states, weight: 1}], threshold: 1}\n"
            "outputs: [{path: o.atom, query: $lake}]\n"
        )
    )
    states, lake = config.lists["states"], config.lists["lake"]
    by_name = config.rules_by_name()
    query, score = by_name["a"].query, by_name["b"].score
    assert isinstance(query, And)
    assert isinstance(query.operands[0], Field)
    assert isinstance(query.operands[0].operand, Listed)
    assert query.operands[0].operand.operand is states
    assert score is not None
    assert isinstance(score.clauses[0].query, Listed)
    assert score.clauses[0].query.operand is states
    assert config.outputs[0].query == Listed("lake", lake)
    assert by_name["a"].query_text == "title:$states AND x"


def test_included_files_bring_lists_for_all(write: Write) -> None:
    path = write("include: [a.yaml]\ntags: {x: {query: $a}}", a_yaml="terms: {a: [$b]}\ntags: {}")
    assert problem(path).sentence.startswith("There is no list")
    path = write(
        "include: [a.yaml]\nterms: {b: [Mali]}\ntags: {x: {query: $a}}",
        a_yaml="terms: {a: [$b]}",
    )
    assert load(path).rules[0].query_text == "$a"


MISTAKES = [
    ("terms: [a]", 1, "one `name:` a line"),
    ("terms: {a: []}", 1, "The list 'a' is empty"),
    ("terms:\n  a:\n  b: [x]", 2, "The list 'a' is empty"),
    ("terms: {a: b}", 1, "must be a list: write [b]"),
    ("terms: {a: [[b]]}", 1, "must be a text, not a list"),
    ("terms: {a b: [c]}", 1, "cannot be a list's name"),
    ("terms: {a: [c], A: [d]}", 1, "given twice"),
    ("terms:\n  a: [$b]\n  b: [$c]\n  c: [$a]", 2, "in a circle: a → b → c → a"),
    ("terms: {a: [$a]}", 1, "in a circle: a → a"),
    ("terms: {states: [x]}\ntags: {a: {query: $sates}}", 2, "states"),
    ("terms: {a: [x]}\noutputs: [{path: a.atom, query: $b}]", 2, "There is no list"),
]


@pytest.mark.parametrize(("text", "line", "told"), MISTAKES)
def test_a_mistake_is_one_problem_with_its_line(
    write: Write, text: str, line: int, told: str
) -> None:
    found = problem(write(text))
    assert (found.line, told in found.sentence) == (line, True), found.sentence


def test_lists_within_lists_have_an_end(write: Write) -> None:
    chain = "".join(f"  l{n}: [$l{n + 1}, x{n}]\n" for n in range(30))
    found = problems(write(f"terms:\n{chain}  l30: [x]\n"))
    assert "more than 10 deep" in found[0].sentence


def test_lists_that_double_each_other_are_refused_before_they_fill_the_memory(
    write: Write,
) -> None:
    doubling = "".join(f"  l{n}: [{', '.join(10 * [f'$l{n + 1}'])}]\n" for n in range(8))
    found = problems(write(f"terms:\n{doubling}  l8: [x, y]\n"))
    assert "10,000 terms" in found[0].sentence


def test_a_list_with_a_mistake_is_told_once_though_others_use_it(write: Write) -> None:
    found = problem(write("terms: {a: [lang:fr], b: [$a]}\ntags: {x: {query: $a OR $b}}"))
    assert caret(found) == "lang:fr"


ITEMS = [
    ("- Mali EXCEPT (Faso ]", 3, "]"),
    ("- 'Mali EXCEPT (Faso ]'", 3, "]"),
    ('- "\\u004dali EXCEPT (Faso ]"', 3, "]"),
    ("- |\n      Mali  # the state\n      EXCEPT (Faso ]", 5, "]"),
    ("- >-\n      Mali\n      EXCEPT (Faso ]", 5, "]"),
    ("- Mali\n      EXCEPT (Faso ]", 4, "]"),
]


@pytest.mark.parametrize(("item", "line", "blamed"), ITEMS)
def test_a_mistake_in_an_item_points_at_its_line_and_character(
    write: Write, item: str, line: int, blamed: str
) -> None:
    found = problem(write(f"terms:\n  a:\n    {item}\n"))
    assert (found.line, caret(found)) == (line, blamed)


@pytest.mark.parametrize(
    "item", ["- Mali#1", "- >\n      Mali # x\n      Faso", "- 'Mali # x\n      Faso'"]
)
def test_a_comment_that_yaml_would_join_is_refused(write: Write, item: str) -> None:
    found = problem(write(f"terms:\n  a:\n    {item}\n"))
    assert caret(found) == "#"


@pytest.mark.parametrize("first", ['"a b" OR c', "*b", "!c", "%d", "[e] f", "@g", "`h"])
@pytest.mark.parametrize(
    "around",
    ["terms:\n  a:\n    - {}\n", "tags:\n  a:\n    query: {}\n", "tags: {{a: {{query: {}}}}}"],
)
def test_what_yaml_takes_for_its_own_is_told_how_to_be_written(
    write: Write, first: str, around: str
) -> None:
    found = problems(write(around.format(first)))
    assert "single quotes" in found[0].sentence
    assert "block: `query: |`" in found[0].sentence
