"""A lint: where, what, and what to do; many of one kind in one list or rule are one line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from aggregator.config.linting.written import Owner, Part, shown

Kind = Literal[
    "never", "shadowed", "implied", "language", "short", "collision", "common", "hyphen", "star",
    "quotes", "example",
]  # fmt: skip

_NAMED = 3
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Lint:
    """One remark; ``owner`` is the tag, or the list with its ``$``; ``line`` counts from 1."""

    path: str
    line: int
    kind: Kind
    owner: str
    sentence: str

    def __str__(self) -> str:
        """Return ``file:line: sentence``."""
        return f"{self.path}:{self.line}: {self.sentence}"


def remark(owner: Owner, part: Part | None, kind: Kind, sentence: str) -> Lint:
    """Return a remark on a part of a rule or list, or on the whole."""
    path, line = owner.place(part)
    return Lint(path, line, kind, owner.name, f"{owner.title}: {sentence}")


def together(
    owner: Owner, kind: Kind, found: Iterable[tuple[Part, str]], what: str, to_do: str
) -> tuple[Lint, ...]:
    """Return one remark on all that was ``found``: parts, each with a word on it."""
    parts = tuple(found)
    if not parts:
        return ()
    named = [f"{quoted(part)}{why}" for part, why in parts[:_NAMED]]
    more = f" and {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
    return (remark(owner, parts[0][0], kind, f"{what}: {', '.join(named)}{more}. {to_do}"),)


def quoted(part: Part) -> str:
    """Return a part of a query as a sentence shows it."""
    text = shown(part.node, part.field)
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[:_LONGEST]}…`"
