"""Edits of files in any style: one run of characters changes, or nothing does and it is said."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.edit import add_feeds, move_feed, remove_feed, set_paused
from aggregator.config.load import load
from aggregator.config.source import Source
from aggregator.config.tree import Mapping, Scalar, Sequence, Value, read_yaml
from aggregator.errors import ConfigError, UsageError
from aggregator.model.feeds import Subscription

NEW = "https://new.example/rss?a=1&b=2#c"

Told = dict[str, object]


@dataclass(frozen=True)
class File:
    text: str
    urls: tuple[str, ...]


# --- files in any style ---------------------------------------------------------------------------

COMMENTS = st.sampled_from(["", "", "", "# note", "  # - url: https://no.example/", "#", "   "])
HEADS = ["", "# ours\n", "---\n", "%YAML 1.1\n---\n", "database: a.db  # é\n\n"]
TEXTS = ["outputs: []\n", "note: |\n  feeds:\n  - url: https://0.example/rss\n", "...\n", "# end\n"]
URLS = [
    "url: {}",
    "url:   {}   # here",
    'url: "{}"',
    "url: '{}'",
    '"url": {}',
    "url: >-\n{indent}    {}",
    "url:\n{indent}    {}",
    "url: &a {}",
]
KEYS = ["name: It''s", "name: 'A # b'", "labels: [a,  b]", "labels:\n{indent}  - a", "paused: true"]
KEYS += ["paused: false # not now", "interval: 15m"]


@st.composite
def block_items(draw: st.DrawFn, urls: tuple[str, ...]) -> str:
    indent = " " * draw(st.sampled_from([0, 1, 2, 4]))
    lines = []
    for url in urls:
        lines += [f"{comment}\n" for comment in draw(st.lists(COMMENTS, max_size=1))]
        if draw(st.integers(0, 5)) == 0:
            lines.append(f"{indent}- {{url: '{url}', name: x}}{draw(COMMENTS)}\n")
            continue
        gap = draw(st.sampled_from([" ", "   ", " # first\n" + indent + "  "]))
        column = indent + ("  " if "\n" in gap else " " * (1 + len(gap)))
        rest = draw(st.lists(st.sampled_from(KEYS), max_size=2, unique_by=lambda key: key[:4]))
        own = draw(st.sampled_from(URLS))
        keys = draw(st.permutations([own.replace("{}", url), *rest]))
        written = f"\n{column}".join(key.replace("{indent}", column) for key in keys)
        lines.append(f"{indent}-{gap}{written}\n")
    return f"feeds:{draw(st.sampled_from(['', ' ', ' # all']))}\n{''.join(lines)}"


@st.composite
def flow_items(draw: st.DrawFn, urls: tuple[str, ...]) -> str:
    between = draw(st.sampled_from([", ", ",", ",\n  ", " , # next\n    "]))
    quote = draw(st.sampled_from(["'", '"']))
    items = [
        f"{{url: {quote}{url}{quote}{draw(st.sampled_from(['', ', name: a']))}}}" for url in urls
    ]
    opening, closing = draw(
        st.sampled_from([("[", "]"), ("[ ", " ]"), ("[\n  ", "\n]"), ("[", ",]")])
    )
    return f"feeds: {opening}{between.join(items)}{closing}{draw(COMMENTS)}\n"


@st.composite
def files(draw: st.DrawFn) -> File:
    """Return a file in any style, which may be no YAML at all, and the urls in it."""
    urls = tuple(f"https://{number}.example/rss" for number in range(draw(st.integers(0, 3))))
    empty = st.sampled_from(["feeds:\n", "feeds: []\n", "feeds: ~ # none\n", "feeds: [ ]  \n", ""])
    listed = draw(st.one_of(block_items(urls), flow_items(urls)) if urls else empty)
    text = draw(st.sampled_from(HEADS)) + listed + draw(st.sampled_from(["", *TEXTS]))
    text = text.removesuffix("\n") if draw(st.booleans()) else text
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return File(text.replace("\n", newline), urls)


# --- what a file says, and where two differ -------------------------------------------------------


def plain(value: Value) -> object:
    match value:
        case Scalar():
            return value.value
        case Sequence():
            return [plain(item) for item in value.items]
        case Mapping():
            return {key.value: plain(item) for key, item in value.entries}


def read(text: str) -> tuple[list[Told], Told]:
    """Return the feeds of a file, and what stands beside them."""
    tree = read_yaml(Source("f", text))
    top = plain(tree) if tree else {}
    assert isinstance(top, dict)
    feeds = top.pop("feeds", None)
    return list(feeds) if isinstance(feeds, list) else [], top


def edited(text: str, change: Callable[[str], str]) -> str | None:
    """Return the text as it was changed, None where it was refused: then nothing is."""
    try:
        return change(text)
    except (UsageError, ConfigError):
        return None


def apart(before: str, after: str) -> tuple[str, str]:
    """Return the run of characters that gave way, and what stands there now."""
    start = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    most = min(len(before), len(after)) - start
    end = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    return before[start : len(before) - end], after[start : len(after) - end]


EMPTY = {"", "[]", "[ ]", "~", "[", "]"}


@given(files())
def test_adding_takes_nothing_away(file: File) -> None:
    after = edited(file.text, lambda text: add_feeds(text, [Subscription(NEW, NEW, "N: 1")]))
    if after is None:
        return
    (feeds, others), (now, still) = read(file.text), read(after)
    assert now == [*feeds, {"url": NEW, "name": "N: 1"}]
    assert still == others
    gone, come = apart(file.text, after)
    assert gone.removesuffix("# none").strip() in EMPTY
    assert ("\r\n" in come) <= ("\r\n" in file.text)


@given(files(), st.data())
def test_removing_takes_one_feed_s_characters(file: File, draw: st.DataObject) -> None:
    if not file.urls:
        return
    url = draw.draw(st.sampled_from(file.urls))
    after = edited(file.text, lambda text: remove_feed(text, url))
    if after is None:
        return
    (feeds, others), (now, still) = read(file.text), read(after)
    assert now == [feed for feed in feeds if feed["url"] != url]
    assert still == others
    # Where it was the only one, an empty list stays; in lines of its own it needs brackets then.
    bracketed = "feeds: [" in file.text or feeds[1:]
    gone, come = apart(file.text, after if bracketed else after.replace("feeds: []", "feeds:", 1))
    assert come == ""
    assert not any(other in gone for other in file.urls if other != url)


@given(files(), st.booleans(), st.data())
def test_pausing_and_resuming_change_one_word_or_line(
    file: File, paused: bool, draw: st.DataObject
) -> None:
    if not file.urls:
        return
    url = draw.draw(st.sampled_from(file.urls))
    after = edited(file.text, lambda text: set_paused(text, url, paused=paused))
    if after is None:
        return
    (feeds, others), (now, still) = read(file.text), read(after)
    for feed, was in zip(now, feeds, strict=True):
        is_paused = feed.pop("paused", "false") == "true"
        was_paused = was.pop("paused", "false") == "true"
        assert is_paused == (paused if feed["url"] == url else was_paused)
    assert (now, still) == (feeds, others)
    gone, come = apart(file.text, after)
    assert len(gone.split()) <= 2
    assert len(come.split()) <= 3


@given(files(), st.data())
def test_moving_changes_the_url_and_no_other_character(file: File, draw: st.DataObject) -> None:
    if not file.urls:
        return
    url = draw.draw(st.sampled_from(file.urls))
    after = edited(file.text, lambda text: move_feed(text, url, NEW))
    if after is None:
        return
    (feeds, others), (now, still) = read(file.text), read(after)
    assert now == [{**feed, "url": NEW} if feed["url"] == url else feed for feed in feeds]
    assert still == others
    gone, come = apart(file.text, after)
    assert gone.strip("'\" \r\n>-") in url
    assert come.strip("'\"") in NEW


@given(files())
def test_most_files_can_be_edited(file: File) -> None:
    """What is refused is refused for a reason: no YAML, an anchor, a comment in the brackets."""
    after = edited(file.text, lambda text: add_feeds(text, [Subscription(NEW, NEW)]))
    odd = ("&a", "...", "%YAML", "# next", "\n]", "]#", "---", "note: |")
    assert after is not None or any(each in file.text for each in odd)


def test_a_feed_is_not_moved_to_where_another_is() -> None:
    text = "feeds:\n- url: https://a.example/\n- url: https://b.example/\n"
    for url, to in (("https://a.example/", "http://B.example"), ("https://c.example/", NEW)):
        with pytest.raises(UsageError):
            move_feed(text, url, to)
    moved = move_feed(text, "https://a.example/", "http://A.example/")
    assert moved == text.replace("https://a", "http://A")


ADD = """\
import sys
from pathlib import Path
from aggregator.config.edit import add_feeds
from aggregator.config.write import edit_file
from aggregator.model.feeds import Subscription
for number in range(20):
    feed = Subscription(f"https://{sys.argv[2]}.example/{number}", "")
    edit_file(Path(sys.argv[1]), lambda text: add_feeds(text, [feed]))
"""


def test_two_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"\xef\xbb\xbffeeds: # all\r\n")
    adding = [
        subprocess.Popen([sys.executable, "-c", ADD, str(path), name]) for name in ("one", "two")
    ]
    assert [process.wait() for process in adding] == [0, 0]
    assert len(load(path).subscriptions) == 40
    assert path.read_bytes().startswith(b"\xef\xbb\xbffeeds: # all\r\n")
