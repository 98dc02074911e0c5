"""Where sentences end, told by their punctuation alone: for ``NEAR/s``."""

import re

# Titles and the like, of the languages that write them with a stop; folded to lower case.
_ABBREVIATIONS = frozenset(
    {
        *("adm", "amb", "av", "bd", "brig", "bros", "bzw", "ca", "capt", "cf", "cmdr"),
        *("co", "corp", "cpl", "dep", "dept", "dipl", "dr", "dra", "drs", "eds"),
        *("emb", "est", "etc", "evtl", "excmo", "fig", "fr", "gen", "gob", "gov", "gral", "hon"),
        *("hr", "inc", "insp", "jr", "lic", "lt", "ltd", "maj", "mio"),
        *("mons", "mr", "mrd", "mrs", "ms", "mt", "mgr", "mme", "mmes", "mlle", "nos", "nr"),
        *("op", "pág", "págs", "p", "pp", "pres", "prof", "profa", "pte", "pvt", "rep", "reps"),
        *("rev", "sen", "sens", "sgt", "sr", "sra", "sres", "srta", "st", "ste", "supt"),
        *("tel", "tte", "univ", "usw", "vgl", "vol", "vs"),
    }
)

_ENDS = re.compile(
    r"""[.!?…؟۔।]+[)\]"'”’»]*(?=\s|$)   # followed by a space or the end
      | [。！？]+[」』）]*""",  # scripts without spaces have none there either
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(«“\"'’]+$")
_LONGEST_WORD = 20


def sentence_ends(text: str) -> list[int]:
    """Return the characters behind which sentences of a block end, in order.

    A single stop is no end behind a listed abbreviation or a single capital (``J. Doe``, U.S.).
    """
    return [
        found.end()
        for found in _ENDS.finditer(text)
        if found[0] != "." or not _is_abbreviated(text, found.start())
    ]


def _is_abbreviated(text: str, stop: int) -> bool:
    word = _LAST_WORD.search(text, max(0, stop - _LONGEST_WORD), stop)
    if word is None:
        return False
    last = word[0].rpartition(".")[2]
    return (len(last) == 1 and last.isupper()) or word[0].casefold() in _ABBREVIATIONS
