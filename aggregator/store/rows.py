"""Values as rows and rows as values: nothing here asks the database anything."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import TypeVar

from aggregator.model.boilerplate import Boilerplate
from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Dated, Entry, Evidence, Feed, KnownEntry
from aggregator.model.feeds import (
    FeedState,
    Manners,
    Moving,
    Pause,
    Pushed,
    Rhythm,
    Sending,
    Trial,
    Validators,
)
from aggregator.model.polls import Outcome, PollRecord
from aggregator.model.raw import Category
from aggregator.store.database import Row
from aggregator.store.details import details_column, details_from
from aggregator.store.fingerprints import fingerprints_from
from aggregator.store.times import instant, instant_if, stamp, stamp_if

Columns = dict[str, object]
"""A row to be written: values by column name."""

Value = TypeVar("Value")


def seconds(interval: timedelta | None) -> float | None:
    """Return an interval as a number of seconds."""
    return None if interval is None else interval.total_seconds()


def interval(number: float | None) -> timedelta | None:
    """Return the interval that `seconds` wrote."""
    return None if number is None else timedelta(seconds=number)


# --- entries -----------------------------------------------------------------------------------


def state_columns(entry: Entry) -> Columns:
    """Return what a publisher may change of an entry: what an entry and a revision share."""
    return {
        "content_hash": entry.content_hash,
        "guid": entry.guid,
        "link": entry.link,
        "canonical_link": entry.canonical_link,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "summary_html": entry.summary_html,
        "content_html": entry.content_html,
        "summary_repeats": entry.summary_repeats,
        **_date_columns("published", entry.published),
        "published_raw": entry.published.raw if entry.published else entry.unread_date,
        **_date_columns("updated", entry.updated),
        "authors": _objects(asdict(author) for author in entry.authors),
        "categories": _objects(asdict(category) for category in entry.categories),
        "enclosures": _objects(asdict(enclosure) for enclosure in entry.enclosures),
        "image": entry.image,
        "language": entry.language,
        "normalised_by": entry.normalised_by,
        "details": details_column(entry.details),
        "boilerplate": _objects(asdict(part) for part in entry.boilerplate),
    }


def _date_columns(name: str, date: Dated | None) -> Columns:
    return {
        name: date and stamp(date.at),
        f"{name}_raw": date and date.raw,
        f"{name}_read_as": date and date.read_as,
        f"{name}_element": date and date.element,
        f"{name}_sure": date and date.sure,
    }


def _objects(values: Iterable[Mapping[str, object]]) -> str:
    """Return a JSON array of objects without what is unknown."""
    told = [{name: each[name] for name in each if each[name] is not None} for each in values]
    return json.dumps(told, ensure_ascii=False)


def _from_objects(text: str, kind: Callable[..., Value]) -> tuple[Value, ...]:
    return tuple(kind(**each) for each in json.loads(text))


def entry_from(row: Row, feed_key: str) -> Entry:
    """Return the entry of a row that has the columns of ``entry`` or of a ``revision`` of it."""
    return Entry(
        id=row["id"],
        feed=feed_key,
        identity=row["identity"],
        content_hash=row["content_hash"],
        generation=row["generation"],
        guid=row["guid"],
        link=row["link"],
        canonical_link=row["canonical_link"],
        title=row["title"],
        summary=row["summary"],
        content=row["content"],
        summary_html=row["summary_html"],
        content_html=row["content_html"],
        summary_repeats=bool(row["summary_repeats"]),
        published=_date_from(row, "published"),
        unread_date=row["published_raw"] if row["published"] is None else None,
        updated=_date_from(row, "updated"),
        authors=_from_objects(row["authors"], Person),
        categories=_from_objects(row["categories"], Category),
        enclosures=_from_objects(row["enclosures"], Enclosure),
        image=row["image"],
        language=row["language"],
        normalised_by=row["normalised_by"],
        details=details_from(row["details"]),
        boilerplate=_from_objects(row["boilerplate"], Boilerplate),
    )


def _date_from(row: Row, name: str) -> Dated | None:
    if row[name] is None:
        return None
    return Dated(
        at=instant(row[name]),
        raw=row[f"{name}_raw"],
        read_as=row[f"{name}_read_as"],
        element=row[f"{name}_element"],
        sure=bool(row[f"{name}_sure"]),
    )


def known_from(row: Row) -> KnownEntry:
    """Return what decides whether an entry is new or changed."""
    return KnownEntry(
        id=row["id"],
        identity=row["identity"],
        generation=row["generation"],
        guid=row["guid"],
        canonical_link=row["canonical_link"],
        title=row["title"],
        published=_date_from(row, "published"),
        content_hash=row["content_hash"],
        text=row["content"] or row["summary"],
        present=bool(row["present"]),
        first_seen_at=instant(row["first_seen"]),
        arrived_at=instant(row["arrived"]),
        normalised_by=row["normalised_by"],
    )


def evidence_columns(evidence: Evidence) -> Columns:
    """Return the columns of ``evidence``, but for the tag it belongs to."""
    return asdict(evidence)


def evidence_from(row: Row) -> Evidence:
    """Return the evidence of a row of ``evidence``."""
    return Evidence(row["field"], row["start"], row["end"], row["value"])


# --- feeds -------------------------------------------------------------------------------------


DESCRIPTION = (
    *("title", "format", "description", "link", "language", "problem", "image", "icon"),
    *("updated", "rights", "generator", "authors", "categories"),
)
"""The columns of `description_columns`."""


def description_columns(feed: Feed) -> Columns:
    """Return what a feed says of itself."""
    return {
        "title": feed.title or None,
        "format": feed.format,
        "description": feed.description,
        "link": feed.link,
        "language": feed.language,
        "problem": feed.problem,
        "image": feed.image,
        "icon": feed.icon,
        "updated": feed.updated and stamp(feed.updated.at),
        "rights": feed.rights,
        "generator": feed.generator,
        "authors": _objects(asdict(author) for author in feed.authors),
        "categories": _objects(asdict(category) for category in feed.categories),
    }


def rhythm_columns(rhythm: Rhythm) -> Columns:
    """Return what polling has learned, a column for each thing."""
    return {
        "events": rhythm.events,
        "days": rhythm.days,
        "observed": stamp_if(rhythm.observed_at),
        "last_event": stamp_if(rhythm.last_event_at),
        "failures": rhythm.failures,
        "failing_since": stamp_if(rhythm.failing_since),
        "gone": rhythm.gone,
        "penalty": rhythm.penalty,
        "ttl_seconds": seconds(rhythm.ttl),
        "update_period_seconds": seconds(rhythm.update_period),
        "skip_hours": json.dumps(sorted(rhythm.skip_hours)),
        "skip_days": json.dumps(sorted(rhythm.skip_days)),
        "fresh_until": stamp_if(rhythm.fresh_until),
        "not_before": stamp_if(rhythm.not_before),
        "validated": rhythm.validated,
        "unchanged_bytes": rhythm.unchanged_bytes,
        "hours": json.dumps(rhythm.hours),
    }


def rhythm_from(row: Row) -> Rhythm:
    """Return what polling has learned of the feed of a row."""
    return Rhythm(
        events=row["events"],
        days=row["days"],
        observed_at=instant_if(row["observed"]),
        last_event_at=instant_if(row["last_event"]),
        failures=row["failures"],
        failing_since=instant_if(row["failing_since"]),
        gone=row["gone"],
        penalty=row["penalty"],
        ttl=interval(row["ttl_seconds"]),
        update_period=interval(row["update_period_seconds"]),
        skip_hours=frozenset(json.loads(row["skip_hours"])),
        skip_days=frozenset(json.loads(row["skip_days"])),
        fresh_until=instant_if(row["fresh_until"]),
        not_before=instant_if(row["not_before"]),
        validated=bool(row["validated"]),
        unchanged_bytes=row["unchanged_bytes"],
        hours=tuple(json.loads(row["hours"])),
    )


def manners_column(manners: Manners) -> str:
    """Return how a server wants to be asked, as JSON."""
    told = asdict(manners) | {"max_age": seconds(manners.max_age)}
    return json.dumps(told | {name: stamp_if(told[name]) for name in _TIMES_OF_MANNERS})


def manners_from(text: str) -> Manners:
    """Return the manners that `manners_column` wrote."""
    told = json.loads(text)
    trial = told.get("trial")
    return Manners(
        **told
        | {"sending": Sending(told.get("sending", Sending.BOTH)), "trial": trial and Trial(trial)}
        | {name: instant_if(told.get(name)) for name in _TIMES_OF_MANNERS}
        | {"max_age": interval(told.get("max_age"))}
    )


_TIMES_OF_MANNERS = ("sending_until", "whole_at", "probed_at", "refused_at")


def moving_column(moving: Moving | None) -> str | None:
    """Return where redirects lead, as JSON."""
    return json.dumps(asdict(moving) | {"since": stamp(moving.since)}) if moving else None


def moving_from(text: str | None) -> Moving | None:
    """Return what `moving_column` wrote."""
    if text is None:
        return None
    told = json.loads(text)
    return Moving(**told | {"since": instant(told["since"])})


def feed_state_from(row: Row, labels: tuple[str, ...], token: str) -> FeedState:
    """Return the state of the feed of a row, claimed by ``token``."""
    return FeedState(
        key=row["key"],
        fetch_url=row["fetch_url"],
        name=row["name"],
        labels=labels,
        token=token,
        rhythm=rhythm_from(row),
        due_at=instant(row["due_at"]),
        interval=interval(row["interval_seconds"]),
        title=row["title"],
        link=row["link"],
        validators=Validators(row["etag"], row["last_modified"], row["validators_url"]),
        body_hash=row["body_hash"],
        last_poll_at=instant_if(row["last_poll"]),
        last_success_at=instant_if(row["last_success"]),
        admitted=bool(row["admitted"]),
        url=row["url"],
        weight=row["weight"],
        insecure=bool(row["insecure"]),
        due_reason=row["due_reason"],
        manners=manners_from(row["manners"]),
        moving=moving_from(row["moving"]),
        pause=_pause_from(row),
        pushed=_pushed_from(row),
        fingerprints=fingerprints_from(row["fingerprints"]),
    )


def _pushed_from(row: Row) -> Pushed | None:
    if row["pushed_since"] is None:
        return None
    return Pushed(instant(row["pushed_since"]), instant(row["pushed_until"]))


def _pause_from(row: Row) -> Pause | None:
    if row["paused_until"] is None:
        return None
    return Pause(row["domain"], instant(row["paused_until"]), row["paused_reason"])


def poll_columns(poll: PollRecord) -> Columns:
    """Return the columns of ``poll``, but for the feed it belongs to."""
    return {
        "started": stamp(poll.started_at),
        "ended": stamp(poll.ended_at),
        "outcome": poll.outcome.value,
        "status": poll.status,
        "error_code": poll.error_code,
        "sentence": poll.sentence,
        "new": poll.new,
        "changed": poll.changed,
        "body_bytes": poll.body_bytes,
    }


def poll_from(row: Row) -> PollRecord:
    """Return the poll of a row of ``poll``."""
    return PollRecord(
        started_at=instant(row["started"]),
        ended_at=instant(row["ended"]),
        outcome=Outcome(row["outcome"]),
        status=row["status"],
        error_code=row["error_code"],
        sentence=row["sentence"],
        new=row["new"],
        changed=row["changed"],
        body_bytes=row["body_bytes"],
    )
