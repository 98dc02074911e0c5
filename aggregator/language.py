"""Language tags as publishers write them, in the one spelling of BCP 47 (RFC 5646)."""

import re

_SHAPE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
# RFC 5646 §4.5: the preferred value of deprecated tags, and §2.2.1: the shortest code.
_PREFERRED = {
    "ara": "ar", "chi": "zh", "deu": "de", "dut": "nl", "eng": "en", "fas": "fa", "fra": "fr",
    "fre": "fr", "ger": "de", "hau": "ha", "heb": "he", "hin": "hi", "in": "id", "ita": "it",
    "iw": "he", "ji": "yi", "jpn": "ja", "kor": "ko", "mo": "ro", "nld": "nl", "per": "fa",
    "pol": "pl", "por": "pt", "rus": "ru", "som": "so", "spa": "es", "swa": "sw", "tur": "tr",
    "ukr": "uk", "urd": "ur", "zho": "zh",
}  # fmt: skip
_SAY_NOTHING = frozenset({"und", "mul", "mis", "zxx", "root", "none", "null", "undefined"})
MAX_TAG = 35
"""RFC 5646 §4.4.1: room for every tag that is in use."""


def normalise_tag(raw: str | None) -> str | None:
    """Return a declared language as a BCP 47 tag (``fr_ca`` → ``fr-CA``), None if it is none.

    Of several, separated by commas or semicolons, the first counts. Tags that name no single
    language (``und``, ``mul``) are None: nothing is known.
    """
    first = re.split(r"[,;]", raw or "", maxsplit=1)[0]
    # A POSIX locale carries an encoding: fr_FR.UTF-8
    tag = first.strip().partition(".")[0].replace("_", "-")
    if len(tag) > MAX_TAG or not _SHAPE.fullmatch(tag):
        return None
    language, *subtags = tag.split("-")
    language = _PREFERRED.get(language.lower(), language.lower())
    if language in _SAY_NOTHING or len(language) > 3:
        return None
    return "-".join([language, *_cased(subtags)])


def _cased(subtags: list[str]) -> list[str]:
    """Spell scripts ``Hans``, regions ``CN``, all else (after a singleton too) in lower case."""
    cased = []
    extension = False
    for subtag in subtags:
        extension = extension or len(subtag) == 1
        if not extension and len(subtag) == 4 and subtag.isalpha():
            cased.append(subtag.title())
        elif not extension and len(subtag) == 2:
            cased.append(subtag.upper())
        else:
            cased.append(subtag.lower())
    return cased
