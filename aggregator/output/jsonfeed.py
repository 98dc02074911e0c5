"""JSON Feed 1.1 (jsonfeed.org/version/1.1): a document, or one item a line."""

import json
import re
from collections.abc import Sequence

from aggregator.dates import rfc3339
from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Entry, Evidence, Source, TaggedEntry
from aggregator.output.addresses import file_type
from aggregator.output.channel import GENERATOR, Channel
from aggregator.output.characters import whole
from aggregator.output.details import details
from aggregator.output.publication import (
    Publication,
    credit,
    language,
    person_name,
    publications,
    size_bytes,
    source_name,
    source_url,
    updated_at,
)

_VERSION = "https://jsonfeed.org/version/1.1"
_TO_ESCAPE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]")

Json = dict[str, object]


def render(channel: Channel, entries: Sequence[TaggedEntry]) -> bytes:
    """Return a document, indented; the same entries give the same bytes."""
    return encode(_document(channel, entries), indent=2)


def render_line(channel: Channel, entries: Sequence[TaggedEntry]) -> bytes:
    """Return a document on one line."""
    return encode(_document(channel, entries))


def render_items(entries: Sequence[TaggedEntry]) -> bytes:
    """Return items alone, each on one line; nothing for no entries."""
    return b"".join(encode(_item(publication)) for publication in publications(entries))


def _document(channel: Channel, entries: Sequence[TaggedEntry]) -> Json:
    published = publications(entries, channel.ids)
    earlier = [url for relation, url in channel.links if relation == "prev-archive"]
    known: Json = {
        "home_page_url": channel.site_url,
        "feed_url": channel.self_url,
        "next_url": earlier[0] if earlier else None,
        "description": channel.description or None,
        "icon": channel.image,
        "favicon": channel.icon,
        "authors": [_author(one) for one in channel.authors if person_name(one)] or None,
        "language": channel.language,
        "hubs": [{"type": "WebSub", "url": channel.hub}] if channel.hub else None,
    }
    return {
        "version": _VERSION,
        "title": channel.title,
        **_without_gaps(known),
        "_aggregator": {
            "id": channel.id,
            "generator": f"{GENERATOR} {channel.version}".strip(),
            "updated": rfc3339(updated_at(published)) if published else None,
        },
        "items": [_item(publication) for publication in published],
    }


def _item(publication: Publication) -> Json:
    """Return an item: what is unknown is left out, under ``_aggregator`` it is null."""
    tagged, entry = publication.tagged, publication.tagged.entry
    date, modified_at = publication.date, publication.modified_at
    known: Json = {
        "url": entry.link,
        "title": entry.title or None,
        "content_html": _content_html(entry),
        "content_text": _content_text(publication),
        "summary": entry.summary or None,
        "external_url": entry.details.external_link,
        "image": entry.image,
        "banner_image": entry.details.banner,
        "date_published": rfc3339(date.at) if date else None,
        "date_modified": rfc3339(modified_at) if modified_at else None,
        "authors": [_author(person) for person in entry.authors if person_name(person)] or None,
        "tags": [tag.name for tag in tagged.tags] or None,
        "language": language(entry),
        "attachments": [_attachment(enclosure) for enclosure in entry.enclosures] or None,
    }
    return {
        "id": publication.id,
        **_without_gaps(known),
        "_aggregator": {
            "id": entry.id,
            "guid": entry.guid,
            "first_seen": rfc3339(tagged.first_seen_at),
            "withdrawn": rfc3339(tagged.retracted_at) if tagged.retracted_at else None,
            "date_source": date.element if date else None,
            "date_raw": date.raw if date else entry.unread_date,
            "date_read_as": date.read_as if date else None,
            "date_sure": date.sure if date else None,
            "sources": [_source(tagged.source)],
            "categories": [
                {"term": category.term, "scheme": category.scheme, "label": category.label}
                for category in entry.categories
            ],
            **details(entry.details),
            "evidence": {tag.name: [_span(span) for span in tag.evidence] for tag in tagged.tags},
        },
    }


def _content_html(entry: Entry) -> str | None:
    stand_in = "" if entry.content else entry.summary_html
    return entry.content_html or stand_in or None


def _content_text(publication: Publication) -> str:
    """Return the text that evidence counts in; an item must have content, so others stand in."""
    entry = publication.tagged.entry
    return entry.content or entry.summary or publication.title


def _author(person: Person) -> Json:
    address = person.url or (f"mailto:{person.email}" if "@" in person.email else None)
    # JSON Feed has room for one address.
    besides = {"email": person.email} if person.url and person.email else None
    return _without_gaps(
        {
            "name": person_name(person),
            "url": address,
            "avatar": person.avatar or None,
            "_aggregator": besides,
        }
    )


def _attachment(enclosure: Enclosure) -> Json:
    return _without_gaps(
        {
            "url": enclosure.url,
            "mime_type": file_type(enclosure.media_type, enclosure.url),
            "title": enclosure.title,
            "size_in_bytes": size_bytes(enclosure),
            "duration_in_seconds": enclosure.duration_seconds,
        }
    )


def _source(source: Source) -> Json:
    return {
        "name": source_name(source),
        "title": credit(source),
        "url": source_url(source),
        "link": source.link,
        "labels": list(source.labels),
    }


def _span(evidence: Evidence) -> Json:
    return {
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "value": evidence.value,
    }


def _without_gaps(known: Json) -> Json:
    return {key: value for key, value in known.items() if value is not None}


def encode(value: Json, indent: int | None = None) -> bytes:
    """Return JSON in UTF-8 with a line end.

    Beside what JSON demands, escapes what a terminal would obey and what some programs take
    for the end of a line (U+0085, U+2028): the values stay the same.
    """
    text = whole(json.dumps(value, ensure_ascii=False, indent=indent))
    escaped = _TO_ESCAPE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"{escaped}\n".encode()
