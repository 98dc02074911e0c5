"""What an entry of RSS or Atom says beside its texts → `Details`."""

from collections.abc import Iterator

from aggregator.model.details import Comments, Details, Origin, Person, Reply
from aggregator.parse import media, podcasts
from aggregator.parse.asides import Element
from aggregator.parse.dictionaries import Found, dictionaries, dictionary, string
from aggregator.parse.places import places
from aggregator.parse.texts import HTML_TYPES


def details(found: Found, within: Element) -> Details:
    """Return the details of the entry that feedparser ``found``, with its asides ``within``."""
    named = (
        Person(string(one, "name") or "", string(one, "email") or "", string(one, "href") or "")
        for one in dictionaries(found, "contributors")
    )
    people = (*named, *media.credited(within), *podcasts.people(within))
    return Details(
        contributors=tuple(one for one in people if one != Person()),
        comments=_comments(found),
        in_reply_to=tuple(_replies(within)),
        origin=_origin(found),
        places=places(within),
        episode=podcasts.episode(within),
        transcripts=tuple(podcasts.transcripts(within)),
        chapters=podcasts.chapters(within),
        rights=string(found, "rights") or "",
        license=_related(found, "license") or media.license_page(within),
        external_link=_related(found, "related") or _related(found, "via"),
    )


def _comments(found: Found) -> Comments | None:
    """Read RSS's comments, slash, wfw, and Atom's links to replies (RFC 4685 §4)."""
    replies = [one for one in dictionaries(found, "links") if string(one, "rel") == "replies"]
    pages = [one for one in replies if string(one, "declared") in HTML_TYPES]
    feeds = [one for one in replies if one not in pages]
    counts = (
        *(string(found, name) for name in ("slash_comments", "thr_total")),
        *(string(one, "thr:count") for one in replies),
    )
    counted = (media.number(one) for one in counts)
    written = (string(found, "comments"), *(string(one, "href") for one in pages))
    read = Comments(
        next((page for page in written if page and " " not in page), None),  # else words
        string(found, "wfw_commentrss") or next((string(one, "href") for one in feeds), None),
        next((one for one in counted if one is not None), None),
    )
    return None if read == Comments() else read


def _replies(within: Element) -> Iterator[Reply]:
    for one in within.all("thr:in-reply-to"):
        reply = Reply(one.attribute("ref"), one.attribute("href"))
        if reply != Reply():
            yield reply


def _origin(found: Found) -> Origin | None:
    """Read atom:source (RFC 4287 §4.2.11) and RSS's source, whose url is the feed's."""
    source = dictionary(found, "source")
    own = (one for one in dictionaries(source, "links") if string(one, "rel") == "self")
    read = Origin(
        string(source, "title") or "",
        string(source, "href") or next((string(one, "href") for one in own), None),
        string(source, "link"),
        string(source, "id"),
    )
    return None if read == Origin() else read


def _related(found: Found, relation: str) -> str | None:
    links = (one for one in dictionaries(found, "links") if string(one, "rel") == relation)
    return next((string(one, "href") for one in links), None)
