"""``aggregator evaluate``: the rules against what people say."""

import json
from pathlib import Path

import pytest

from aggregator.cli.labels import find_files, read_labels
from tests.cli.command import Said, Screen, command
from tests.cli.stocked import MATCH, TALKS, VISIT, configured, stocked


def told(path: Path, *arguments: object) -> Said:
    return command("--config", path, "evaluate", *arguments)


def labels(directory: Path, *items: object, name: str = "labels.jsonl") -> Path:
    path = directory / name
    lines = (item if isinstance(item, str) else json.dumps(item) for item in items)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


GOOD = {"id": "a", "title": "Drought in Mali", "language": "en", "tags": ["sahel"]}
WRONG = {"id": "b", "title": "Mali Street, Croydon", "language": "en", "tags": []}
LOST = {"id": "c", "title": "Malian troops", "language": "fr", "tags": ["sahel"]}


def test_figures_come_first_then_the_mistakes_with_their_reasons(tmp_path: Path) -> None:
    file = labels(tmp_path, GOOD, WRONG, LOST)
    said = told(configured(tmp_path), file)
    assert (said.status, said.errors) == (0, "")
    assert said.output == (
        "tag    judged  hold  precision     recall        F1\n"
        "sahel       3     2  0.50 .09–.91  0.50 .09–.91  0.50 .12–.88\n"
        "\n"
        "3 entries; behind each figure its interval of 95 %.\n"
        "\n"
        "sahel: wrongly given to 1 entry\n"
        "\n"
        "Mali Street, Croydon\n"
        f"{file}:2 · b · en\n"
        "title  «Mali» Street, Croydon\n"
        "\n"
        "sahel: not given to 1 entry\n"
        "\n"
        "Malian troops\n"
        f"{file}:3 · c · fr\n"
        "nearest  Mali\n"
        "why      “Mali” does not occur; “Malian” begins alike.\n"
        "title    «Malian» troops\n"
    )


def test_languages_are_told_apart_where_there_are_enough(tmp_path: Path) -> None:
    english = ({**GOOD, "id": f"e{number}"} for number in range(10))
    french = ({**GOOD, "id": f"f{number}", "language": "fr-CA"} for number in range(12))
    said = told(configured(tmp_path), labels(tmp_path, *english, *french, LOST))
    rows = [line.split()[:2] for line in said.output.split("\n\n")[2].splitlines()]
    assert rows == [["language", "judged"], ["sahel", "23"], ["·", "fr"], ["·", "en"]]


def test_a_narrow_terminal_shows_figures_without_intervals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = labels(tmp_path, GOOD, WRONG, LOST)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "50")
    said = command("--config", configured(tmp_path), "evaluate", file, to=Screen)
    assert said.output.splitlines()[:4] == [
        "tag    judged  hold  precision  recall  F1",
        "sahel       3     2  0.50       0.50    0.50",
        "",
        "3 entries; a wider terminal shows intervals of 95",
    ]


def test_an_answer_of_search_is_a_label_file(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, MATCH, VISIT)
    answer = command("--config", path, "search", "--format", "jsonl").output
    file = labels(tmp_path, *answer.splitlines())
    (tmp_path / "news.db").rename(tmp_path / "other.db")
    alone = json.loads(told(path, file, "--format", "json").output)
    (tmp_path / "other.db").rename(tmp_path / "news.db")
    found = json.loads(told(path, file, "--format", "json").output)
    assert found == alone
    assert {tag["name"]: tag["f1"]["value"] for tag in found["tags"]} == {"sahel": 1, "sport": 1}


def test_an_id_alone_names_a_stored_entry(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, VISIT)
    file = labels(tmp_path, {"id": TALKS.id[:6], "tags": ["sahel"]}, {"id": VISIT.id})
    (tag,) = json.loads(told(path, file, "--format", "json").output)["tags"]
    assert (tag["entries"], tag["true_positives"]) == (2, 1)


def test_only_what_was_judged_counts(tmp_path: Path) -> None:
    file = labels(tmp_path, {**GOOD, "judged": ["sahel"]}, {**WRONG, "judged": ["sport"]}, {**LOST})
    found = json.loads(told(configured(tmp_path), file, "--format", "json").output)["tags"]
    assert {tag["name"]: tag["entries"] for tag in found} == {"sahel": 2, "sport": 2}


def test_lines_without_judged_judge_what_their_own_file_names(tmp_path: Path) -> None:
    one = labels(tmp_path, GOOD, name="one.jsonl")
    labels(tmp_path, {"id": "x", "title": "Football", "tags": ["sport"]}, name="two.jsonl")
    said = told(configured(tmp_path), one, tmp_path / "t*.jsonl", "--format", "json")
    found = {tag["name"]: tag["entries"] for tag in json.loads(said.output)["tags"]}
    assert found == {"sahel": 1, "sport": 1}


def test_texts_are_read_as_those_of_feeds_are(tmp_path: Path) -> None:
    items = (
        {"id": "a", "content_html": "<p>The Sa&shy;hel</p>", "tags": ["sahel"]},
        {"id": "b", "title": "Cup", "categories": ["football"], "tags": ["sport"]},
        {
            "title": "Cup",
            "_aggregator": {"categories": [{"term": "x", "label": "football"}]},
            "tags": ["sport"],
        },
    )
    config = "feeds: []\ntags:\n  sahel: {query: Sahel}\n  sport: {query: 'category:football'}\n"
    said = told(configured(tmp_path, config), labels(tmp_path, *items), "--format", "json")
    tags = json.loads(said.output)["tags"]
    assert [(tag["name"], tag["true_positives"]) for tag in tags] == [("sahel", 1), ("sport", 2)]
    assert all(tag["f1"]["value"] == 1 for tag in tags)


def test_the_feeds_of_a_rule_are_ignored_on_texts(tmp_path: Path) -> None:
    tags = "  wire: {query: Rabat, feeds: {label: press}}\n  africa: {feeds: {label: africa}}\n"
    path = configured(tmp_path, f"feeds: []\ntags:\n{tags}")
    file = labels(tmp_path, {"title": "A visit to Rabat", "tags": ["wire", "africa"]})
    said = told(path, file, "--format", "json")
    (tag,) = json.loads(said.output)["tags"]
    assert (tag["name"], tag["true_positives"]) == ("wire", 1)
    assert said.errors.startswith("Not evaluated on texts")
    assert said.errors.endswith("give it: africa.\n")


def test_two_thirds_are_for_development_and_a_third_is_held_out(tmp_path: Path) -> None:
    file = labels(tmp_path, *({**GOOD, "id": str(number)} for number in range(300)))
    path = configured(tmp_path)
    counts = [
        json.loads(told(path, file, "--part", part, "--format", "json").output)["entries"]
        for part in ("all", "development", "held-out")
    ]
    assert counts[0] == 300 == counts[1] + counts[2]
    assert 80 < counts[2] < 120
    # int(sha256(b"2").hexdigest(), 16) % 3 == 0, and that of b"3" is not.
    parts = {label.id: label.part for label in read_labels([file], (), ["sahel"]).labels}
    assert (parts["2"], parts["3"]) == ("held-out", "development")


def test_an_f1_that_falls_short_fails_and_says_whose(tmp_path: Path) -> None:
    path, file = configured(tmp_path), labels(tmp_path, GOOD, WRONG)
    said = told(path, file, "--min-f1", "0.8", "--mistakes", "0")
    assert (said.status, said.errors) == (
        1,
        "aggregator: F1 falls short: sahel has 0.67, not 0.8.\n",
    )
    assert said.output.startswith("tag ")
    assert "Croydon" not in said.output
    assert told(path, file, "--min-f1", "0.8", "--min-f1", "sahel=0.6").status == 0
    assert told(path, file, "--min-f1", "sahel=0.9").status == 1


def test_a_tag_that_no_line_carries_has_no_f1(tmp_path: Path) -> None:
    path = configured(tmp_path)
    file = labels(tmp_path, {"title": "Oslo", "tags": [], "judged": ["sport"]})
    assert told(path, file, "--min-f1", "0.8").status == 0
    said = told(path, file, "--min-f1", "sport=0.8")
    assert (said.status, said.errors) == (
        1,
        "aggregator: F1 falls short: sport has none, since no line carries it.\n",
    )


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("--min-f1=sahl=0.8", "There is no tag 'sahl': did you mean sahel?"),
        ("--min-f1=sport=0.8", "no line of the labels judges that tag"),
        ("--min-f1=2", "neither a number from 0 to 1"),
        ("--min-f1=nan", "neither a number from 0 to 1"),
        ("--min-f1=much", "neither a number from 0 to 1"),
        ("--tag=sahl", "did you mean sahel?"),
        ("--tag=sport", "No line is left"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(tmp_path: Path, option: str, why: str) -> None:
    only = {"id": "a", "title": "Drought in Mali", "tags": ["sahel"]}
    said = told(configured(tmp_path), labels(tmp_path, only), option)
    assert said.status == 2
    assert why in said.errors


def test_all_lines_that_cannot_be_used_are_told_at_once(tmp_path: Path) -> None:
    bad = (
        ("{", "The line is not JSON: "),
        ("[]", "The line must be a JSON object"),
        ("[" * 100_000, "The line is nested too deeply."),
        ('{"title": 5}', "`title` must be a text."),
        ('{"tags": []}', "neither a title nor a text, and it has no id."),
        ('{"id": "eag-1"}', "the id 'eag-1' is none of ours."),
        ('{"title": "a", "tags": "sahel"}', "`tags` must be a list of tags' names."),
        ('{"title": "b", "tags": ["sahl"]}', "There is no tag 'sahl': did you mean sahel?"),
        ('{"title": "c", "tags": ["sport"], "judged": ["sahel"]}', "`judged` leaves out 'sport'"),
        ('{"title": "d", "judged": []}', "`judged` is empty"),
        ('{"id": "twice", "title": "e"}', ""),
        ('{"id": "twice", "title": "f"}', "The id 'twice' stands in "),
        ('{"id": "abcdefgh"}', "No entry 'abcdefgh' is stored: there is no database."),
        ("", ""),
    )
    file = labels(tmp_path, *(line for line, _ in bad))
    said = told(configured(tmp_path), file, tmp_path / "none*.jsonl", tmp_path)
    assert (said.status, said.output) == (2, "")
    for number, (_, why) in enumerate(bad, 1):
        lines = [line for line in said.errors.splitlines() if f"{file}:{number}: " in line]
        assert [why in line for line in lines] == ([True] if why else [])
    assert "none*.jsonl cannot be read: No such file" in said.errors
    assert f"{tmp_path} cannot be read: Is a directory." in said.errors


def test_an_id_that_is_not_stored_is_told_as_such(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, TALKS), labels(tmp_path, {"id": "abcdefgh"}))
    assert said.status == 2
    assert "labels.jsonl:1: No entry" in said.errors


def test_lines_that_are_no_utf_8_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_bytes(b'{"title": "Ca\xe9"}\n')
    assert "The line is not written in UTF-8." in told(configured(tmp_path), file).errors


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    one = labels(tmp_path, GOOD, name="one.jsonl")
    assert list(find_files([str(one), str(tmp_path / "*.jsonl")])) == [one]


def test_without_rules_nothing_can_be_evaluated(tmp_path: Path) -> None:
    said = told(tmp_path / "feeds.yaml", labels(tmp_path, GOOD))
    assert said.status == 2
    assert "aggregator init" in said.errors


def test_nothing_in_a_label_acts_on_the_terminal(tmp_path: Path) -> None:
    hostile = {"id": "\x1b[2J", "title": "Mali \x1b]0;owned\x07\u202e", "tags": []}
    said = told(configured(tmp_path), labels(tmp_path, GOOD, hostile))
    assert "«Mali»" in said.output
    assert not set(said.output) & {"\x1b", "\x07", "\u202e"}
