"""A configuration is read whole, or every mistake in it is told with its file and line."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.load import load
from aggregator.config.settings import Config, OutputSettings, PollSettings
from aggregator.errors import ConfigError
from aggregator.model.feeds import Subscription
from aggregator.query.syntax import parse
from tests.config.mistakes import Write, caret, problem, problems

# --- what is right ----------------------------------------------------------------------------

WHOLE = """\
database: data/news.db
poll:
  contact: https://newsroom.example/reader
  max: 12h
  floor: 30m
  host_gap: 2s
  budget: 5000
  workers: 8
  allow_addresses: [127.0.0.0/8, "::1"]
feeds:
  - url: https://a.example/rss
    name: A
    labels: [africa, wire, africa]
    interval: 15m
    paused: true
  - url: feed:https://b.example/rss
    weight: 0.25
tags:
  later:
    query: tag:sahel OR coup
  sahel:
    title: The Sahel
    description: >
      The region
      and its states.
    query: |
      Sahel  # a comment
    any: ['"Burkina Faso"', Mali]
    none: [football]
    feeds: {label: wire, language: [fr, en]}
    examples:
      match:
        - Sahel, Mali
        - {title: x, summary: y, content: z, lang: no, url: https://x.example/, category: [a, b]}
      no_match: [2024-05-01]
outputs:
  - path: public/sahel.atom
    query: tag:sahel
    url: https://a.example/sahel.atom
  - {name: all, path: everything.xml, format: rss, title: All, limit: 5}
"""


@pytest.fixture
def whole(write: Write) -> Config:
    return load(write(WHOLE))


def test_settings_are_read(whole: Config, tmp_path: Path) -> None:
    assert whole.path == tmp_path / "feeds.yaml"
    assert whole.database == tmp_path / "data" / "news.db"
    assert whole.watched == (whole.path,)
    assert whole.poll == PollSettings(
        contact="https://newsroom.example/reader",
        max_interval=timedelta(hours=12),
        floor=timedelta(minutes=30),
        host_gap=timedelta(seconds=2),
        budget=5000,
        workers=8,
        allow_addresses=(ip_network("127.0.0.0/8"), ip_network("::1")),
    )


def test_subscriptions_are_read_in_order(whole: Config) -> None:
    assert whole.subscriptions == (
        Subscription(
            "https://a.example/rss",
            "https://a.example/rss",
            "A",
            ("africa", "wire"),
            timedelta(minutes=15),
            True,
        ),
        Subscription("feed:https://b.example/rss", "https://b.example/rss", weight=0.25),
    )


def test_rules_stand_behind_those_they_refer_to(whole: Config) -> None:
    sahel, later = whole.rules
    assert (sahel.name, sahel.title, sahel.description) == (
        "sahel",
        "The Sahel",
        "The region and its states.",
    )
    assert sahel.query_text == 'Sahel AND ("Burkina Faso" OR Mali) AND NOT football'
    assert sahel.feeds is not None
    assert sahel.feeds.query_text == "label:wire AND (lang:fr OR lang:en)"
    assert (later.name, later.title, later.refers_to) == ("later", "later", ("sahel",))
    assert (sahel.path, sahel.line) == (str(whole.path), 21)


def test_examples_keep_their_line_and_their_text_as_written(whole: Config) -> None:
    sahel = whole.rules[0]
    titles, full = sahel.examples_match
    assert (titles.title, titles.line) == ("Sahel, Mali", 33)
    assert (full.title, full.summary, full.content, full.language) == ("x", "y", "z", "no")
    assert (full.url, full.categories) == ("https://x.example/", ("a", "b"))
    assert [example.title for example in sahel.examples_no_match] == ["2024-05-01"]


def test_outputs_are_read_with_what_their_path_tells(whole: Config, tmp_path: Path) -> None:
    sahel, everything = whole.outputs
    assert sahel == OutputSettings(
        name="sahel",
        path=tmp_path / "public" / "sahel.atom",
        format="atom",
        title="sahel",
        query=parse("tag:sahel"),
        url="https://a.example/sahel.atom",
    )
    assert (everything.name, everything.format, everything.limit) == ("all", "rss", 5)
    assert everything.query is None


def test_the_least_configuration_has_its_database_beside_it(write: Write) -> None:
    config = load(write("feeds: []\n"))
    assert config.database == config.path.parent / "aggregator.db"
    assert config.poll == PollSettings()


def test_a_relative_path_gives_absolute_ones(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write("feeds: []\n").parent)
    assert load(Path("feeds.yaml")).path.is_absolute()


# --- files and directories as feeds -----------------------------------------------------------


def test_files_are_feeds_with_their_path_as_the_key(write: Write, tmp_path: Path) -> None:
    absolute = tmp_path / "é é.xml"
    path = write(
        f"feeds:\n- url: one.xml\n- url: ./absent.rss\n- url: {absolute.as_uri()}\n",
        **{"one.xml": "<rss/>"},
    )
    assert [(feed.url, feed.location) for feed in load(path).subscriptions] == [
        ("one.xml", (tmp_path / "one.xml").as_uri()),
        ("./absent.rss", (tmp_path / "absent.rss").as_uri()),
        (absolute.as_uri(), absolute.as_uri()),
    ]


def test_a_directory_is_one_feed_for_each_feed_file(write: Write, tmp_path: Path) -> None:
    names = ["b.rss", "a b.xml", ".hidden.xml", "notes.txt", "c.JSON", "d.atom", "e.rdf"]
    text = "feeds:\n- url: wires/\n  labels: [x]\n  paused: true\n"
    config = load(write(text, **{f"wires__{name}": "" for name in names}))
    assert [feed.url for feed in config.subscriptions] == [
        "wires/a b.xml",
        "wires/b.rss",
        "wires/c.JSON",
        "wires/d.atom",
        "wires/e.rdf",
    ]
    assert all(feed.labels == ("x",) and feed.paused for feed in config.subscriptions)
    assert config.subscriptions[0].location == (tmp_path / "wires" / "a b.xml").as_uri()
    assert tmp_path / "wires" in config.watched


def test_a_file_that_stands_alone_and_in_its_directory_is_there_twice(write: Write) -> None:
    path = write("feeds:\n- url: wires\n- url: wires/a.xml\n", wires__a="", **{"wires__a.xml": ""})
    assert "twice, first in line 2" in problem(path).sentence


def test_a_directory_has_no_one_name(write: Write) -> None:
    path = write("feeds:\n- url: wires\n  name: W\n", **{"wires__a.xml": ""})
    assert "leave `name` out" in problem(path).sentence


# --- included files ---------------------------------------------------------------------------


def test_included_files_bring_tags_and_are_watched(write: Write, tmp_path: Path) -> None:
    config = load(
        write(
            "include: [rules/*.yaml, rules/b.yaml]\ntags: {top: {query: tag:b}}\n",
            rules__b_yaml="tags: {b: {query: x}}\n",
            rules__a_yaml="tags: {a: {query: y}}\n",
        )
    )
    assert {rule.name for rule in config.rules} == {"a", "b", "top"}
    rules = tmp_path / "rules"
    assert set(config.watched) == {config.path, rules, rules / "a.yaml", rules / "b.yaml"}


def test_a_directory_whose_name_looks_like_a_pattern_is_taken_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "[a]*"
    home.mkdir()
    (home / "feeds.yaml").write_text("include: [r*.yaml]\n")
    (home / "rules.yaml").write_text("tags: {a: {query: x}}\n")
    assert [rule.name for rule in load(home / "feeds.yaml").rules] == ["a"]


def test_mistakes_are_told_in_the_order_of_files_and_lines(write: Write) -> None:
    path = write(
        "include: [b.yaml, a.yaml, nothing*.yaml]\ntags: {x: {query: '('}}\npol: {}\n",
        b_yaml="tags:\n  y: {query: x, coed: z}\nfeeds: []\n",
        a_yaml="tags:\n  X: {query: y}\n  : [\n",
    )
    found = problems(path)
    assert [(Path(each.path).name, each.line) for each in found] == [
        ("feeds.yaml", 1),
        ("feeds.yaml", 2),
        ("feeds.yaml", 3),
        ("b.yaml", 2),
        ("b.yaml", 3),
        ("a.yaml", 3),
    ]


def test_a_tag_in_two_files_is_told_where_it_was_first(write: Write) -> None:
    path = write("include: [a.yaml]\ntags:\n  x: {query: a}\n", a_yaml="tags:\n  X: {query: y}\n")
    assert problem(path).sentence.endswith("feeds.yaml:3.")


# --- what is wrong ----------------------------------------------------------------------------

HOOKS, SECRET = "outputs: [{path: a.rss, webhooks: ", "0123456789abcdef"

MISTAKES = [
    # keys
    ("fedes: []", 1, "`fedes` is not a key of feeds.yaml: did you mean `feeds`?"),
    ("workers: 3", 1, "it belongs to `poll`"),
    ("xyzzy: 3", 1, "which has: database, poll"),
    ("serve: 8080", 1, "`serve` is written as `key: value` lines, with: url, host, port, hosts,"),
    ("serve: {hosts: desk}", 1, "`hosts` must be a list: write [desk]"),
    ("serve:\n  url: http://news.example", 2, "must begin with https: what hubs send to http"),
    ("serve:\n  url: http://10.0.0.1/", 2, "must begin with https"),
    ("serve:\n  url: https://news.example/?a=b", 2, "must be an address like https://newsroom"),
    ("serve:\n  url: https://me@news.example/", 2, "must be an address like"),
    ("serve:\n  url: https://news.example/{a}", 2, "must be an address like"),
    ("serve:\n  url: news.example", 2, "must be an address like https://newsroom.example"),
    ("serve: {url: https://n.example, port: 0}", 1, "`port` must be a whole number from 1"),
    ("serve: {url: https://n.example, hots: x}", 1, "did you mean `hosts`?"),
    ("port: 80", 1, "it belongs to `serve`"),
    ("retention: {}", 1, "not supported in this version"),
    ("poll: {proxy: x}", 1, "a proxy looks names up by itself"),
    ("poll:\n  ca_bundle: nowhere.pem", 2, "nowhere.pem cannot be read: No such file"),
    ("poll: {ca_bundle: feeds.yaml}", 1, "holds no certificates of authorities"),
    ("feeds:\n- url: https://a.example/\n  insecure: yes", 3, "must be true or false, not 'yes'"),
    ("feeds:\n- url: http://a.example/\n  insecure: true", 3, "has no certificate to waive"),
    ("feeds: []\npoll: {max: 1h}\nfeeds: []", 3, "given twice, first in line 1"),
    ("feeds:\n- url: https://a.example/\n  url: https://b.example/", 3, "given twice"),
    ("database:", 1, "`database` has no value"),
    ("- a", 1, "written as `key: value` lines"),
    # feeds
    ("feeds: https://a.example/", 1, "must be a list: write [https://a.example/]"),
    ("feeds: [https://a.example/]", 1, "write `- url: https://a.example/`"),
    ("feeds:\n- name: A", 2, "needs a `url`"),
    ("feeds:\n- url: www.a.example/rss", 2, "did you mean https://www.a.example/rss?"),
    ("feeds:\n- url: htps://a.example/rss", 2, "did you mean https://a.example/rss?"),
    ("feeds:\n- url: gopher://a.example/rss", 2, "cannot be polled"),
    ("feeds:\n- url: 'https://'", 2, "is not a URL"),
    ("feeds:\n- url: https://a.example/a b", 2, "%20"),
    ("feeds:\n- url: https://a.example:http/", 2, "is not a URL"),
    ("feeds:\n- url: ~/feed.xml", 2, "`~` is not expanded"),
    ("feeds:\n- url: file://elsewhere/feed.xml", 2, "names no file of this machine"),
    (f"feeds:\n- url: {'x' * 5000}", 2, "neither a URL nor an existing file"),
    ("feeds:\n- url: nonsense", 2, "neither a URL nor an existing file"),
    ("feeds:\n- url: https://A.example\n- url: http://a.example/", 3, "twice, first in line 2"),
    ("feeds:\n- url: https://a.example/\n  interval: soon", 3, "30m, 2h, 1d"),
    ("feeds:\n- url: https://a.example/\n  interval: 0", 3, "at least 1s"),
    ("feeds:\n- url: https://a.example/\n  paused: yes", 3, "must be true or false, not 'yes'"),
    (
        "feeds:\n- url: https://a.example/\n  weight: 0",
        3,
        "`weight` must be from 0.01 to 100, not 0.",
    ),
    ("feeds:\n- url: https://a.example/\n  weight: -1", 3, "must be from 0.01 to 100, not -1."),
    ("feeds:\n- url: https://a.example/\n  weight: heavy", 3, "must be a number like 3 or"),
    ("feeds:\n- url: https://a.example/\n  labels: x", 3, "must be a list: write [x]"),
    ("feeds:\n- url: https://a.example/\n  labels: [[x]]", 3, "must be a text, not a list"),
    ("feeds:\n- url: https://a.example/\n  name: |\n    a\n    b", 3, "one line"),
    # poll
    ("poll: 5", 1, "written as `key: value` lines"),
    ("poll: {workers: many}", 1, "whole number from 1 to 512"),
    ("poll: {budget: 0}", 1, "`budget` must be a whole number from 1 to"),
    ("poll: {budget: 1.5}", 1, "`budget` must be a whole number from 1 to"),
    ("poll: {workers: 0}", 1, "whole number from 1 to 512"),
    ("poll: {max: 1h, floor: 2h}", 1, "not be longer than `max`"),
    ("poll: {contact: call me}", 1, "where publishers can reach you"),
    ("poll: {contact: 'https://é.example/'}", 1, "where publishers can reach you"),
    ("poll: {allow_addresses: [127.0.0.1/8]}", 1, "Did you mean 127.0.0.0/8?"),
    ("poll: {allow_addresses: [localhost]}", 1, "is not a network"),
    ("poll: {allow_addresses: 10.0.0.0/8}", 1, "write [10.0.0.0/8]"),
    # tags
    ("tags: [a]", 1, "one `name:` a line"),
    ("tags: {a b: {query: c}}", 1, "cannot be a tag's name"),
    ("tags: {a: football}", 1, "needs its query below it"),
    ("tags: {a: {title: A}}", 1, "asks for nothing"),
    ("tags: {a: {none: [b]}}", 1, "only says what it is not"),
    ("tags: {a: {query: b}, A: {query: c}}", 1, "given twice"),
    ("tags: {a: {query: [b]}}", 1, "must be a text, not a list"),
    ("tags: {a: {any: b}}", 1, "must be a list: write [b]"),
    ("tags: {a: {query: b, feeds: {}}}", 1, "names no feeds"),
    ("tags: {a: {feeds: {labels: x}}}", 1, "did you mean `label`?"),
    ("tags: {a: {feeds: {language: 'a b'}}}", 1, "`feeds` cannot be used"),
    ("tags: {a: {query: NOT b}}", 1, "nothing but NOT"),
    ("tags: {a: {query: 'x seen:>now-7d'}}", 1, "may not count from now"),
    ("tags: {sahel: {query: b}, c: {query: 'd tag:sahle'}}", 1, "did you mean `sahel`?"),
    ("tags: {a: {query: 'x tag:b'}, b: {query: 'x tag:a'}}", 1, "in a circle"),
    ("tags: {a: {query: 'x tag:a'}}", 1, "in a circle: a → a"),
    ("tags: {a: {query: b, examples: [c]}}", 1, "with: match, no_match"),
    ("tags: {a: {query: b, examples: {match: c}}}", 1, "must be a list: write [c]"),
    ("tags: {a: {query: b, examples: {match: [{titel: c}]}}}", 1, "did you mean `title`?"),
    # outputs
    ("outputs: [{query: a}]", 1, "needs a `path`"),
    ("outputs: [{path: a.xml}]", 1, "add a `format`"),
    ("outputs: [{path: a.xml, format: html}]", 1, "atom, rss or json"),
    ("outputs: [{path: a.rss, limit: 0}]", 1, "whole number"),
    ("outputs: [{path: a.rss, url: a.rss}]", 1, "neither a URL nor an existing file"),
    ("outputs: [{path: a.rss, url: /a.rss}]", 1, "not a web address"),
    ("outputs: [{path: a.rss, hub: 'https://hub.example/'}]", 1, "needs the `url`"),
    ("outputs: [{path: a.rss, url: 'https://x.example/', hub: b.rss}]", 1, "neither a URL"),
    ("outputs: [{path: a.rss, evidence: maybe}]", 1, "true or false"),
    ("outputs: [{path: a.rss, archive: true}]", 1, "needs the `url`"),
    ("outputs: [{path: a.rss, archive: true, url: 'https://x.example/a'}]", 1, "same ending"),
    ("outputs: [{path: a.rss, tombstones: true}]", 1, "Atom alone"),
    (f"{HOOKS}[{{secret: {SECRET}}}]}}]", 1, "A webhook needs a `url`"),
    (f"{HOOKS}[{{url: http://d.ex}}]}}]", 1, "needs a `secret` that it shares with us"),
    (f"{HOOKS}[{{url: ./desk, secret: {SECRET}}}]}}]", 1, "is not a web address"),
    (f"{HOOKS}[{{url: http://d.ex, secret: short}}]}}]", 1, "16 bytes at least"),
    (f"{HOOKS}[{{url: http://d.ex, secret: whsec_a}}]}}]", 1, "in base64"),
    (f"{HOOKS}[{{url: http://d.ex, secret_env: NO_SUCH}}]}}]", 1, "variable NO_SUCH"),
    (f"{HOOKS}[{{url: http://d.ex, secrt: x, secret: {SECRET}}}]}}]", 1, "did you mean `secret`?"),
    ("outputs: [{path: a.rss, archives: true}]", 1, "did you mean `archive`?"),
    ("outputs: [{path: a.rss, query: tag:x}]", 1, "There is no tag 'x'"),
    ("outputs: [{path: a.rss, query: '('}]", 1, ""),
    ("outputs:\n- {path: a.rss}\n- {path: b/a.rss}", 3, "written by two outputs"),
    ("outputs:\n- {path: a.rss}\n- {path: ./a.rss, name: b}", 3, "written by two outputs"),
    ("outputs: [{path: feeds.yaml, format: json}]", 1, "would overwrite feeds.yaml"),
    ("outputs: [{path: aggregator.db, format: json}]", 1, "would overwrite aggregator.db"),
    ("outputs: [{path: ., format: json}]", 1, "is a directory"),
    ("database: .", 1, "is a directory"),
    # publish
    ("publish: {indeks: a.html}", 1, "did you mean `index`?"),
    ("publish: {index: .}", 1, "is a directory"),
    ("publish: {gzip: 9}", 1, "true or false"),
    ("publish: [index]", 1, "with: title, gzip"),
    ("outputs: [{path: a.rss}]\npublish: {index: a.rss}", 2, "would overwrite a.rss"),
    ("publish: {index: a.html, outputs: a.html}", 1, "would overwrite a.html"),
    ("publish: {subscriptions: feeds.yaml}", 1, "would overwrite feeds.yaml"),
    # files
    ("", 1, "The file is empty: write one with `aggregator init`"),
    ("# nothing\n", 1, "The file is empty"),
    ("include: [none.yaml]", 1, "names no file"),
]


@pytest.mark.parametrize(
    ("text", "line", "told"), MISTAKES, ids=[m[0][:70] or "empty" for m in MISTAKES]
)
def test_a_mistake_is_one_problem_with_its_line(
    write: Write, text: str, line: int, told: str
) -> None:
    found = problem(write(text))
    assert (found.line, Path(found.path).name) == (line, "feeds.yaml")
    assert told in found.sentence
    assert "\n" not in found.sentence


def test_ten_mistakes_are_told_at_once(write: Write) -> None:
    text = """\
databse: x
poll:
  max: tomorrow
  workers: 0
feeds:
  - url: htp://a.example/
  - {url: https://b.example/, pausd: true}
tags:
  a: {query: 'x AND'}
  b: {query: tag:aa}
outputs:
  - path: x.html
  - {path: y.rss, limit: -1}
"""
    assert [found.line for found in problems(write(text))] == [1, 3, 4, 6, 7, 9, 10, 12, 13]


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    found = problem(tmp_path / "feeds.yaml")
    assert found.sentence.endswith("does not exist: write one with `aggregator init`.")


def test_a_directory_is_no_configuration(tmp_path: Path) -> None:
    assert "is a directory" in problem(tmp_path).sentence


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_bytes("feeds: []\n# caf\xe9\n".encode("latin-1"))
    found = problem(tmp_path / "feeds.yaml")
    assert (found.line, "UTF-8" in found.sentence) == (2, True)


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A whole configuration with a few random slips of the keyboard."""
    text = WHOLE
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        typed = draw(st.sampled_from([*"[]{}:-#&*!|>'\"%@, \n\t~0é", ": ", "\n- ", "(", "NOT "]))
        text = text[:at] + typed + text[at + draw(st.integers(0, 6)) :]
    return text


@given(slips())
@settings(max_examples=60)
def test_whatever_is_mistyped_becomes_problems_with_a_line(text: str) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "feeds.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            load(path)
        except ConfigError as error:
            found = error.problems
        else:
            found = ()
    assert all(1 <= each.line <= text.count("\n") + 1 for each in found)
    assert all("\n" not in each.sentence for each in found)


# --- queries in YAML --------------------------------------------------------------------------


STYLES = [
    ("query: |\n      Mali\n      OR Niger and Chad\n", 5),
    ("query: >-\n      Mali\n\n      OR Niger and Chad\n", 6),
    ("query: Mali\n      OR Niger\n      and Chad\n", 5),
    ("query: 'Mali OR ''x''\n      OR Niger and Chad'\n", 4),
    ('query: "Mali OR \\"é\\" \\\n      OR Niger and Chad"\n', 4),
    ("any:\n    - Mali\n    - Niger and Chad\n", 5),
]


@pytest.mark.parametrize(("value", "line"), STYLES)
def test_a_mistake_in_a_query_points_at_its_line_and_word(
    write: Write, value: str, line: int
) -> None:
    found = problem(write(f"tags:\n  a:\n    {value}"))
    assert (found.line, caret(found)) == (line, "and")


def test_an_unknown_tag_is_pointed_at(write: Write) -> None:
    text = (
        "tags:\n  a:\n    query: |\n      x AND y\n      AND NOT tag:(a1 OR b)\n  b: {query: c}\n"
    )
    found = problem(write(text))
    assert (found.line, caret(found)) == (5, "a1")


@pytest.mark.parametrize(
    "query",
    [
        "query: Mali # the country",
        "query: Mali#1",
        "query: >\n      Mali # the country\n      OR Niger",
        "query: 'Mali # the country\n      OR Niger'",
    ],
)
def test_a_comment_outside_of_a_block_is_refused(write: Write, query: str) -> None:
    found = problem(write(f"tags:\n  a:\n    {query}\n"))
    assert "write it as a block" in found.sentence
    assert caret(found) == "#"


def test_a_comment_in_a_block_or_behind_a_quoted_query_is_one(write: Write) -> None:
    text = "tags:\n  a:\n    query: |  # header\n      Mali # country\n  b: {query: 'c # d'}  # e\n"
    rules = load(write(text)).rules
    assert [rule.query_text for rule in rules] == ["Mali", "c"]


# --- versions ---------------------------------------------------------------------------------


def versions(path: Path) -> dict[str, str]:
    return {rule.name: rule.version for rule in load(path).rules}


BASE = "feeds: [{url: 'https://a.example/', name: A, labels: [x]}]\ntags:\n"


def test_what_changes_nothing_leaves_the_version(write: Write) -> None:
    before = versions(write(BASE + "  a: {query: Mali OR Niger}\n"))
    rule = "{title: T, query: '(Mali) OR  Niger # c', examples: {match: [Mali]}}"
    assert versions(write(f"{BASE}  a: {rule}\n")) == before


@pytest.mark.parametrize(
    "other",
    [
        "{query: Mali}",
        "{query: Mali OR Niger, none: [x]}",
        "{query: Mali OR Niger, feeds: {label: x}}",
    ],
)
def test_what_changes_the_meaning_changes_the_version(write: Write, other: str) -> None:
    before = versions(write(BASE + "  a: {query: Mali OR Niger}\n"))
    assert versions(write(f"{BASE}  a: {other}\n")) != before


def test_a_tag_that_is_referred_to_is_part_of_the_version(write: Write) -> None:
    text = BASE + "  a: {query: tag:b}\n  b: {query: Mali}\n  c: {query: Chad}\n"
    before, after = versions(write(text)), versions(write(text.replace("Mali", "Niger")))
    assert before["a"] != after["a"]
    assert before["c"] == after["c"]


def test_feeds_are_part_of_the_version_of_rules_that_mention_them(write: Write) -> None:
    text = BASE + "  a: {query: 'label:x'}\n  b: {query: 'feed:A'}\n  c: {query: Chad}\n"
    before = versions(write(text))
    relabelled = versions(write(text.replace("[x]", "[y]")))
    renamed = versions(write(text.replace("name: A", "name: B")))
    assert [name for name in before if before[name] != relabelled[name]] == ["a"]
    assert [name for name in before if before[name] != renamed[name]] == ["b"]


def test_a_thousand_tags_in_a_chain_are_ordered(write: Write) -> None:
    chain = "".join(f"  t{n}: {{query: 'tag:t{n + 1}'}}\n" for n in range(1500))
    rules = load(write(f"tags:\n{chain}  t1500: {{query: x}}\n")).rules
    assert [rules[0].name, rules[-1].name] == ["t1500", "t0"]
