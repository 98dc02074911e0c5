"""What an entry says beside its texts, as programs read it under ``_aggregator``."""

from dataclasses import asdict, fields

from aggregator.model.details import Details

_ELSEWHERE = frozenset({"external_link", "banner"})
"""What JSON Feed has a place of its own for."""


def details(known: Details) -> dict[str, object]:
    """Return every detail by its name: null or an empty list is what is unknown."""
    told = asdict(known)
    names = [field.name for field in fields(known) if field.name not in _ELSEWHERE]
    return {name: told[name] if told[name] != "" else None for name in names}
