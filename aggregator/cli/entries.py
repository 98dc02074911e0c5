"""``search`` and ``show``: what is stored, as a list and one by one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import wraps
from typing import Literal

import click
from rich.console import RenderableType
from rich.text import Text

from aggregator.app.store import utc_now
from aggregator.asking.feeds import find_feeds, stored_feeds
from aggregator.asking.names import known_name
from aggregator.asking.stored import Stored
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.listing import (
    Listing,
    Period,
    channel_for,
    limit_option,
    listing_options,
    period_options,
    write_entries,
)
from aggregator.cli.marking import marked, plain
from aggregator.cli.revisions import told_revisions
from aggregator.cli.stored import stored
from aggregator.cli.terminal import Terminal
from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Dated, Entry, Evidence, TaggedEntry
from aggregator.output.jsonfeed import render_items
from aggregator.publishing import tag_titles
from aggregator.query.fields import summary_counts
from aggregator.query.nodes import And, Field, Node, Or, Phrase, Value
from aggregator.query.syntax import parse
from aggregator.store.base import Search, Sort
from aggregator.wording import local

USUAL_LIMIT = 50

# --- search ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What entries must have: they match the query, carry all the tags, have one of each other."""

    query: str | None = None
    tags: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def asking_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add QUERY, --tag, --feed and --lang, given to the command as ``asked``."""

    @click.argument("query", required=False)
    @click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only what carries this tag.")
    @click.option(
        "--feed",
        "feeds",
        multiple=True,
        metavar="FEED",
        help="Only from this feed: its name, its URL or a part of either.",
    )
    @click.option(
        "--lang", "languages", multiple=True, metavar="CODE", help="Only in this language, like fr."
    )
    @wraps(command)
    def asking(
        *args: object,
        query: str | None,
        tags: tuple[str, ...],
        feeds: tuple[str, ...],
        languages: tuple[str, ...],
        **others: object,
    ) -> None:
        command(*args, asked=Asked(query, tags, feeds, languages), **others)

    return asking


@click.command()
@asking_options
@period_options
@limit_option(USUAL_LIMIT)
@click.option(
    "--sort",
    type=click.Choice(("newest", "relevance")),
    default="newest",
    show_default=True,
    help="The order.",
)
@listing_options
@click.pass_obj
def search_command(
    context: Context,
    asked: Asked,
    period: Period,
    limit: int | None,
    sort: Sort,
    listing: Listing,
) -> None:
    """List the stored entries that match QUERY; without it the newest.

    Several --tag must all be there; of several --feed or --lang one is enough.

    \b
    Examples:
      aggregator search '"security cooperation" AND (Mali OR Niger)' --since 7d
      aggregator search --tag sahel --lang fr --format jsonl --limit 0
    """
    now = utc_now()
    since, until = period.bounds(now)
    with stored(context) as opened:
        node = _all(tuple(_conditions(asked, opened)))
        one_more = None if limit is None else limit + 1
        found = opened.store.search(Search(now, node, since, until, one_more, sort))
    shown = found[:limit]
    channel = channel_for(f"Search: {asked.query or 'everything'}", opened.config)
    write_entries(listing, channel, shown)
    if not found:
        terminal.say("No entry matches." if node or since or until else "No entries are stored.")
    if len(shown) < len(found):
        terminal.say(f"There are more than these {limit:,}: --limit 0 shows all.")


def _all(nodes: tuple[Node, ...]) -> Node | None:
    """Return what says that all of them hold; None if there is none."""
    return And(nodes) if len(nodes) > 1 else next(iter(nodes), None)


def _conditions(asked: Asked, opened: Stored) -> Iterator[Node]:
    """Yield what must hold.

    Raises `QueryError` for what cannot be read, `UsageError` for unknown names.
    """
    if asked.query is not None:
        yield opened.read(asked.query)
    if asked.tags:
        known = opened.tag_names()
        for name in asked.tags:
            yield Field("tag", Value(known_name(name, "tag", known)))
    if asked.feeds:
        feeds = stored_feeds(opened.store.feeds())
        yield _one(Field("feed", Phrase(feed.key)) for feed in find_feeds(asked.feeds, feeds))
    if asked.languages:
        yield _one(parse(f"lang:{code}") for code in asked.languages)


def _one(nodes: Iterable[Node]) -> Node:
    """Return what says that one of them holds; there is one at least."""
    operands = tuple(nodes)
    return Or(operands) if len(operands) > 1 else operands[0]


# --- show -----------------------------------------------------------------------------------------


@click.command()
@click.argument("entry")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="json is one item of a JSON Feed.",
)
@click.option("--utc", is_flag=True, help="Show times in UTC.")
@click.pass_obj
def show_command(context: Context, entry: str, form: Literal["table", "json"], utc: bool) -> None:
    """Show one entry in full: times, links, tags and where they came from, texts, revisions.

    ENTRY is an id, or the first four characters of it or more. What made a tag match is marked
    in the texts.

    \b
    Example:
      aggregator show agnk
    """
    with stored(context) as opened:
        subject = opened.store.entry(entry)
        revisions = opened.store.revisions(subject.entry.id)
        titles = tag_titles(opened.config) if opened.config else {}
    if form == "json":
        terminal.write(render_items([subject]))
        return
    shown, zone = terminal.stdout(), terminal.zone(utc=utc)
    parts = (
        *_page(subject, titles, shown, zone),
        *told_revisions(subject.entry, revisions, shown, zone),
    )
    terminal.write_text(terminal.draw(parts, shown))


def _page(
    subject: TaggedEntry, titles: dict[str, str], shown: Terminal, zone: tzinfo
) -> Iterator[RenderableType]:
    entry = subject.entry
    evidence = [span for tag in subject.tags for span in tag.evidence]
    yield _text(entry.title or "(no title)", "title", evidence, shown, style="bold")
    yield Text()
    yield terminal.pairs(
        (label, plain(value)) for label, value in _facts(subject, titles, zone) if value
    )
    texts = {"summary": entry.summary if summary_counts(entry) else "", "content": entry.content}
    for field, text in texts.items():
        if text:
            yield Text(f"\n{field.upper()}", style="dim")
            yield _text(text, field, evidence, shown)


def _text(
    text: str, field: str, evidence: Iterable[Evidence], shown: Terminal, style: str = ""
) -> Text:
    spans = [(span.start, span.end) for span in evidence if span.field == field]
    return marked(text, spans, colour=shown.colour, style=style)


def _facts(subject: TaggedEntry, titles: dict[str, str], zone: tzinfo) -> Iterator[tuple[str, str]]:
    entry, source = subject.entry, subject.source
    yield "id", entry.id
    yield "feed", _beside(source.name, source.key)
    yield "labels", ", ".join(source.labels)
    yield "link", entry.link or ""
    yield "guid", "" if entry.guid == entry.link else entry.guid or ""
    yield "times in", str(zone)
    yield "published", _dated(entry.published, zone) or _undated(entry)
    yield "updated", _dated(entry.updated, zone)
    yield "first seen", local(subject.first_seen_at, zone)
    if subject.arrived_at != subject.first_seen_at:
        yield "sorted as", local(subject.arrived_at, zone)
    if subject.revised_at:
        yield "revised", local(subject.revised_at, zone)
    if subject.retracted_at:
        yield "withdrawn", f"by its publisher, {local(subject.retracted_at, zone)}: not found"
    yield "language", entry.language or "unknown"
    yield "authors", ", ".join(map(_person, entry.authors))
    yield "categories", ", ".join(category.term for category in entry.categories)
    yield "files", "\n".join(map(_file, entry.enclosures))
    yield "image", entry.image or ""
    yield "tags", ", ".join(_beside(tag.name, titles.get(tag.name, "")) for tag in subject.tags)


def _beside(name: str, more: str) -> str:
    return f"{name} ({more})" if more and more.casefold() != name.casefold() else name


def _dated(date: Dated | None, zone: tzinfo) -> str:
    """Return a publisher's date and how it was read."""
    if date is None:
        return ""
    doubt = "" if date.sure else ", which may be meant otherwise"
    return f"{local(date.at, zone)} (read as {date.read_as} from {date.raw!r}{doubt})"


def _undated(entry: Entry) -> str:
    return f"unknown: {entry.unread_date!r} is no date" if entry.unread_date else "not said"


def _person(person: Person) -> str:
    return " ".join(filter(None, (person.name, person.email, person.url)))


def _file(file: Enclosure) -> str:
    size = "" if file.length_bytes is None else f"{file.length_bytes:,} bytes"
    about = ", ".join(filter(None, (file.media_type, size)))
    return f"{file.url} ({about})" if about else file.url
