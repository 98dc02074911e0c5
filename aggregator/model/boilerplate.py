"""What stands in an entry's text and is not about it, and what of a feed's texts is remembered."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Characters ``start:end`` of a text of an entry that are neither tagged nor searched.

    They are whole blocks. ``reason`` says how they were told: ``marked`` by words such as "Read
    also" and their links, ``repeated`` by standing in other entries of the feed as well.
    """

    field: Literal["summary", "content"]
    start: int
    end: int
    reason: Literal["marked", "repeated"]


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The blocks of one entry's texts, as hashes; ``entry`` tells it from others of its feed."""

    entry: str
    blocks: tuple[str, ...]
