"""``explain``: why each tag is there, and why one is not."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import click
from rich.console import RenderableType
from rich.text import Text

from aggregator.app.store import utc_now
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.marking import by_field, excerpts, plain, shown_evidence
from aggregator.cli.names import known_name
from aggregator.cli.reasons import Explained, Given, Missed, explain
from aggregator.cli.shapes import Shape, shape_option, write_object
from aggregator.cli.sources import Origin, Refused, opened_preview, read_local
from aggregator.cli.stored import stored
from aggregator.config.settings import Config
from aggregator.model import Entry, Evidence, RawEntry, RawFeed, RawText, Source, TaggedEntry
from aggregator.normalise import normalise
from aggregator.output.jsonfeed import Json
from aggregator.output.publication import publications
from aggregator.parse.encoding import decode
from aggregator.parse.sniff import Other, sniff
from aggregator.tagging import Rule, tag
from aggregator.text import single_line, visible

_ENTRY_ID = re.compile(r"[a-z2-7]{4,16}", re.IGNORECASE)
_LONGEST_QUERY = 300


@click.command()
@click.argument("subject", metavar="ENTRY|FILE|-")
@click.argument("tag", required=False, metavar="[TAG]")
@shape_option
@click.pass_obj
def explain_command(context: Context, subject: str, tag: str | None, shape: Shape) -> None:
    """Say why each tag is there; with TAG, why it is there or why it is not.

    ENTRY is a stored entry's id, or the beginning of it. FILE, or - for stdin, is a feed, whose
    entries are tagged by today's rules; or a plain text, taken as one entry whose first line is
    its title. Write ./name for a file whose name could be an id.

    \b
    Examples:
      aggregator explain agnk
      aggregator explain agnk sahel
      echo 'Étoile du Sahel wins' | aggregator explain - sahel
    """
    found = _stored if _ENTRY_ID.fullmatch(subject) else _read
    explained = found(context, subject, tag)
    if shape == "json":
        write_object(explained_object(explained))
        return
    terminal.write_text(terminal.draw(page(explained), terminal.stdout()))


def _stored(context: Context, prefix: str, name: str | None) -> tuple[Explained, ...]:
    with stored(context) as opened:
        if name is not None:
            known_name(name, "tag", opened.tag_names())
        return (explain(opened.store.entry(prefix), opened.rules, name),)


def _read(context: Context, written: str, name: str | None) -> tuple[Explained, ...]:
    """Explain the entries of a document. Raises `ConfigError` without a configuration."""
    config = context.config()
    rules = config.rules_by_name()
    if name is not None:
        known_name(name, "tag", rules)
    return tuple(explain(entry, rules, name) for entry in _entries(written, config))


def _entries(written: str, config: Config) -> tuple[TaggedEntry, ...]:
    """Return the entries of a feed, or the one that a plain text makes. Raises `FeedError`."""
    source = Origin(written)
    document = read_local(source, utc_now)
    text = decode(document.body).text
    if isinstance(sniff(text), Other) and not text.lstrip().startswith("<"):
        return _of_text(text, source, config)
    with opened_preview(config, allow_private=False) as preview:
        found = preview.document(source, document)
    if isinstance(found, Refused):
        raise found.error
    return found.entries


def _of_text(text: str, origin: Origin, config: Config) -> tuple[TaggedEntry, ...]:
    title, _, body = text.strip().partition("\n")
    raw = RawEntry(title=RawText(title, "text"), content=RawText(body, "text"))
    feed = RawFeed("text", (raw,))
    _, entries = normalise(feed, key=origin.location, url=origin.location)
    source, now = Source(origin.location, origin.name), utc_now()
    subjects = (TaggedEntry(entry, source, now, now) for entry in entries)
    return tuple(replace(subject, tags=tag(subject, config.rules)) for subject in subjects)


# --- for people -----------------------------------------------------------------------------------


def page(explained: Sequence[Explained]) -> Iterator[RenderableType]:
    """Yield what people read: each entry with its tags, and why."""
    colour = terminal.stdout().colour
    for number, each in enumerate(explained):
        subject = each.subject
        (publication,) = publications([subject])
        if number:
            yield Text()
        yield _title(publication.title)
        yield Text(visible(f"{subject.entry.id} · {single_line(subject.source.name)}"), style="dim")
        for given in each.given:
            yield from _told_given(given, subject.entry, colour=colour)
        if each.missed:
            yield from _told_missed(each.missed, subject.entry, colour=colour)
        elif not each.given:
            yield Text("\nIt carries no tag.")


def _title(title: str) -> Text:
    return Text(visible(title), style="bold")


def _told_given(given: Given, entry: Entry, *, colour: bool) -> Iterator[RenderableType]:
    rule = given.rule
    yield _heading(given.tag.name, rule, "yes")
    rows = list(_places(given.tag.evidence, entry, colour=colour))
    if not rows:
        rows = [("because", Text("nothing that the rule excludes occurs, and its feeds fit"))]
    if rule is None:
        rows.append(("rule", Text("none in the configuration (any more)")))
    else:
        rows.append(("rule", Text(_place(rule))))
    if given.is_old:
        rows.append(("", Text("The rule was changed since it gave this tag.")))
    yield terminal.pairs(rows)


def _told_missed(missed: Missed, entry: Entry, *, colour: bool) -> Iterator[RenderableType]:
    rule = missed.rule
    yield _heading(missed.name, rule, "no")
    if rule is None:
        yield Text("The entry does not carry this tag, and its rule is not in the configuration.")
        return
    rows = [("rule", Text(_place(rule))), ("query", plain(_short(single_line(rule.query_text))))]
    for unmet in missed.unmet:
        rows.append(("not true", plain(_short(unmet.part))))
        rows += _places(unmet.excluded_by, entry, colour=colour)
    if not missed.unmet:
        rows.append(("", Text("Today's rule would give the tag: it is newer than these tags.")))
    yield terminal.pairs(rows)


def _heading(name: str, rule: Rule | None, answer: str) -> Text:
    title = f" ({rule.title})" if rule and rule.title.casefold() != name else ""
    return Text(f"\n{visible(name)}{visible(title)}: {answer}", style="bold")


def _place(rule: Rule) -> str:
    return visible(f"{rule.path}:{rule.line}, version {rule.version}")


def _places(
    evidence: Iterable[Evidence], entry: Entry, *, colour: bool
) -> Iterator[tuple[str, Text]]:
    """Yield where each piece of evidence stands, with what is around it."""
    for field, pieces in by_field(evidence).items():
        for text, spans in _texts(field, pieces, entry).items():
            for number, shown in enumerate(shown_evidence(text, spans, colour=colour)):
                yield field if not number else "", shown


def _texts(
    field: str, pieces: Iterable[Evidence], entry: Entry
) -> dict[str, list[tuple[int, int]]]:
    """Return the texts that evidence of one field stands in: ours, or values of the metadata."""
    ours = {"title": entry.title, "summary": entry.summary, "content": entry.content}
    texts: dict[str, list[tuple[int, int]]] = {}
    for piece in pieces:
        texts.setdefault(ours.get(field, piece.value), []).append((piece.start, piece.end))
    return texts


def _short(query: str) -> str:
    return query if len(query) <= _LONGEST_QUERY else f"{query[:_LONGEST_QUERY]}…"


# --- for programs ---------------------------------------------------------------------------------


def explained_object(explained: Iterable[Explained]) -> Json:
    """Return the object of ``explain --format json``."""
    return {"version": 1, "entries": [_entry_object(each) for each in explained]}


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
        "evidence": _evidence_objects(given.tag.evidence, entry),
    }


def _missed_object(missed: Missed, entry: Entry) -> Json:
    return {
        "name": missed.name,
        "rule": None if missed.rule is None else _rule_object(missed.rule),
        "unmet": [
            {"part": unmet.part, "excluded_by": _evidence_objects(unmet.excluded_by, entry)}
            for unmet in missed.unmet
        ],
    }


def _rule_object(rule: Rule) -> Json:
    return {
        "title": rule.title,
        "version": rule.version,
        "query": rule.query_text,
        "path": rule.path,
        "line": rule.line,
    }


def _evidence_objects(evidence: Iterable[Evidence], entry: Entry) -> list[Json]:
    return [
        {
            "field": piece.field,
            "start": piece.start,
            "end": piece.end,
            "value": piece.value,
            "excerpt": _excerpt(piece, entry),
        }
        for piece in evidence
    ]


def _excerpt(piece: Evidence, entry: Entry) -> str:
    ((text, spans),) = _texts(piece.field, [piece], entry).items()
    return next((around for around, _ in excerpts(text, spans)), piece.value)
