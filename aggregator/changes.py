"""Which entries of a document are new, and which are known under another face.

::

    its identity is known                                 it is that entry
    … but link, title, date and text are all others       the guid is re-used: a new generation
    its identity is unknown, and an entry that stood      the guid was re-issued: it is that entry,
    in the last document and is not otherwise in this     under its new identity
    one is an exact copy, or has the same title and
    date, or the same link
    else                                                  it is new

A link says which entry it is only where one entry alone has it, and not if it leads to the front
page: in a feed whose every link is the same page, none identifies anything.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from aggregator.identity import entry_id, told_apart
from aggregator.model.entries import Entry, KnownEntry
from aggregator.text import index_words
from aggregator.urls import names_a_page

ALIKE = 0.3
"""Texts that share less than this of their pairs of words are different texts."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a document means for what is stored; every entry carries its final id.

    ``changed`` are known entries that are to be stored anew: those whose ``content_hash`` is not
    the stored one (``revised`` are their ids; each makes a revision), those that an older
    version of `aggregator.normalise` has written, and those that only moved to another identity,
    under which the next poll must find them. ``present`` are the ids of all entries in the
    document.
    """

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    revised: frozenset[str]
    present: frozenset[str]


def compare(
    entries: tuple[Entry, ...], known: tuple[KnownEntry, ...], *, whole: bool = True
) -> Changes:
    """Decide about the entries of one document, no two of which share an identity.

    ``known`` are the feed's stored entries that stood in its last document, and those that share
    an identity, an id or a canonical link with one of ``entries``. Where the document is not
    the ``whole`` feed, nothing has left it, and no entry can be another's new face.
    """
    latest = {one.identity: one for one in sorted(known, key=lambda one: one.generation)}
    owners = {
        entry.identity: owner
        for entry in entries
        if (owner := latest.get(entry.identity)) and not _is_another(entry, owner)
    }
    if whole:
        owners |= _moves(entries, known, owners)
    ids = frozenset(one.id for one in known)
    final = {
        entry.identity: _known_as(entry, owner, latest.get(entry.identity))
        if (owner := owners.get(entry.identity))
        else _new(entry, latest.get(entry.identity), ids)
        for entry in entries
    }
    found = [(final[identity], owner) for identity, owner in owners.items()]
    revised = frozenset(one.id for one, owner in found if _is_revised(one, owner))
    moved = frozenset(
        one.id
        for one, owner in found
        if one.identity != owner.identity or one.normalised_by != owner.normalised_by
    )
    return Changes(
        new=tuple(one for one in final.values() if one.identity not in owners),
        changed=tuple(one for one in final.values() if one.id in revised | moved),
        revised=revised,
        present=frozenset(one.id for one in final.values()),
    )


def _is_revised(entry: Entry, owner: KnownEntry) -> bool:
    alike = entry.normalised_by == owner.normalised_by
    return alike and entry.content_hash != owner.content_hash


# --- ids ------------------------------------------------------------------------------------------


def _known_as(entry: Entry, owner: KnownEntry, latest: KnownEntry | None) -> Entry:
    """Give an entry the id of the one it is; behind others that had its identity before."""
    if entry.identity == owner.identity:
        return replace(entry, id=owner.id, generation=owner.generation)
    return replace(entry, id=owner.id, generation=_next_generation(latest))


def _new(entry: Entry, latest: KnownEntry | None, ids: frozenset[str]) -> Entry:
    generation = _next_generation(latest)
    named = entry.identity
    while (own_id := entry_id(entry.feed, named, generation)) in ids:
        # An entry that had this identity lives on under another and keeps the id that it made;
        # so may later ones that are not among ``ids``, but none that says the same.
        named = told_apart(named, entry.content_hash)
    return replace(entry, id=own_id, generation=generation)


def _next_generation(latest: KnownEntry | None) -> int:
    return latest.generation + 1 if latest else 0


# --- re-issued guids ------------------------------------------------------------------------------

_Trait = Callable[[Entry | KnownEntry], Hashable | None]
"""What two entries have in common if they are one; None where it says nothing."""


def _moves(
    entries: tuple[Entry, ...], known: tuple[KnownEntry, ...], owners: Mapping[str, KnownEntry]
) -> dict[str, KnownEntry]:
    """Return, by their new identity, the entries that were re-issued."""
    last = tuple(one for one in known if one.present)
    moves: dict[str, KnownEntry] = {}
    for trait in (_copy, _title_and_date, _own_link(entries, last)):
        settled = {**owners, **moves}
        kept = {one.id for one in settled.values()}
        strangers = [entry for entry in entries if entry.identity not in settled]
        lost = [one for one in last if one.id not in kept]
        moves |= _pairs(strangers, lost, trait)
    return moves


def _pairs(
    strangers: Iterable[Entry], lost: Iterable[KnownEntry], trait: _Trait
) -> dict[str, KnownEntry]:
    """Pair entries that share a trait, in order where several do."""
    waiting: defaultdict[Hashable, deque[KnownEntry]] = defaultdict(deque)
    for one in lost:
        waiting[trait(one)].append(one)
    waiting.pop(None, None)
    return {
        stranger.identity: waiting[shared].popleft()
        for stranger in strangers
        if waiting[shared := trait(stranger)]
    }


def _copy(entry: Entry | KnownEntry) -> Hashable | None:
    return entry.content_hash, entry.published and entry.published.at


def _title_and_date(entry: Entry | KnownEntry) -> Hashable | None:
    return (entry.title, entry.published.at) if entry.title and entry.published else None


def _own_link(entries: Iterable[Entry], last: Iterable[KnownEntry]) -> _Trait:
    """Return the trait of having a link that no other entry has, now or in the last document."""
    now = Counter(entry.canonical_link for entry in entries)
    before = Counter(one.canonical_link for one in last)

    def own_link(entry: Entry | KnownEntry) -> Hashable | None:
        link = entry.canonical_link
        alone = now[link] <= 1 and before[link] <= 1
        return link if link and alone and names_a_page(link) else None

    return own_link


# --- re-used guids --------------------------------------------------------------------------------


def _is_another(entry: Entry, owner: KnownEntry) -> bool:
    """Tell whether nothing but the identity speaks for one entry: what is absent says nothing."""
    return (
        _differ(entry.canonical_link, owner.canonical_link)
        and _differ(entry.title, owner.title)
        and _differ(entry.published and entry.published.at, owner.published and owner.published.at)
        and _alikeness(_said(entry), f"{owner.title}\n\n{owner.text}") < ALIKE
    )


def _differ(one: object, other: object) -> bool:
    return bool(one and other and one != other)


def _said(entry: Entry) -> str:
    return f"{entry.title}\n\n{entry.content or entry.summary}"


def _alikeness(one: str, other: str) -> float:
    """Return how much of their pairs of words two texts share, from 0 to 1 (Dice's coefficient).

    Pairs, because any two texts of one language share many words.
    """
    mine, yours = _pairs_of_words(one), _pairs_of_words(other)
    return 2 * len(mine & yours) / max(1, len(mine) + len(yours))


def _pairs_of_words(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(index_words(text).split(" ")))
