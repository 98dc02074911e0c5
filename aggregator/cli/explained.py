"""Explanations as people read them, and as programs do."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from aggregator.cli import terminal
from aggregator.cli.marking import plain
from aggregator.cli.places import evidence_objects, places
from aggregator.model.entries import Entry, TaggedEntry
from aggregator.output.jsonfeed import Json
from aggregator.output.publication import publications
from aggregator.query.printing import show
from aggregator.reasons import Explained, Given, Missed, Scored, Unmet
from aggregator.tagging import Clause, Rule, Weighed
from aggregator.text import single_line, visible
from aggregator.wording import counted

_LONGEST_QUERY = 300
_LONGEST_TITLE = 300
"""A heading is no place for the first line of a text that has but one, 100,000 characters long."""
_MOST_FAILED = 5
"""Clauses of a score that do not hold and are shown: of more it is said how many there are."""

Row = tuple[str, Text]


def page(explained: Sequence[Explained]) -> Iterator[RenderableType]:
    """Yield what people read: each entry with its tags, and why."""
    colour = terminal.stdout().colour
    for number, each in enumerate(explained):
        if number:
            yield Text()
        yield from heading(each.subject)
        for given in each.given:
            yield from _told_given(given, each.subject.entry, colour=colour)
        if each.missed:
            yield from _told_missed(each.missed, each.subject.entry, colour=colour)
        elif not each.given:
            yield Text("\nIt carries no tag.")


def heading(subject: TaggedEntry) -> Iterator[Text]:
    """Yield an entry's title, and below it which entry that is."""
    (publication,) = publications([subject])
    yield Text(visible(_cut(publication.title, _LONGEST_TITLE)), style="bold")
    yield Text(visible(f"{subject.entry.id} · {single_line(subject.source.name)}"), style="dim")


def unmet_rows(unmet: Unmet, entry: Entry, *, colour: bool) -> Iterator[Row]:
    """Yield what a part that does not hold is missed by, with the words that come nearest."""
    if unmet.nearest not in (unmet.part, unmet.part.removeprefix("feeds: ")):
        yield "nearest", plain(_short(unmet.nearest))
    yield "why", plain(unmet.sentence)
    yield from places(unmet.evidence, entry, colour=colour)


def given_rows(given: Given, entry: Entry, *, colour: bool) -> Iterator[Row]:
    """Yield what made a rule give its tag: the tag that implies it, or words; and the score."""
    rows = [("implied by", plain(name)) for name in given.implied_by]
    rows += () if rows else places(given.tag.evidence, entry, colour=colour)
    yield from rows
    if not rows:
        yield "because", Text("nothing that the rule excludes occurs, and its feeds fit")
    if given.scored:
        yield from _score_rows(given.scored)


def _told_given(given: Given, entry: Entry, *, colour: bool) -> Iterator[RenderableType]:
    rule = given.rule
    yield _tag_heading(given.tag.name, rule, "yes")
    rows = list(given_rows(given, entry, colour=colour))
    if rule is None:
        rows.append(("rule", Text("none in the configuration (any more)")))
    else:
        rows.append(("rule", Text(_place(rule))))
    if given.is_old:
        rows.append(("", Text("The rule was changed since it gave this tag.")))
        rows.append(("", _remedy(given.tag.name)))
    yield terminal.pairs(rows)


def _remedy(name: str) -> Text:
    return Text(f"`aggregator retag {visible(name)}` applies it to what is stored.")


def _told_missed(missed: Missed, entry: Entry, *, colour: bool) -> Iterator[RenderableType]:
    rule = missed.rule
    yield _tag_heading(missed.name, rule, "no")
    if rule is None:
        yield Text("The entry does not carry this tag, and its rule is not in the configuration.")
        return
    rows = [("rule", Text(_place(rule)))]
    if rule.query_text:
        rows.append(("query", plain(_short(single_line(rule.query_text)))))
    if missed.scored:
        rows += _score_rows(missed.scored)
    for unmet in missed.unmet:
        if not (rule.query_text and rule.query and unmet.part == show(rule.query)):
            rows.append(("not true", plain(_short(unmet.part))))
        rows += unmet_rows(unmet, entry, colour=colour)
    if rule.implied_by and rule.queries():
        names = visible(" or ".join(rule.implied_by))
        rows.append(("or else", Text(f"{names} implies it, which the entry does not carry")))
    if not missed.unmet:
        rows.append(("", Text("Today's rule would give the tag: it is newer than these tags.")))
        rows.append(("", _remedy(missed.name)))
    yield terminal.pairs(rows)


def _score_rows(scored: Scored) -> Iterator[Row]:
    """Yield the sum, every clause with what it adds, and few of those that would add something."""
    yield "score", Text(f"{scored.total:g}, and {scored.score.threshold:g} are asked for")
    clauses = list(_clauses(scored))
    failed = sum(1 for _, weighed in clauses if weighed is None)
    for clause, weighed in clauses:
        query = _short(single_line(clause.query_text))
        if weighed is not None:
            times = f" ({counted(weighed.times, 'hit')})" if clause.per_hit else ""
            yield "", plain(f"{weighed.points:+g}  {query}{times}")
        elif failed <= _MOST_FAILED:
            yield "", plain(f"({clause.weight:+g})  {query}: does not hold")
    if failed > _MOST_FAILED:
        yield "", Text(f"{failed} more clauses do not hold")


def _clauses(scored: Scored) -> Iterator[tuple[Clause, Weighed | None]]:
    held = list(scored.weighed)
    for clause in scored.score.clauses:
        yield clause, held.pop(0) if held and held[0].clause is clause else None


def _tag_heading(name: str, rule: Rule | None, answer: str) -> Text:
    title = f" ({rule.title})" if rule and rule.title.casefold() != name else ""
    return Text(f"\n{visible(name)}{visible(title)}: {answer}", style="bold")


def _place(rule: Rule) -> str:
    return visible(f"{rule.path}:{rule.line}, version {rule.version}")


def _short(query: str) -> str:
    return _cut(query, _LONGEST_QUERY)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


# --- for programs ---------------------------------------------------------------------------------


def explained_object(explained: Iterable[Explained]) -> Json:
    """Return the object of ``explain --format json``."""
    return {"version": 1, "entries": [_entry_object(each) for each in explained]}


def unmet_object(unmet: Unmet, entry: Entry) -> Json:
    """Return a part that does not hold, and by how little."""
    return {
        "part": unmet.part,
        "excluded_by": evidence_objects(unmet.excluded_by, entry),
        "nearest": {
            "part": unmet.nearest,
            "kind": unmet.kind,
            "sentence": unmet.sentence,
            "evidence": evidence_objects(unmet.evidence, entry),
        },
    }


def _entry_object(each: Explained) -> Json:
    entry, missed = each.subject.entry, each.missed
    return {
        "id": entry.id,
        "title": entry.title or None,
        "feed": each.subject.source.name,
        "link": entry.link,
        "tags": [_given_object(given, entry) for given in each.given],
        "missed": None if missed is None else _missed_object(missed, entry),
    }


def _given_object(given: Given, entry: Entry) -> Json:
    return {
        "name": given.tag.name,
        "version": given.tag.rule_version,
        "rule": None if given.rule is None else _rule_object(given.rule),
        "implied_by": list(given.implied_by),
        "score": None if given.scored is None else _score_object(given.scored),
        "evidence": evidence_objects(given.tag.evidence, entry),
    }


def _missed_object(missed: Missed, entry: Entry) -> Json:
    return {
        "name": missed.name,
        "rule": None if missed.rule is None else _rule_object(missed.rule),
        "score": None if missed.scored is None else _score_object(missed.scored),
        "unmet": [unmet_object(unmet, entry) for unmet in missed.unmet],
    }


def _score_object(scored: Scored) -> Json:
    return {
        "sum": scored.total,
        "threshold": scored.score.threshold,
        "clauses": [
            {
                "when": clause.query_text,
                "weight": clause.weight,
                "times": weighed.times if weighed else 0,
                "points": weighed.points if weighed else 0,
            }
            for clause, weighed in _clauses(scored)
        ],
    }


def _rule_object(rule: Rule) -> Json:
    return {
        "title": rule.title,
        "code": rule.code,
        "version": rule.version,
        "query": rule.query_text,
        "path": rule.path,
        "line": rule.line,
    }
