"""From the store to the outputs: what a query finds, as the documents that others read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import __version__
from aggregator.config.settings import Config, OutputSettings
from aggregator.errors import NoSuchEntryError
from aggregator.model.entries import TaggedEntry
from aggregator.output.channel import Channel, Tombstone, channel_id
from aggregator.output.publication import publications, without_copies
from aggregator.output.publish import write_published
from aggregator.output.render import render
from aggregator.output.shelves import Shelved, archive_path, archive_url, links, shelve
from aggregator.store.base import Search, Store
from aggregator.store.outputs import Placed


@dataclass(frozen=True, slots=True)
class Published:
    """An output that was written; ``changed`` says whether its bytes are new."""

    output: OutputSettings
    entries: int
    changed: bool


def channel_of(config: Config, output: OutputSettings) -> Channel:
    """Return what an output says of itself."""
    return Channel(
        id=channel_id(output.name, output.url),
        title=output.title,
        self_url=output.url,
        tag_titles=tag_titles(config),
        version=__version__,
        hub=output.hub,
        evidence=output.evidence,
    )


def tag_titles(config: Config) -> dict[str, str]:
    """Return what people call the tags, by name."""
    return {rule.name: rule.title for rule in config.rules}


def publish(store: Store, config: Config, output: OutputSettings, now: datetime) -> Published:
    """Write an output's files whose bytes changed. Raises `StoreError` and `PublishError`."""
    channel, files = channel_of(config, output), _Files(output, gzip=config.publish.gzip)
    if output.archive or output.tombstones:
        return _publish_remembering(store, channel, files, now)
    entries = store.search(Search(now=now, query=output.query, limit=output.limit))
    return files.write(channel, without_copies(entries))


@dataclass(frozen=True, slots=True)
class _Files:
    """Where an output's documents are written, and how."""

    output: OutputSettings
    gzip: bool

    def write(self, channel: Channel, entries: Sequence[TaggedEntry]) -> Published:
        """Write the feed itself."""
        document = render(self.output.format, channel, entries)
        changed = write_published(self.output.path, document, gzip=self.gzip)
        return Published(self.output, len(entries), changed)

    def write_archive(
        self, channel: Channel, page: int, last: int, entries: Sequence[TaggedEntry]
    ) -> None:
        """Write an archive, when that of the number ``last`` is the last that is closed."""
        url, suffix = self.output.url or "", self.output.path.suffix
        channel = replace(
            channel,
            self_url=archive_url(url, suffix, page),
            links=tuple(links(url, suffix, last, page)),
            is_archive=True,
            hub=None,
        )
        document = render(self.output.format, channel, entries)
        write_published(archive_path(self.output.path, page), document, gzip=self.gzip)


# --- outputs that know what they have published --------------------------------------------------


def _publish_remembering(store: Store, channel: Channel, files: _Files, now: datetime) -> Published:
    """Write archives first, then remember them, then the feed that leads to them.

    Whatever interrupts this, it goes on from there: an archive that nobody knows of yet is
    written anew.
    """
    output = files.output
    placed = {each.entry: each for each in store.placed(output.name)}
    ids = {each.entry: each.public_id for each in placed.values()}
    found = without_copies(store.search(_search(output, now)), ids)
    last = max((each.shelved for each in placed.values()), default=0)
    shelved = shelve(found, output.limit, last) if output.archive else Shelved(found, {})
    named = {one.tagged.entry.id: one.id for one in publications(found, ids)}
    channel = replace(channel, ids=ids | named)

    pages = {entry.entry.id: page for page, all in shelved.archives.items() for entry in all}
    current = {
        id: Placed(id, public, pages.get(id), former=_former(placed.get(id)))
        for id, public in named.items()
    }
    current |= _gone(store, output, placed, now)
    shelves = _missing(store, output, placed.values()) | shelved.archives
    last += len(shelved.archives)
    for page, entries in shelves.items():
        files.write_archive(channel, page, last, entries)
    changed = [each for id, each in current.items() if placed.get(id) != each]
    if changed:
        store.keep_placed(output.name, changed)

    channel = replace(
        channel,
        links=tuple(_links(output, last)),
        tombstones=_tombstones(output, (placed | current).values()),
    )
    return files.write(channel, shelved.current)


def _former(before: Placed | None) -> int | None:
    """Return the archive that an entry was in: what is found again was gone from it."""
    return before.shelved or None if before else None


def _search(output: OutputSettings, now: datetime) -> Search:
    if not output.archive:
        return Search(now, output.query, limit=output.limit)
    return Search(now, output.query, beside=output.name)


def _gone(
    store: Store, output: OutputSettings, placed: Mapping[str, Placed], now: datetime
) -> dict[str, Placed]:
    """Return what is no longer published; since when, it keeps."""
    if not output.tombstones:
        return {}
    ceased = store.ceased(output.name, output.query, now)
    return {id: replace(placed[id], gone_at=placed[id].gone_at or now) for id in ceased}


def _missing(
    store: Store, output: OutputSettings, placed: Iterable[Placed]
) -> dict[int, tuple[TaggedEntry, ...]]:
    """Return the archives whose files somebody has removed, as far as their entries are kept."""
    ids = defaultdict[int, list[str]](list)
    for each in placed:
        if each.page:
            ids[each.page].append(each.entry)
    lost = [page for page in ids if not archive_path(output.path, page).exists()]
    return {page: tuple(_kept(store, ids[page])) for page in lost}


def _kept(store: Store, ids: Sequence[str]) -> list[TaggedEntry]:
    found = []
    for id in ids:
        try:
            found.append(store.entry(id))
        except NoSuchEntryError:
            continue
    return sorted(found, key=lambda each: (each.arrived_at, each.entry.id), reverse=True)


def _links(output: OutputSettings, last: int) -> list[tuple[str, str]]:
    return links(output.url, output.path.suffix, last) if output.archive and output.url else []


def _tombstones(output: OutputSettings, placed: Iterable[Placed]) -> tuple[Tombstone, ...]:
    """Return the latest that are gone, no more of them than entries."""
    if not output.tombstones:
        return ()
    gone = [Tombstone(each.public_id, each.gone_at) for each in placed if each.gone_at]
    return tuple(sorted(gone, key=lambda one: (one.at, one.id), reverse=True)[: output.limit])
