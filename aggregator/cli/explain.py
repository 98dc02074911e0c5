"""``explain``: why each tag is there, and why one is not."""

import re
from dataclasses import replace

import click

from aggregator.app.polling import World
from aggregator.app.store import utc_now
from aggregator.asking.names import known_name
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.explained import explained_object, page
from aggregator.cli.shapes import Shape, shape_option, write_object
from aggregator.cli.sources import Origin, Refused, opened_preview, read_local
from aggregator.cli.stored import stored
from aggregator.config.settings import Config
from aggregator.model.entries import Source, TaggedEntry
from aggregator.model.fetching import Document
from aggregator.model.raw import RawEntry, RawFeed, RawText
from aggregator.normalise import normalise
from aggregator.parse.encoding import decode
from aggregator.parse.sniff import Other, sniff
from aggregator.reasons import Explained, explain
from aggregator.tagger import Tagger
from aggregator.urls import fetchable

ENTRY_ID = re.compile(r"[a-z2-7]{4,16}", re.IGNORECASE)
"""An entry's id, or the beginning of one."""


@click.command()
@click.argument("subject", metavar="ENTRY|FILE|URL|-")
@click.argument("tag", required=False, metavar="[TAG]")
@click.option("--allow-private", is_flag=True, help="Also fetch from private addresses.")
@shape_option
@click.pass_obj
def explain_command(
    context: Context, subject: str, tag: str | None, allow_private: bool, shape: Shape
) -> None:
    """Say why each tag is there; with TAG, why it is there or why it is not.

    ENTRY is a stored entry's id, or the beginning of it. FILE, URL, or - for stdin, is a feed,
    whose entries are tagged by today's rules; but for a URL it may be a plain text, taken as one
    entry whose first line is its title. Write ./name for a file whose name could be an id.
    Nothing is stored.

    \b
    Examples:
      aggregator explain agnk
      aggregator explain agnk sahel
      aggregator explain https://www.example.org/rss sahel
      echo 'Étoile du Sahel wins' | aggregator explain - sahel
    """
    if ENTRY_ID.fullmatch(subject):
        explained = _stored(context, subject, tag)
    else:
        explained = _read(context, subject, tag, allow_private=allow_private)
    if shape == "json":
        write_object(explained_object(explained))
        return
    terminal.write_text(terminal.draw(page(explained), terminal.stdout()))


def _stored(context: Context, prefix: str, name: str | None) -> tuple[Explained, ...]:
    with stored(context) as opened:
        if name is not None:
            known_name(name, "tag", opened.tag_names())
        return (explain(opened.store.entry(prefix), opened.rules, name),)


def _read(
    context: Context, written: str, name: str | None, *, allow_private: bool
) -> tuple[Explained, ...]:
    """Explain the entries of a document. Raises `ConfigError` without a configuration."""
    config = context.config()
    rules = config.rules_by_name()
    if name is not None:
        known_name(name, "tag", rules)
    source = Origin(written)
    if fetchable(written):
        entries = _of_feed(source, None, config, context.world, allow_private=allow_private)
    else:
        entries = _of_document(source, config, context.world)
    return tuple(explain(entry, rules, name) for entry in entries)


def _of_document(source: Origin, config: Config, world: World | None) -> tuple[TaggedEntry, ...]:
    """Return the entries of a feed, or the one that a plain text makes. Raises `FeedError`."""
    document = read_local(source, utc_now)
    text = decode(document.body).text
    if isinstance(sniff(text), Other) and not text.lstrip().startswith("<"):
        return _of_text(text, source, config)
    return _of_feed(source, document, config, world, allow_private=False)


def _of_feed(
    source: Origin,
    document: Document | None,
    config: Config,
    world: World | None,
    *,
    allow_private: bool,
) -> tuple[TaggedEntry, ...]:
    """Return the entries of a feed, which is fetched if it is not there yet."""
    with opened_preview(config, 1, allow_private=allow_private, world=world) as preview:
        found = preview.document(source, document) if document else preview.one(source)
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
    tagger = Tagger(config.rules)
    return tuple(replace(subject, tags=tagger.tag(subject)) for subject in subjects)
