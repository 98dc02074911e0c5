"""What the detector makes of a text; the only place that knows it (CLD3, a small neural network).

It answers anything: ``ja`` of an empty text, Pashto of one Arabic word. Only ask it for texts with
letters, and hold its answer against their script.
"""

from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from aggregator.language import normalise_tag

_KNOWN = {
    "Arab": "ar fa ps sd ur",
    "Cyrl": "be bg kk ky mk mn ru sr tg uk",
    "Deva": "hi mr ne",
    "Latn": "af az bs ca ceb co cs cy da de en eo es et eu fi fil fr fy ga gd gl ha haw hmn hr ht "
    "hu id ig is it jv ku la lb lt lv mg mi ms mt nb nl nn no ny pl pt ro sk sl sm sn so "
    "sq st su sv sw tl tr uz vi xh yo zu",
}
KNOWN = {script: frozenset(languages.split()) for script, languages in _KNOWN.items()}
"""The languages that it can tell, by script: that a text is not in another it cannot say."""

_MOST_BYTES = 1_000
"""How much of a text it reads, in pieces from all over it: more makes it no surer."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A language and how sure the detector is of it, from 0 to 1.

    ``romanised``: the text is that language in Latin letters, as in chats.
    """

    language: str
    probability: float
    romanised: bool = False


class _Result(Protocol):
    language: str
    probability: float


class _Identifier(Protocol):
    def FindLanguage(self, text: str) -> _Result: ...


def detect(text: str) -> Detected | None:
    """Return the language that a text is most likely in, None if there is no saying."""
    found = _identifier().FindLanguage(text.encode("utf-8", "replace").decode())
    language, _, script = found.language.partition("-")
    tag = normalise_tag(language)
    return Detected(tag, found.probability, script == "Latn") if tag else None


@cache
def _identifier() -> _Identifier:
    """Load the network, once in a process that reads documents, and in no other."""
    from gcld3 import NNetLanguageIdentifier  # noqa: PLC0415 - see above

    return cast(_Identifier, NNetLanguageIdentifier(0, _MOST_BYTES))
