"""Tags as intervals: when an entry began to carry one, why, and when it ceased to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model.entries import Tag
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.rows import evidence_columns
from aggregator.store.times import stamp


@dataclass(frozen=True, slots=True)
class Verdict:
    """All tags that an entry carries from an instant on, and what made us look."""

    tags: tuple[Tag, ...]
    at: datetime
    cause: str


def settle(
    database: Database, verdicts: Mapping[int, Verdict], among: Collection[str] | None = None
) -> None:
    """Make the tags of entries, by number, those of their verdicts.

    A tag that is no longer given ends; one that still is stays, with today's evidence. Of
    ``among`` the verdicts speak, without it of all tags.
    """
    wanted = {(entry, tag.name): tag for entry, verdict in verdicts.items() for tag in verdict.tags}
    carried = {
        (row["entry"], row["tag"]): row["number"]
        for row in database.rows(
            f"SELECT number, entry, tag FROM entry_tag WHERE removed IS NULL AND entry {AMONG}",
            (listed(verdicts),),
        )
        if among is None or row["tag"] in among
    }
    _end(database, {carried[each]: verdicts[each[0]] for each in carried.keys() - wanted.keys()})
    kept = {carried[each]: wanted[each] for each in wanted if each in carried}
    _renew(database, kept)
    new = [each for each in wanted if each not in carried]
    numbered = dict(enumerate(new, start=database.next_number("entry_tag")))
    database.insert(
        "entry_tag",
        [
            {
                "number": number,
                "entry": entry,
                "tag": name,
                "rule_version": wanted[entry, name].rule_version,
                "added": stamp(verdicts[entry].at),
                "cause": verdicts[entry].cause,
            }
            for number, (entry, name) in numbered.items()
        ],
    )
    given = kept | {number: wanted[each] for number, each in numbered.items()}
    _prove(database, given.items())


def _end(database: Database, ended: Mapping[int, Verdict]) -> None:
    database.execute_many(
        "UPDATE entry_tag SET removed = ?, removed_cause = ? WHERE number = ?",
        [(stamp(verdict.at), verdict.cause, number) for number, verdict in ended.items()],
    )


def _renew(database: Database, kept: Mapping[int, Tag]) -> None:
    database.update(
        "entry_tag",
        [{"number": number, "rule_version": tag.rule_version} for number, tag in kept.items()],
    )
    database.execute(
        f"DELETE FROM evidence WHERE entry_tag {AMONG}",
        (listed(kept),),
    )


def _prove(database: Database, given: Iterable[tuple[int, Tag]]) -> None:
    rows: Sequence[Mapping[str, object]] = [
        {"entry_tag": number, **evidence_columns(evidence)}
        for number, tag in given
        for evidence in tag.evidence
    ]
    database.insert("evidence", rows)
