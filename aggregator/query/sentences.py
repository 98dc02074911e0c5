"""Where sentences end, told by their punctuation alone: for ``NEAR/s``."""

import re

# Titles and the like, of the languages that write them with a stop, in lower case. None is also a
# word that ends sentences (French *est*, *vol*).
_ABBREVIATIONS = frozenset(
    {
        *("adm", "amb", "apr", "aug", "av", "bd", "brig", "bros", "bzw", "ca", "capt", "cf"),
        *("cmdr", "co", "col", "corp", "cpl", "dec", "dep", "dept", "dipl", "dr", "dra", "drs"),
        *("e.g", "eds", "ee.uu", "emb", "etc", "evtl", "excmo", "feb", "fig", "fr", "ft", "gen"),
        *("gob", "gov", "gral", "hon", "hr", "i.e", "inc", "insp", "jan", "jr", "lic", "lt"),
        *("ltd", "maj", "mgr", "mio", "mlle", "mme", "mmes", "mons", "mr", "mrd", "mrs", "ms"),
        *("mt", "nos", "nov", "nr", "oct", "op", "p", "pág", "págs", "pp", "pres", "prof"),
        *("profa", "pte", "pvt", "rep", "reps", "rev", "sen", "sens", "sept", "sgt", "sr", "sra"),
        *("sres", "srta", "st", "ste", "supt", "tel", "tte", "univ", "usw", "vgl", "vs", "z.b"),
    }
)

_ENDS = re.compile(
    r"""(?<![.!?…؟۔।።])[.!?…؟۔।።]++[)\]"'”’»]*+(?=\s|$)   # followed by a space or the end
      | [。｡！？]+""",  # scripts without spaces have none there either
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
