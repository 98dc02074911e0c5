"""The fields that a query may ask about: what each compares, and what each is suggested for."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from aggregator.model.entries import Entry

Kind = Literal["text", "words", "value", "date"]
"""What is asked: words of the entry's own text; words of one metadata value; equality; a day."""


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A field's name, kind, and one sentence on what it holds."""

    name: str
    kind: Kind
    sentence: str


HAS = ("enclosure", "image", "content", "author", "date", "duplicate")
"""What may stand after ``has:``; a duplicate is another feed's entry with the same link."""

FIELDS: dict[str, FieldKind] = {
    field.name: field
    for field in (
        FieldKind("text", "text", "title and body; what is searched without a field"),
        FieldKind("title", "text", "the title"),
        FieldKind("summary", "text", "the summary"),
        FieldKind("content", "text", "the content"),
        FieldKind("lead", "text", "the title and the first 60 words of the body"),
        FieldKind("author", "words", "words of one author's name"),
        FieldKind("category", "words", "words of one of the publisher's categories"),
        FieldKind("feed", "words", "words of the feed's name, or its whole URL"),
        FieldKind("tag", "value", "a tag of ours, by its name"),
        FieldKind("label", "value", "a label of the feed"),
        FieldKind("site", "value", "the host of the entry's link, or a parent domain of it"),
        FieldKind("url", "value", "a part of the entry's link"),
        FieldKind("lang", "value", "the language: pt covers pt-BR, und is the unknown"),
        FieldKind("id", "value", "the beginning of the entry's id"),
        FieldKind("has", "value", f"what the entry has: {', '.join(HAS)}"),
        FieldKind("published", "date", "the publisher's date"),
        FieldKind("seen", "date", "when we first saw it"),
    )
}

DEFAULT = "text"
"""The field of a term that names none."""

LEAD_WORDS = 60

_OTHER_NAMES = {
    **dict.fromkeys(("language", "locale"), "lang"),
    **dict.fromkeys(("intitle", "headline", "heading", "subject"), "title"),
    **dict.fromkeys(("body", "intext", "all", "any"), "text"),
    **dict.fromkeys(("description", "abstract"), "summary"),
    **dict.fromkeys(("host", "domain", "hostname"), "site"),
    **dict.fromkeys(("link", "inurl", "href"), "url"),
    **dict.fromkeys(("date", "pubdate", "day", "since", "before", "after"), "published"),
    **dict.fromkeys(("first_seen", "arrived", "added", "fetched"), "seen"),
    **dict.fromkeys(("source", "publisher", "subscription"), "feed"),
    **dict.fromkeys(("by", "creator", "writer"), "author"),
    **dict.fromkeys(("topic", "keyword", "section"), "category"),
    **dict.fromkeys(("folder", "group"), "label"),
    **dict.fromkeys(("is", "with"), "has"),
}


_LONGEST_NAME = 20


def suggest(name: str) -> str | None:
    """Return the field that somebody who wrote ``name`` most likely means."""
    plain = name[:_LONGEST_NAME].casefold()
    if plain in FIELDS:
        return plain
    if plain in _OTHER_NAMES:
        return _OTHER_NAMES[plain]
    close = get_close_matches(plain, [*FIELDS, *_OTHER_NAMES], n=1, cutoff=0.7)
    return _OTHER_NAMES.get(close[0], close[0]) if close else None


# --- what an entry holds for a field, decided once for both interpreters --------------------------


def summary_counts(entry: Entry) -> bool:
    """Tell whether the summary belongs to the text: it says something that the content does not."""
    return not (entry.summary_repeats and entry.content)


def counted(entry: Entry, field: Literal["summary", "content"]) -> str:
    """Return the text that is compared: as long as the entry's own, boilerplate made line ends."""
    text = entry.summary if field == "summary" else entry.content
    for part in entry.boilerplate:
        if part.field == field:
            nothing = "\n" * (part.end - part.start)
            text = text[: part.start] + nothing + text[part.end :]
    return text


def body(entry: Entry) -> tuple[Literal["content", "summary"], str]:
    """Return the name and text of the body: the content, or the summary where there is none."""
    return ("content", entry.content) if entry.content else ("summary", entry.summary)


def author_values(entry: Entry) -> tuple[str, ...]:
    """Return the values that ``author:`` looks in: the names."""
    return tuple(author.name for author in entry.authors if author.name)


def category_values(entry: Entry) -> tuple[str, ...]:
    """Return the values that ``category:`` looks in: every term and every label."""
    values = (value for each in entry.categories for value in (each.term, each.label) if value)
    return tuple(dict.fromkeys(values))


def ascii_lower(text: str) -> str:
    """Return ``text`` with A-Z in lower case and all else as it is, as SQLite's ``lower`` does."""
    return text.translate(_ASCII_LOWER)


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
