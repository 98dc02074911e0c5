"""The error tree: as drawn, picklable, each with a sentence."""

import pickle
import re

import pytest

from aggregator import errors
from aggregator.errors import AggregatorError, ConfigError, FetchError, Problem, QueryError


def tree(kind: type[AggregatorError], depth: int = 0) -> list[tuple[int, str]]:
    below = [
        row for child in sorted(kind.__subclasses__(), key=str) for row in tree(child, depth + 1)
    ]
    return [(depth, kind.__name__), *below]


def drawn() -> list[tuple[int, str]]:
    rows = re.findall(r"^ {4}([│├└─ ]*)(\w+Error)$", errors.__doc__ or "", re.MULTILINE)
    return [(len(prefix) // 4, name) for prefix, name in rows]


def kinds() -> list[type[AggregatorError]]:
    found = [AggregatorError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


def example(kind: type[AggregatorError]) -> AggregatorError:
    if issubclass(kind, ConfigError):
        return kind((Problem("feeds.yaml", 3, "This is wrong."),))
    if issubclass(kind, QueryError):
        return kind("a OR", 2, 4, "OR needs something on its right.", "Write a word.")
    return kind("Something is wrong.")


def test_the_docstring_draws_the_tree() -> None:
    assert sorted(drawn()) == sorted(tree(AggregatorError))


def test_codes_are_distinct() -> None:
    codes = [kind.code for kind in kinds()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_an_error_survives_pickling(kind: type[AggregatorError]) -> None:
    error = example(kind)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert again.__dict__ == error.__dict__


def test_a_fetch_error_keeps_what_the_server_said_when_pickled() -> None:
    error = FetchError("The server says no.", status=503)
    assert pickle.loads(pickle.dumps(error)).status == 503


def test_a_query_error_points_at_the_mistake() -> None:
    error = QueryError("Mali OR", 5, 7, "OR needs something on its right.")
    assert str(error) == "OR needs something on its right.\n  Mali OR\n       ^^"


def test_a_query_error_shows_only_the_line_with_the_mistake() -> None:
    error = QueryError("Mali\nOR )\nNiger", 8, 9, "Nothing was opened.")
    assert error.caret() == "  OR )\n     ^"


def test_carets_stand_below_letters_that_are_two_columns_wide_or_none() -> None:
    assert QueryError("中国 OR )", 6, 7, "Wrong.").caret() == "  中国 OR )\n          ^"
    assert QueryError("马里*", 0, 3, "Wrong.").caret() == "  马里*\n  ^^^^^"
    assert QueryError("Mali\u0301 )", 6, 7, "Wrong.").caret() == "  Mali\u0301 )\n       ^"


def test_a_query_error_in_nothing_shows_nothing() -> None:
    assert str(QueryError("  ", 2, 2, "The query is empty.")) == "The query is empty."


def test_a_config_error_tells_every_problem_in_order() -> None:
    error = ConfigError((Problem("a.yaml", 1, "One."), Problem("a.yaml", 2, "Two.", "  x\n  ^")))
    assert str(error) == "a.yaml:1: One.\na.yaml:2: Two.\n  x\n  ^"
