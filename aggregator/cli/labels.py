"""Label files → labels: lines of JSON that say which tags an entry should carry.

A line is an item of a JSON Feed, as ``search --format jsonl`` writes it: ``tags`` are those that
hold, ``judged`` those that somebody looked at; ``_aggregator.id`` or ``id`` names a stored entry,
or ``title``, ``summary``, ``content_text`` … are its texts.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob
from hashlib import sha256
from pathlib import Path
from typing import Literal

from aggregator.config.keys import closest
from aggregator.model.entries import Entry
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from aggregator.normalise import normalise

Part = Literal["all", "development", "held-out"]

_OURS = re.compile(r"[a-z2-7]{4,16}", re.IGNORECASE)
_WHOLE_ID = 16
_KEY = "labels"


@dataclass(frozen=True, slots=True)
class Label:
    """One line: what people say of an entry.

    ``stored_id`` is the id, or the beginning of it, under which the entry may be stored, None
    if it cannot be; ``entry`` is what the line's own texts make, None if it has none.
    """

    place: str
    id: str
    tags: frozenset[str]
    judged: frozenset[str]
    stored_id: str | None
    entry: Entry | None

    @property
    def part(self) -> Part:
        """Two thirds are for development, a third is held out: a hash of the id decides."""
        digest = sha256(self.id.encode("utf-8", "surrogatepass")).hexdigest()
        return "held-out" if int(digest, 16) % 3 == 0 else "development"


@dataclass(frozen=True, slots=True)
class Read:
    """What files came to; ``problems`` are sentences, each with its file and line."""

    labels: tuple[Label, ...]
    problems: tuple[str, ...]


class _Refused(Exception):
    """A line cannot be used; the text says why."""


def find_files(patterns: Iterable[str]) -> Iterator[Path]:
    """Yield the files that are named or described by ``*``, each once, in order."""
    seen: set[Path] = set()
    for pattern in patterns:
        plain = Path(pattern)
        found = [plain] if plain.exists() else [Path(each) for each in sorted(glob(pattern))]
        for path in found or [plain]:
            if path not in seen:
                seen.add(path)
                yield path


def read_labels(paths: Iterable[Path], asked: Sequence[str], known: Iterable[str]) -> Read:
    """Read label files; tags must be ``known``. Of tags only those ``asked`` count, if any."""
    labels: list[Label] = []
    problems: list[str] = []
    for path in paths:
        own = list(_lines(path, problems))
        named = frozenset(name for label in own for name in label.tags | label.judged)
        counting = named & frozenset(asked) if asked else named
        labels += (
            replace(label, tags=label.tags & counting, judged=(label.judged or named) & counting)
            for label in own
        )
        problems += _unknown_tags(own, counting, tuple(known))
    problems += _repeated(labels)
    return Read(tuple(labels), tuple(problems))


def _lines(path: Path, problems: list[str]) -> Iterator[Label]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        problems.append(f"{path} cannot be read: {error.strerror}.")
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            yield _label(place, line)
        except _Refused as refusal:
            problems.append(f"{place}: {refusal}")


def _label(place: str, line: bytes) -> Label:
    item = _object(line)
    ours = item.get("_aggregator")
    ours = ours if isinstance(ours, dict) else {}
    own_id, given_id = _id(ours.get("id")), _id(item.get("id"))
    entry = _entry(item, ours)
    written = own_id or given_id
    is_stored = written is not None and _OURS.fullmatch(written) is not None
    if entry is not None and written is not None and len(written) != _WHOLE_ID:
        is_stored = False
    if entry is None and not is_stored:
        told = f"the id {written!r} is none of ours" if written else "it has no id"
        raise _Refused(f"The line has neither a title nor a text, and {told}.")
    tags, judged = _names(item, "tags"), _names(item, "judged")
    if item.get("judged") == []:
        raise _Refused("`judged` is empty: name the tags that were looked at, or leave it out.")
    if outside := sorted(tags - judged) if judged else []:
        raise _Refused(f"`judged` leaves out {outside[0]!r}, which stands in `tags`.")
    identity = written or (entry.id if entry else "")
    return Label(place, identity, tags, judged, written if is_stored else None, entry)


def _object(line: bytes) -> dict[str, object]:
    try:
        item = json.loads(line)
    except UnicodeDecodeError:
        raise _Refused("The line is not written in UTF-8.") from None
    except RecursionError:
        raise _Refused("The line is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise _Refused(
            f"The line is not JSON: {error.msg.removesuffix(' at')}, column {error.colno}."
        ) from None
    if not isinstance(item, dict):
        raise _Refused("The line must be a JSON object: an item of a JSON Feed.")
    return item


def _id(value: object) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int) else None


def _names(item: dict[str, object], key: str) -> frozenset[str]:
    value = item.get(key)
    if value is None:
        return frozenset()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _Refused(f"`{key}` must be a list of tags' names.")
    return frozenset(value)


# --- an entry of its own --------------------------------------------------------------------------


def _entry(item: dict[str, object], ours: dict[str, object]) -> Entry | None:
    """Return what the line's texts make, read as those of a feed are; None without any."""
    texts = {key: _text(item, key) for key in _TEXTS}
    if not any(texts.values()):
        return None
    title, summary, plain, html = (texts[key] for key in _TEXTS)
    if plain in (title, summary):
        plain = None  # it stands in for a content that there is none of: we write so ourselves
    raw = RawEntry(
        guid=_id(item.get("id")),
        link=_text(item, "url"),
        title=RawText(title, "text") if title else None,
        summary=RawText(summary, "text") if summary else None,
        content=RawText(html, "html") if html else RawText(plain, "text") if plain else None,
        published=_text(item, "date_published"),
        categories=tuple(_categories(item, ours)),
        language=_text(item, "language"),
    )
    _, entries = normalise(RawFeed(_KEY, (raw,)), key=_KEY, url=_KEY)
    return next(iter(entries), None)


_TEXTS = ("title", "summary", "content_text", "content_html")


def _text(item: dict[str, object], key: str) -> str | None:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise _Refused(f"`{key}` must be a text.")
    return value or None


def _categories(item: dict[str, object], ours: dict[str, object]) -> Iterator[Category]:
    """Yield the publisher's categories: words, or objects with ``term`` and ``label``."""
    value = ours.get("categories") or item.get("categories") or []
    for each in value if isinstance(value, list) else []:
        if isinstance(each, str):
            yield Category(each)
        elif isinstance(each, dict) and isinstance(term := each.get("term"), str):
            label = each.get("label")
            yield Category(term, None, label if isinstance(label, str) else None)


# --- all lines together ---------------------------------------------------------------------------


def _unknown_tags(
    labels: Iterable[Label], counting: frozenset[str], known: tuple[str, ...]
) -> Iterator[str]:
    """Yield each tag that no rule gives, where it stands first."""
    told: set[str] = set()
    for label in labels:
        for name in sorted(((label.tags | label.judged) & counting) - told):
            if name not in known:
                told.add(name)
                meant = closest(name, known)
                hint = f": did you mean {meant}?" if meant else "."
                yield f"{label.place}: There is no tag {name!r}{hint}"


def _repeated(labels: Iterable[Label]) -> Iterator[str]:
    first: dict[str, str] = {}
    for label in labels:
        if label.id in first:
            yield f"{label.place}: The id {label.id!r} stands in {first[label.id]} already."
        else:
            first[label.id] = label.place
