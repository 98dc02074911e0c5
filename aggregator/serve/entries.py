"""One entry in full: its texts with what made its tags match, why, its past, and where it stood."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise

from markupsafe import Markup
from starlette.requests import Request

from aggregator.config.settings import Config
from aggregator.differences import Piece, changes
from aggregator.html.media import linked_media
from aggregator.model.entries import TaggedEntry
from aggregator.output.publication import publications
from aggregator.publishing import tag_titles
from aggregator.query.fields import summary_counts
from aggregator.serve.images import Images
from aggregator.serve.marking import marked_excerpts
from aggregator.serve.noting import noted_markup, noted_text, notes
from aggregator.serve.site import Page
from aggregator.serve.whys import why_not, whys
from aggregator.store.base import Revision, Store
from aggregator.urls import fetchable


@dataclass(frozen=True, slots=True)
class Text:
    """A text of an entry as markup; ``excerpts`` are the evidence that has no place in it."""

    field: str
    html: Markup
    excerpts: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What became of an entry at an instant (UTC), field by field."""

    at: datetime
    changes: tuple[tuple[str, tuple[Piece, ...]], ...]


Shows = Callable[[str], Markup]
"""Makes sanitised markup ready to be shown: with pictures, or links to them."""


def entry(images: Images, request: Request, store: Store, config: Config, _now: datetime) -> Page:
    """Show the entry that the address names; ``why`` is a tag that it does not carry."""
    (published,) = publications([store.entry(request.path_params["id"])])
    subject, titles, rules = published.tagged, tag_titles(config), config.rules_by_name()
    carried = {tag.name for tag in subject.tags}
    asked = request.query_params.get("why", "")
    values: dict[str, object] = {
        "published": published,
        "subject": subject.entry,
        "source": subject.source,
        "link": _link(subject),
        "title": _title(subject, titles) or published.title,
        "texts": tuple(_texts(subject, titles, _shows(images, request, config))),
        "whys": tuple(whys(subject, rules)),
        "others": {name: title for name, title in titles.items() if name not in carried},
        "asked": asked,
        "why_not": why_not(subject, rules, asked),
        "past": tuple(_past(subject, store.revisions(subject.entry.id))),
        "sightings": tuple(_sightings(subject, store)),
        "titles": titles,
    }
    return Page("entry.html", values)


def _link(subject: TaggedEntry) -> str | None:
    link = subject.entry.link or ""
    return link if fetchable(link) else None


def _title(subject: TaggedEntry, titles: dict[str, str]) -> Markup:
    return noted_text(subject.entry.title, notes(subject, "title", titles))


def _shows(images: Images, request: Request, config: Config) -> Shows:
    root = request.scope.get("root_path", "")
    is_proxied = config.serve is not None and config.serve.proxy_images
    shown_at = partial(images.address, root) if is_proxied else None
    return lambda html: Markup(linked_media(html, shown_at))


def _texts(subject: TaggedEntry, titles: dict[str, str], shows: Shows) -> Iterator[Text]:
    """Yield the summary, where it says what the content does not, and the content."""
    entry = subject.entry
    if summary_counts(entry):
        yield from _text(subject, "summary", entry.summary_html, entry.summary, titles, shows)
    yield from _text(subject, "content", entry.content_html, entry.content, titles, shows)


def _text(
    subject: TaggedEntry, field: str, html: str, text: str, titles: dict[str, str], shows: Shows
) -> Iterator[Text]:
    if not html:
        return
    noted = noted_markup(html, text, notes(subject, field, titles))
    if noted is not None:
        yield Text(field, shows(noted))
        return
    evidence = [each for tag in subject.tags for each in tag.evidence if each.field == field]
    yield Text(field, shows(html), tuple(marked_excerpts(subject.entry, evidence)))


def _past(subject: TaggedEntry, revisions: tuple[Revision, ...]) -> Iterator[Past]:
    """Yield what became of an entry, the latest first."""
    states = [subject.entry, *(revision.entry for revision in revisions)]
    for revision, (after, before) in zip(revisions, pairwise(states), strict=True):
        yield Past(revision.replaced_at, tuple(changes(before, after)))


def _sightings(subject: TaggedEntry, store: Store) -> Iterator[TaggedEntry]:
    """Yield where the page of an entry was seen, first seen first; nothing if in one feed alone."""
    twins = store.twins(subject.entry.id) if subject.duplicated else ()
    if twins:
        yield from sorted((subject, *twins), key=lambda seen: (seen.first_seen_at, seen.entry.id))
