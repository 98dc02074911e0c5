"""Which tags a query asks for, however it asks."""

from aggregator.config.mentions import mentioned
from aggregator.query.syntax import parse


def test_what_stands_in_a_field_is_found_in_order_behind_brackets_and_negations() -> None:
    query = "tag:a (x -tag:b) title:tag (tag:(c OR -a)) label:d seen:>2026-01-01"
    assert [name.text for name in mentioned(parse(query), "tag")] == ["a", "b", "c", "a"]
