"""What Atom and RSS have no element for, in the namespaces that both share.

::

    media:thumbnail, media:content     Media RSS 1.5: pictures, and what a link cannot say of files
    georss:point, georss:featureName   where it happened
    thr:in-reply-to                    RFC 4685 §3
    slash:comments                     how many comments
    podcast:season, podcast:episode, podcast:person, podcast:transcript, podcast:chapters
    evidence (of EVIDENCE)             why one of our tags is there; docs/outputs.md
"""

from collections.abc import Collection
from decimal import Decimal

from lxml import etree

from aggregator.model.details import Details, Enclosure, Episode, Person, Place, Transcript
from aggregator.model.entries import Entry, TaggedEntry
from aggregator.output.addresses import is_absolute_id, media_type, uri
from aggregator.output.characters import without_markup
from aggregator.output.publication import person_name, size_bytes
from aggregator.output.xml import MEDIA, add, qualified

EVIDENCE = "urn:aggregator:evidence"
"""The namespace of evidence: ours."""

GEORSS = "http://www.georss.org/georss"
PODCAST = "https://podcastindex.org/namespace/1.0"
SLASH = "http://purl.org/rss/1.0/modules/slash/"
THREADS = "http://purl.org/syndication/thread/1.0"

NAMESPACES = {
    "media": MEDIA,
    "georss": GEORSS,
    "thr": THREADS,
    "slash": SLASH,
    "podcast": PODCAST,
    "evidence": EVIDENCE,
}


def add_modules(parent: etree._Element, entry: Entry, linked: Collection[Enclosure]) -> None:
    """Add what an entry says in modules; of files that are ``linked`` only what a link cannot."""
    told = entry.details
    if image := uri(entry.image):
        add(parent, qualified(MEDIA, "thumbnail"), url=image)
    for file in entry.enclosures:
        if file not in linked or _says_more(file):
            _add_file(parent, file)
    _add_places(parent, told.places)
    for reply in told.in_reply_to:
        page, guid = uri(reply.url), reply.guid
        if own := guid if guid and is_absolute_id(guid) else page or uri(guid):
            add(parent, qualified(THREADS, "in-reply-to"), ref=own, href=page)
    if told.comments and told.comments.count is not None:
        add(parent, qualified(SLASH, "comments"), str(told.comments.count))
    _add_podcast(parent, told)


def add_evidence(parent: etree._Element, tagged: TaggedEntry) -> None:
    """Add each span that made one of our tags be there."""
    for tag in tagged.tags:
        for span in tag.evidence:
            add(
                parent,
                qualified(EVIDENCE, "evidence"),
                span.value,
                tag=tag.name,
                field=span.field,
                start=str(span.start),
                end=str(span.end),
            )


def has_part(person: Person) -> bool:
    """Say whether a contributor is told as a part of a show, with a role."""
    return bool(person.role.strip() and person_name(person))


def _says_more(file: Enclosure) -> bool:
    """Say whether something is known of a file that a link has no room for."""
    return any((file.title, file.duration_seconds, file.medium, file.width, file.height))


def _add_file(parent: etree._Element, file: Enclosure) -> None:
    address = uri(file.url)
    if address is None:
        return
    content = add(
        parent,
        qualified(MEDIA, "content"),
        url=address,
        type=media_type(file.media_type),
        medium=file.medium,
        fileSize=_above_zero(size_bytes(file)),
        duration=_above_zero(file.duration_seconds),
        width=_above_zero(file.width),
        height=_above_zero(file.height),
    )
    if file.title and (title := without_markup(file.title)):
        add(content, qualified(MEDIA, "title"), title)


def _add_places(parent: etree._Element, places: tuple[Place, ...]) -> None:
    """Add points, and their name where all have the same: nothing says which point is named."""
    for place in places:
        point = f"{_decimal(place.latitude)} {_decimal(place.longitude)}"
        add(parent, qualified(GEORSS, "point"), point)
    names = {place.name for place in places}
    if len(names) == 1 and (name := names.pop()):
        add(parent, qualified(GEORSS, "featureName"), name)


def _add_podcast(parent: etree._Element, told: Details) -> None:
    if told.episode:
        _add_episode(parent, told.episode)
    for person in filter(has_part, told.contributors):
        add(
            parent,
            qualified(PODCAST, "person"),
            person_name(person),
            role=person.role,
            img=uri(person.avatar),
            href=uri(person.url),
        )
    for transcript in told.transcripts:
        _add_transcript(parent, transcript)
    if chapters := uri(told.chapters):
        kind = "application/json+chapters"
        add(parent, qualified(PODCAST, "chapters"), url=chapters, type=kind)


def _add_episode(parent: etree._Element, episode: Episode) -> None:
    if episode.season is not None:
        name = episode.season_name or None
        add(parent, qualified(PODCAST, "season"), str(episode.season), name=name)
    if episode.number is not None:
        number = _decimal(episode.number).removesuffix(".0")
        add(parent, qualified(PODCAST, "episode"), number, display=episode.label or None)


def _add_transcript(parent: etree._Element, transcript: Transcript) -> None:
    if address := uri(transcript.url):
        add(
            parent,
            qualified(PODCAST, "transcript"),
            url=address,
            type=media_type(transcript.media_type),
            language=transcript.language,
            rel="captions" if transcript.captions else None,
        )


def _above_zero(number: int | None) -> str | None:
    return str(number) if number is not None and number > 0 else None


def _decimal(number: float) -> str:
    """Return a number without an exponent, every digit kept."""
    return format(Decimal(repr(number)), "f")
