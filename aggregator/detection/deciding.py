"""The language of an entry: the declared one, unless its text says otherwise for sure.

=====================================  ==========================================================
declared, and the text                 decided
=====================================  ==========================================================
too short to tell, or in two scripts   the declared language, if any
in a script that it cannot be in       the script's language, or the detected one
a language that no detector knows      the declared one
in the detected language, or a kin     the declared tag, with its region
in another, long and for sure          the detected one
not declared, in a surely detected     the detected one
=====================================  ==========================================================
"""

import re
from collections.abc import Iterable

from aggregator.detection.detector import KNOWN, Detected, detect
from aggregator.detection.scripts import LANGUAGE_OF, Writing, may_be_in, writing

_MOST_CHARACTERS = 2_000
_FEWEST_LETTERS = 10
_FAIR_SHARE = 0.6
_CLEAR_SHARE = 0.8

_Enough = tuple[int, float]
"""So many letters, and a probability of at least so much."""

# Measured: benchmarks.languages. In other scripts there are few languages to choose among.
_AGAINST_A_DECLARED: tuple[_Enough, ...] = ((60, 0.96), (30, 0.99))
_IN_LATIN: tuple[_Enough, ...] = ((60, 0.8), (20, 0.93))
_IN_ANOTHER: tuple[_Enough, ...] = ((10, 0.5),)

# Names of files, addresses, versions and code are in no language. The look-behind lets each word
# be read once: without it, a line without a space costs the square of its length.
_NO_WORDS = re.compile(r"(?<![!-~])[!-~]*?(?:[\d@#/\\_=<>{}|~]|\w[.:]\w)[!-~]*")

_COMMON = frozenset(
    {
        "am", "ar", "bg", "bn", "cs", "de", "el", "en", "es", "fa", "fr", "ha", "he", "hi",
        "hu", "id", "it", "ja", "ko", "nl", "pl", "ps", "pt", "ro", "ru", "so", "sr", "sw",
        "th", "tr", "uk", "ur", "vi", "zh",
    }
)  # fmt: skip
"""Languages that much is published in. Others are seen in short texts that are in none of them."""

_KIN = (
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"id", "ms", "jv", "su"}),
    frozenset({"hr", "bs", "sr", "sh", "cnr"}),
    frozenset({"pt", "gl"}),
    frozenset({"fil", "tl", "ceb"}),
    frozenset({"nl", "af", "fy"}),
    frozenset({"zu", "xh", "nr", "ss"}),
    frozenset({"hi", "bho", "bh", "mai"}),
    frozenset({"de", "gsw", "lb"}),
    frozenset({"zh", "yue"}),
    frozenset({"gd", "ga"}),
)
"""Languages that even a long text is taken for each other's in."""


def language_of(declared: str | None, texts: Iterable[str]) -> str | None:
    """Return the language of an entry, as a BCP 47 tag: ``declared`` is its own, or its feed's."""
    sample = words_of(texts)
    written = writing(sample)
    asks = written.letters >= _FEWEST_LETTERS and written.script not in LANGUAGE_OF
    return decide(declared, written, detect(sample) if asks else None)


def words_of(texts: Iterable[str]) -> str:
    """Return what a language can be told by, of the beginning of the texts."""
    return _NO_WORDS.sub(" ", "\n".join(texts)[:_MOST_CHARACTERS])


def decide(declared: str | None, written: Writing, detected: Detected | None) -> str | None:
    """Return the language that a declared tag, the script and the detector agree on best."""
    if written.letters < _FEWEST_LETTERS or written.share < _FAIR_SHARE:
        return declared
    if declared and (may_be_in(declared, written.script) or written.share < _CLEAR_SHARE):
        return _sure_of_another(declared, written, detected) or declared
    told = LANGUAGE_OF.get(written.script) or _told(written, detected)
    if declared and written.script == "Latn":
        return told or declared  # it may be romanised
    return told


def _sure_of_another(declared: str, written: Writing, detected: Detected | None) -> str | None:
    """Return the language that a text is in for sure, unless it may be in the declared one."""
    language = declared.partition("-")[0]
    if language not in _known(written) or detected is None or are_kin(language, detected.language):
        return None
    if written.share < _CLEAR_SHARE:
        return None
    return _believed(detected, written, _AGAINST_A_DECLARED)


def _told(written: Writing, detected: Detected | None) -> str | None:
    """Return the language of a text of which nothing is known, or nothing true, but its script."""
    if detected is None:
        return None
    return _believed(detected, written, _IN_LATIN if written.script == "Latn" else _IN_ANOTHER)


def _believed(detected: Detected, written: Writing, enough: tuple[_Enough, ...]) -> str | None:
    """Return the detected language if the text is long enough for how sure of it we must be."""
    if detected.romanised or detected.language not in _known(written):
        return None
    letters = written.letters if detected.language in _COMMON else written.letters // 3
    believed = any(letters >= fewest and detected.probability >= least for fewest, least in enough)
    return detected.language if believed else None


def _known(written: Writing) -> frozenset[str]:
    return KNOWN.get(written.script, frozenset())


def are_kin(one: str, other: str) -> bool:
    """Tell whether two languages are the same, or too near to each other for a detector."""
    return one == other or any({one, other} <= kin for kin in _KIN)
