"""Edits change the lines they must; every other byte stays."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.edit import add_feeds, remove_feed, set_paused
from aggregator.config.source import Source
from aggregator.config.tree import Mapping, Scalar, Sequence, Value, read_yaml
from aggregator.errors import ConfigError, UsageError
from aggregator.model.feeds import Subscription

STYLED = """\
# Ours.
database:   news.db   # beside

feeds:   # the wires
  # first
  - url: "https://a.example/rss"   # A
    name:  'A''s wire'
    labels: [x,   y]

  # second
  - {url: https://b.example/rss, name: B}
  -   name: C
      url: https://c.example/rss
      paused: true
      interval: 15m   # agreed
# the end
outputs: []
"""


def feed(url: str, name: str | None = None, labels: tuple[str, ...] = ()) -> Subscription:
    return Subscription(url, url, name, labels)


def plain(value: Value) -> object:
    match value:
        case Scalar():
            return value.value
        case Sequence():
            return [plain(item) for item in value.items]
        case Mapping():
            return {key.value: plain(item) for key, item in value.entries}


def feeds_of(text: str) -> object:
    tree = read_yaml(Source("f", text))
    assert tree is not None
    top = plain(tree)
    assert isinstance(top, dict)
    return top["feeds"]


def test_a_feed_is_added_below_the_last_one_in_its_style() -> None:
    added = Subscription(
        "https://d.example/rss?a=b&c=d#e", "", "D: \"quoted\" & 'so'", ("one", "two, three"),
        timedelta(minutes=90), True,
    )  # fmt: skip
    lines = (
        "  - url: https://d.example/rss?a=b&c=d#e\n"
        "    name: 'D: \"quoted\" & ''so'''\n"
        "    labels: [one, 'two, three']\n"
        "    interval: 90m\n"
        "    paused: true\n"
    )
    before, after = STYLED.split("# the end")
    assert add_feeds(STYLED, [added]) == f"{before}{lines}# the end{after}"


def test_a_removed_feed_takes_its_lines_and_no_other() -> None:
    text = remove_feed(STYLED, "https://a.example/rss")
    assert text == STYLED.replace(
        "  - url: \"https://a.example/rss\"   # A\n    name:  'A''s wire'\n    labels: [x,   y]\n",
        "",
    )
    assert remove_feed(STYLED, "https://b.example/rss") == STYLED.replace(
        "  - {url: https://b.example/rss, name: B}\n", ""
    )


def test_the_only_feed_leaves_an_empty_list_that_can_be_added_to() -> None:
    text = "feeds:  # all\n- url: https://a.example/\n  name: A\nposts: x"
    empty = remove_feed(text, "https://a.example/")
    assert empty == "feeds: []  # all\nposts: x"
    again = add_feeds(empty, [feed("https://b.example/")])
    assert again == "feeds:  # all\n  - url: https://b.example/\nposts: x"


def test_pausing_adds_one_line_or_one_word() -> None:
    assert set_paused(STYLED, "https://a.example/rss", paused=True) == STYLED.replace(
        "   # A\n", "   # A\n    paused: true\n"
    )
    assert set_paused(STYLED, "https://b.example/rss", paused=True) == STYLED.replace(
        "b.example/rss,", "b.example/rss, paused: true,"
    )
    assert set_paused(STYLED, "https://c.example/rss", paused=True) == STYLED


def test_resuming_takes_the_line_out_or_changes_the_word() -> None:
    assert set_paused(STYLED, "https://c.example/rss", paused=False) == STYLED.replace(
        "      paused: true\n", ""
    )
    text = STYLED.replace("paused: true", "paused: true  # for the strike")
    assert set_paused(text, "https://c.example/rss", paused=False) == text.replace(
        "paused: true", "paused: false"
    )
    assert set_paused(text, "https://a.example/rss", paused=False) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "feeds:\n  - url: u://x\n"),
        ("# mine", "# mine\nfeeds:\n  - url: u://x"),
        ("a: b\r\n", "a: b\r\nfeeds:\r\n  - url: u://x\r\n"),
        ("feeds:\na: b\n", "feeds:\n  - url: u://x\na: b\n"),
        ("feeds: ~ # none\n", "feeds: # none\n  - url: u://x\n"),
        ("feeds: []\n", "feeds:\n  - url: u://x\n"),
        ("feeds: [{url: a}]\n", "feeds: [{url: a}, {url: 'u://x'}]\n"),
        ("feeds: [\n  {url: a},\n]\n", "feeds: [\n  {url: a}, {url: 'u://x'},\n]\n"),
        ("feeds:\n- url: a", "feeds:\n- url: a\n- url: u://x"),
        ("feeds:\n    - url: a\n\nb: c\n", "feeds:\n    - url: a\n    - url: u://x\n\nb: c\n"),
    ],
)
def test_a_list_in_any_common_form_can_be_extended(before: str, after: str) -> None:
    assert add_feeds(before, [feed("u://x")]) == after


@pytest.mark.parametrize(
    ("text", "url", "left"),
    [
        ("feeds: [{url: a}, {url: b}, {url: c}]", "a", "feeds: [{url: b}, {url: c}]"),
        ("feeds: [{url: a}, {url: b}, {url: c}]", "b", "feeds: [{url: a}, {url: c}]"),
        ("feeds: [{url: a}, {url: b}, {url: c}]", "c", "feeds: [{url: a}, {url: b}]"),
        ("feeds: [{url: a}]", "a", "feeds: []"),
        ("feeds:\n- url: a\n- url: b", "b", "feeds:\n- url: a"),
        ("feeds:\n-\n  url: a\n- # - x\n  url: b\n", "b", "feeds:\n-\n  url: a\n"),
    ],
)
def test_a_feed_is_taken_out_of_a_list_in_any_form(text: str, url: str, left: str) -> None:
    assert remove_feed(text, url) == left


@pytest.mark.parametrize(
    "text",
    [
        "{feeds: {a: b}}",
        "{a: b}\n",
        "a: b\n...\n",
        "feeds: one\n",
        "feeds: {}\n",
        "feeds: [ # a comment to keep\n  ]\n",
    ],
)
def test_a_list_that_cannot_be_extended_is_left_and_the_lines_are_told(text: str) -> None:
    with pytest.raises(UsageError, match=r"add below `feeds:`\n  - url: u://x"):
        add_feeds(text, [feed("u://x")])


def test_what_is_there_already_is_not_added() -> None:
    with pytest.raises(UsageError, match="already"):
        add_feeds(STYLED, [feed("http://A.example/rss")])
    with pytest.raises(UsageError, match="already"):
        add_feeds("", [feed("https://x.example/"), feed("https://x.example/")])
    assert add_feeds(STYLED, []) == STYLED


def test_an_unknown_feed_is_named() -> None:
    with pytest.raises(UsageError, match=r"https://z\.example/"):
        remove_feed(STYLED, "https://z.example/")
    with pytest.raises(UsageError, match=r"https://z\.example/"):
        set_paused("feeds:\n", "https://z.example/", paused=True)


def test_text_that_is_not_yaml_is_not_edited() -> None:
    with pytest.raises(ConfigError, match="not closed"):
        add_feeds("feeds: [a", [feed("u://x")])
    with pytest.raises(ConfigError, match="begin with a key"):
        add_feeds("- a\n", [feed("u://x")])


# --- laws -------------------------------------------------------------------------------------

names = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Co", "Cn")), max_size=20
    )
    .map(str.strip)
    .filter(lambda name: name and "\ufeff" not in name)
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """A file in block style with comments, blank lines and keys in any order, and its urls."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    indent = " " * draw(st.integers(0, 3))
    count = draw(st.integers(0, 4))
    urls = tuple(f"https://{number}.example/rss" for number in range(count))
    lines = ["# é", "database: x.db # y", f"feeds:{'' if urls else ' []'}"]
    for url in urls:
        keys = draw(st.permutations([f"url: {url}", "name: 'N ''q'''", "labels: [a, b]"]))
        keys = keys[: draw(st.integers(1, 3))]
        if not any(key.startswith("url") for key in keys):
            keys = [f"url: '{url}'", *keys]
        lines += [f"{indent}# before"] * draw(st.integers(0, 1))
        lines += [f"{indent}{'  ' if number else '- '}{key}" for number, key in enumerate(keys)]
        lines += [""] * draw(st.integers(0, 1))
    lines += draw(st.sampled_from([[], ["outputs:", "  - path: x.atom"], ["# last"]]))
    return newline.join(lines) + draw(st.sampled_from(["", newline])), urls


@given(files(), names, st.lists(names, max_size=2))
def test_adding_only_inserts_and_says_what_was_asked(
    file: tuple[str, tuple[str, ...]], name: str, labels: list[str]
) -> None:
    text, urls = file
    after = add_feeds(text, [feed("https://new.example/", name, tuple(labels))])
    listed = feeds_of(after)
    assert isinstance(listed, list)
    assert listed[-1]["name"] == name
    assert listed[-1].get("labels", []) == labels
    removed = remove_feed(after, "https://new.example/")
    assert removed == text
    assert len(listed) == len(urls) + 1


@given(files(), st.data())
def test_removing_takes_out_one_run_of_lines(
    file: tuple[str, tuple[str, ...]], draw: st.DataObject
) -> None:
    text, urls = file
    if not urls:
        return
    url = draw.draw(st.sampled_from(urls))
    after = remove_feed(text, url)
    left = after.replace("feeds: []", "feeds:", 1) if len(urls) == 1 else after
    start = next(n for n in range(len(text) + 1) if not left.startswith(text[: n + 1]))
    assert text[len(text) - (len(left) - start) :] == left[start:]
    assert url not in after
    assert all(other in after for other in urls if other != url)


@given(files(), st.data())
def test_resuming_undoes_pausing(file: tuple[str, tuple[str, ...]], draw: st.DataObject) -> None:
    text, urls = file
    if not urls:
        return
    url = draw.draw(st.sampled_from(urls))
    paused = set_paused(text, url, paused=True)
    assert [line for line in paused.splitlines() if line.strip() != "paused: true"] == (
        text.splitlines()
    )
    assert set_paused(paused, url, paused=True) == paused
    assert set_paused(paused, url, paused=False) == text
