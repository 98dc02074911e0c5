"""JSON Feed, and whatever else the JSON holds."""

import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import NotAFeedError, ParserFailedError, ParserLimitError
from aggregator.model.details import Person
from aggregator.model.raw import RawFeed
from aggregator.parse.jsonfeed import read_json_feed
from tests.data.feeds import URL

VERSION = "https://jsonfeed.org/version/1.1"
NAMES = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "tags",
    "authors",
    "author",
    "attachments",
    "date_published",
    "date_modified",
    "language",
    "name",
    "size_in_bytes",
    "mime_type",
]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def read(**fields: object) -> tuple[RawFeed, tuple[str, ...]]:
    return read_json_feed(json.dumps({"version": VERSION, **fields}), URL)


@pytest.mark.parametrize(
    ("version", "format_"),
    [
        ("https://jsonfeed.org/version/1", "json10"),
        ("http://www.jsonfeed.org/version/1.1/", "json11"),
        ("1.0", "json10"),
        ("1.1", "json11"),
    ],
)
def test_the_version_names_the_format(version: str, format_: str) -> None:
    assert read(version=version)[0].format == format_


@pytest.mark.parametrize("version", [None, 2.5, "2", "https://jsonfeed.org/version/7", [VERSION]])
def test_json_that_does_not_call_itself_a_feed_is_none(version: object) -> None:
    with pytest.raises(NotAFeedError, match='is JSON, but not a JSON Feed: it has no "version"'):
        read(version=version, items=[{"id": "1"}])


@pytest.mark.parametrize("text", ['{"version": ', '{"a": 1} x', "{'a': 1}", "{", "{]"])
def test_what_is_not_json_says_where(text: str) -> None:
    with pytest.raises(ParserFailedError, match=r"is not valid JSON: .* in line 1, column \d+\.$"):
        read_json_feed(text, URL)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening: str) -> None:
    with pytest.raises(ParserLimitError, match="nested too deeply"):
        read_json_feed('{"version": ' + opening * 100_000, URL)


def test_a_number_is_an_id_as_it_is_written_and_nothing_else() -> None:
    digits = "9" * 10_000
    items = f'[{{"id": {digits}, "title": {digits}, "url": -1.50}}]'
    text = f'{{"version": "{VERSION}", "items": {items}}}'
    feed, remarks = read_json_feed(text, URL)
    assert feed.entries[0].guid == digits
    assert feed.entries[0].title is None
    assert remarks == ("fields of the wrong type were ignored: items[0].url, items[0].title",)


def test_a_field_that_is_null_is_no_mistake() -> None:
    feed, remarks = read(title=None, items=[{"id": "1", "tags": None, "authors": None}])
    assert len(feed.entries) == 1
    assert remarks == ()


def test_the_authors_of_both_versions_are_read_once() -> None:
    one = {"name": "Ada", "url": "https://ada.example/"}
    feed, _ = read(authors=[one, {"name": "Bo"}, {}], author=one)
    assert feed.authors == (Person("Ada", "", "https://ada.example/"), Person("Bo"))


def test_only_the_first_wrong_fields_are_named() -> None:
    _, remarks = read(items=[1, 2, 3, 4, 5])
    assert remarks == (
        "fields of the wrong type were ignored: items[0], items[1], items[2] and 2 more",
    )


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), values, max_size=6), st.lists(values, max_size=3))
def test_any_json_that_calls_itself_a_feed_is_read(
    fields: dict[str, object], items: list[object]
) -> None:
    feed, _ = read(**fields, items=items)
    assert len(feed.entries) == sum(isinstance(item, dict) and bool(item) for item in items)
    assert pickle.loads(pickle.dumps(feed)) == feed
    for entry in feed.entries:
        assert entry.guid is None or type(str(entry.guid)) is str
