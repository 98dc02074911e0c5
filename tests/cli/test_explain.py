"""What ``aggregator explain`` gives as reasons."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.reasons import explain
from tests.builders import entry, source, tag, tagged
from tests.cli.command import Said, command
from tests.cli.newsroom import feed, rss
from tests.cli.stocked import CONFIG, HOSTILE, MATCH, TALKS, VISIT, configured, stocked
from tests.publisher import Publisher


def told(path: Path, *arguments: object) -> Said:
    return command("--config", path, "explain", *arguments)


def typed(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


# --- stored entries -------------------------------------------------------------------------------


def test_each_tag_is_explained_by_what_was_found(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS)
    said = told(path, TALKS.id[:4])
    version = load(path).rules[0].version
    assert (said.status, said.errors) == (0, "")
    assert said.output == (
        "Talks resume in Bamako\n"
        f"{TALKS.id} · Example News\n"
        "\n"
        "sahel (The Sahel): yes\n"
        "title    Talks resume in «Bamako»\n"
        "content  Delegates from «Mali» met on Monday.…\n"
        "         …The «Sahel» needs peace, they said in «Bamako».\n"
        f"rule     {path}:7, version {version}\n"
    )


def test_one_tag_alone_can_be_asked_for(tmp_path: Path) -> None:
    both = entry("Football in Mali")
    said = told(stocked(tmp_path, both), both.id, "sport")
    assert "sport: yes" in said.output
    assert "sahel" not in said.output


def test_a_tag_that_is_not_there_is_explained_by_what_excludes_it(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, MATCH), MATCH.id, "sahel")
    assert said.status == 0
    lines = said.output.splitlines()
    assert lines[3] == "sahel (The Sahel): no"
    assert lines[5:] == [
        'query     (Sahel OR Mali OR Bamako) AND NOT "Étoile du Sahel"',
        'not true  NOT "Étoile du Sahel"',
        "why       It excludes “Étoile du Sahel”.",
        "title     «Étoile du Sahel» win in Tunis",
    ]


def test_the_feeds_of_a_rule_are_a_reason_as_well(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, VISIT), VISIT.id, "wire-only")
    assert said.output.splitlines()[-2:] == [
        "not true  feeds: label:press",
        "why       Its labels are “africa” and “wire”.",
    ]


def test_an_entry_without_tags_is_said_to_have_none(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, VISIT), VISIT.id)
    assert said.output.endswith("\nIt carries no tag.\n")


def test_a_rule_that_was_changed_since_is_told_apart(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, VISIT)
    path.write_text(CONFIG.replace("Sahel OR Mali", "Rabat OR Sahel OR Mali"), encoding="utf-8")
    assert "The rule was changed since it gave this tag." in told(path, TALKS.id).output
    assert "Today's rule would give the tag" in told(path, VISIT.id, "sahel").output


def test_without_a_configuration_the_evidence_is_there_all_the_same(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, VISIT)
    path.unlink()
    asked = ("--config", path, "--database", tmp_path / "news.db", "explain")
    said = command(*asked, TALKS.id)
    assert "«Mali»" in said.output
    assert "none in the configuration" in said.output
    said = command(*asked, VISIT.id, "sahel")
    assert "its rule is not in the configuration" in said.output


def test_an_unknown_tag_is_a_usage_error(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS)
    said = told(path, TALKS.id, "sahl")
    assert (said.status, said.output) == (2, "")
    assert said.errors == "aggregator: There is no tag 'sahl': did you mean sahel?\n"


def test_nothing_in_an_entry_acts_on_the_terminal(tmp_path: Path) -> None:
    hostile = replace(HOSTILE, content="\x1b[2J Mali \x1b[31m\u202e")
    said = told(stocked(tmp_path, hostile), hostile.id)
    assert "«Mali»" in said.output
    assert not set(said.output) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_json_says_the_same(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, MATCH)
    (found,) = json.loads(told(path, TALKS.id, "--format", "json").output)["entries"]
    (given,) = found["tags"]
    assert (found["id"], found["missed"], given["name"]) == (TALKS.id, None, "sahel")
    assert given["rule"]["version"] == given["version"]
    assert given["evidence"][0] == {
        **{"field": "title", "start": 16, "end": 22, "value": "Bamako"},
        "excerpt": "Talks resume in Bamako",
    }
    (found,) = json.loads(told(path, MATCH.id, "sahel", "--format", "json").output)["entries"]
    (unmet,) = found["missed"]["unmet"]
    assert unmet["part"] == 'NOT "Étoile du Sahel"'
    assert unmet["excluded_by"][0]["value"] == "Étoile du Sahel"
    assert unmet["nearest"]["kind"] == "excluded"


# --- documents ------------------------------------------------------------------------------------


def test_every_entry_of_a_feed_is_explained_without_a_database(tmp_path: Path) -> None:
    path = configured(tmp_path)
    document = tmp_path / "feed.xml"
    document.write_bytes(rss("Wire", "Drought in Mali", "A visit to Oslo"))
    said = told(path, document)
    assert said.status == 0
    assert "Drought in «Mali»" in said.output
    assert said.output.endswith("\nIt carries no tag.\n")
    assert not (tmp_path / "news.db").exists()


def test_a_text_is_an_entry_whose_first_line_is_the_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("Étoile du Sahel win\n\nThey came from Mali.\n".encode(), monkeypatch)
    said = told(configured(tmp_path), "-", "sahel", "--format", "json")
    (found,) = json.loads(said.output)["entries"]
    assert (found["title"], found["feed"]) == ("Étoile du Sahel win", "standard input")
    assert [unmet["part"] for unmet in found["missed"]["unmet"]] == ['NOT "Étoile du Sahel"']


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><body>News</body></html>", "is a web page"),
        (b"<sitemap/>", "is not a feed"),
        (b'{"a": 1}', "feed"),
        (b"", "is empty"),
    ],
)
def test_what_is_neither_feed_nor_text_is_refused(tmp_path: Path, body: bytes, why: str) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(body)
    said = told(configured(tmp_path), path)
    assert (said.status, said.output) == (1, "")
    assert why in said.errors


def test_a_first_line_without_end_is_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "one-line.txt"
    path.write_text("Mali " * 10_000, encoding="utf-8")
    heading = told(configured(tmp_path), path, "sahel").output.partition("\n")[0]
    assert heading.endswith("…")
    assert len(heading) <= 301


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    said = told(configured(tmp_path), tmp_path / "none.xml")
    assert (said.status, said.output) == (1, "")
    assert "none.xml cannot be read: No such file" in said.errors


def test_a_document_cannot_be_explained_without_rules(tmp_path: Path) -> None:
    said = told(tmp_path / "feeds.yaml", "-")
    assert said.status == 2
    assert "aggregator init" in said.errors


# --- reasons as values ----------------------------------------------------------------------------


def test_every_operand_that_does_not_hold_is_named(tmp_path: Path) -> None:
    query = "Mali AND Niger AND (Rabat OR Oslo) AND NOT lang:fr"
    path = configured(tmp_path, f"feeds: []\ntags:\n  one:\n    query: |\n      {query}\n")
    rules = {rule.name: rule for rule in load(path).rules}
    missed = explain(tagged(entry("Mali", summary="", language="fr")), rules, "one").missed
    assert missed is not None
    assert [unmet.part for unmet in missed.unmet] == ["Niger", "Rabat OR Oslo", "NOT lang:fr"]
    assert [len(unmet.excluded_by) for unmet in missed.unmet] == [0, 0, 1]


def test_a_rule_may_miss_for_the_want_of_another_tag(tmp_path: Path) -> None:
    rules = "  one: {query: Mali}\n  two: {query: 'tag:one AND Rabat'}\n"
    path = configured(tmp_path, f"feeds: []\ntags:\n{rules}")
    known = {rule.name: rule for rule in load(path).rules}
    for title, unmet in (("Mali", ("Rabat",)), ("Rabat", ("tag:one",))):
        # Tags that the entry carries from earlier rules do not count: today's are asked.
        subject = tagged(entry(title, summary=""), source=source(), tags=(tag("three"),))
        missed = explain(subject, known, "two").missed
        assert missed is not None
        assert tuple(each.part for each in missed.unmet) == unmet


# --- the nearest miss, scores, implications -------------------------------------------------------

RICH = """\
database: news.db
feeds: [{url: https://news.example/feed.xml, name: Example News, labels: [africa]}]
terms:
  states: [Tchad, Niger EXCEPT (Niger Delta OR Niger State)]
tags:
  sahel:
    query: |
      $states OR Sahel
  crisis:
    score:
      - {when: coup, weight: 3}
      - {when: "title:curfew", weight: 2, per_hit: true, max: 2}
      - {when: tag:sport, weight: -4}
    threshold: 4
  sport: {query: football}
  africa: {feeds: {label: asia}}
  wire: {query: Reuters, implies: [africa]}
"""


def explained(directory: Path, text: bytes, *asked: str) -> str:
    file = directory / "text.txt"
    file.write_bytes(text)
    return told(configured(directory, RICH), file, *asked).output.split("\n\n", 1)[1]


def test_the_nearest_miss_is_named_and_marked_and_no_list_is_printed(tmp_path: Path) -> None:
    said = explained(tmp_path, b"Oil spill in the Niger Delta", "sahel")
    assert said.splitlines()[2:] == [
        "query    $states OR Sahel",
        'nearest  Niger EXCEPT ("Niger Delta" OR "Niger State")',
        "why      “Niger” matched, but only inside “Niger Delta”.",
        "title    Oil spill in the «Niger Delta»",
    ]
    said = explained(tmp_path, b"A visit to Oslo", "sahel")
    assert said.splitlines()[-1] == "why    None of its 5 terms occurs."


def test_a_score_that_is_too_low_is_told_clause_by_clause(tmp_path: Path) -> None:
    said = explained(tmp_path, b"A coup\n\nFootball is off.", "crisis")
    assert said.splitlines()[2:] == [
        "score     -1, and 4 are asked for",
        "          +3  coup",
        "          (+2)  title:curfew: does not hold",
        "          -4  tag:sport",
        "not true  score",
        "why       The clauses that hold come to -1, not 4.",
    ]


def test_of_many_clauses_that_do_not_hold_the_number_is_told(tmp_path: Path) -> None:
    clauses = ", ".join(f"{{when: word{number}, weight: 1}}" for number in range(6))
    rules = f"tags: {{crisis: {{score: [{{when: coup, weight: 3}}, {clauses}], threshold: 2}}}}\n"
    file = tmp_path / "text.txt"
    file.write_bytes(b"A coup")
    said = told(configured(tmp_path, rules), file, "crisis").output
    assert [line.strip() for line in said.splitlines() if "coup" not in line][-3:-1] == [
        "score  3, and 2 are asked for",
        "6 more clauses do not hold",
    ]


def test_a_tag_by_score_shows_its_clauses(tmp_path: Path) -> None:
    said = explained(tmp_path, b"Curfew after curfew, and a coup", "crisis")
    assert said.splitlines()[:5] == [
        "crisis: yes",
        "title  «Curfew» after «curfew», and a «coup»",
        "score  7, and 4 are asked for",
        "       +3  coup",
        "       +4  title:curfew (2 hits)",
    ]


def test_a_tag_that_another_implies_says_by_which(tmp_path: Path) -> None:
    said = explained(tmp_path, b"Reuters", "africa")
    assert said.splitlines()[:2] == ["africa: yes", "implied by  wire"]
    said = explained(tmp_path, b"Oslo", "africa")
    assert "why       It has no label." in said
    assert said.splitlines()[-1] == "or else   wire implies it, which the entry does not carry"


# --- addresses ------------------------------------------------------------------------------------


def test_the_feed_at_an_address_is_fetched_once_through_the_guard(tmp_path: Path) -> None:
    with Publisher() as publisher:
        publisher.serve("/rss", feed("Wire", "Drought in Mali"))
        refused = told(configured(tmp_path), publisher.url("/rss"))
        assert (refused.status, refused.output, publisher.seen()) == (1, "", ())
        said = told(configured(tmp_path), publisher.url("/rss"), "sahel", "--allow-private")
        assert (said.status, len(publisher.seen())) == (0, 1)
    assert "Drought in «Mali»" in said.output
    assert not (tmp_path / "news.db").exists()


def test_programs_are_told_the_code_of_a_tag_in_an_outside_scheme(tmp_path: Path) -> None:
    rules = 'tags: {crisis: {query: coup, code: "medtop:20000053"}}\n'
    file = tmp_path / "text.txt"
    file.write_bytes(b"A coup")
    said = told(configured(tmp_path, rules), file, "--format", "json").output
    (entry,) = json.loads(said)["entries"]
    assert entry["tags"][0]["rule"]["code"] == "medtop:20000053"
