"""Which script a text is in, and which languages are written in it.

Scripts have their code of ISO 15924; ``Jpan`` stands for kana among Chinese characters.
"""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

# The first character of each range, and what letters are in from there on (Unicode's blocks).
_FROM = (
    (0x0000, "Latn"), (0x0370, "Grek"), (0x0400, "Cyrl"), (0x0530, "Armn"), (0x0590, "Hebr"),
    (0x0600, "Arab"), (0x0700, "Syrc"), (0x0750, "Arab"), (0x0780, "Thaa"), (0x07C0, "Nkoo"),
    (0x0800, ""), (0x0870, "Arab"), (0x0900, "Deva"), (0x0980, "Beng"), (0x0A00, "Guru"),
    (0x0A80, "Gujr"), (0x0B00, "Orya"), (0x0B80, "Taml"), (0x0C00, "Telu"), (0x0C80, "Knda"),
    (0x0D00, "Mlym"), (0x0D80, "Sinh"), (0x0E00, "Thai"), (0x0E80, "Laoo"), (0x0F00, "Tibt"),
    (0x1000, "Mymr"), (0x10A0, "Geor"), (0x1100, "Hang"), (0x1200, "Ethi"), (0x13A0, "Cher"),
    (0x1400, ""), (0x1780, "Khmr"), (0x1800, "Mong"), (0x18B0, ""), (0x1C80, "Cyrl"),
    (0x1C90, "Geor"), (0x1CC0, ""), (0x1D00, "Latn"), (0x1F00, "Grek"), (0x2000, ""),
    (0x2071, "Latn"), (0x20A0, ""), (0x2C60, "Latn"), (0x2C80, ""), (0x2D00, "Geor"),
    (0x2D30, "Tfng"), (0x2D80, "Ethi"), (0x2DE0, "Cyrl"), (0x2E00, ""), (0x2E80, "Hani"),
    (0x3040, "Kana"), (0x3100, ""), (0x3130, "Hang"), (0x3190, ""), (0x31F0, "Kana"),
    (0x3200, ""), (0x3400, "Hani"), (0xA000, ""), (0xA500, "Vaii"), (0xA640, "Cyrl"),
    (0xA6A0, ""), (0xA720, "Latn"), (0xA800, ""), (0xA8E0, "Deva"), (0xA900, ""),
    (0xA960, "Hang"), (0xA980, ""), (0xA9E0, "Mymr"), (0xAA00, ""), (0xAA60, "Mymr"),
    (0xAA80, ""), (0xAB00, "Ethi"), (0xAB30, "Latn"), (0xAB70, "Cher"), (0xABC0, ""),
    (0xAC00, "Hang"), (0xD800, ""), (0xF900, "Hani"), (0xFB00, "Latn"), (0xFB13, "Armn"),
    (0xFB1D, "Hebr"), (0xFB50, "Arab"), (0xFE00, ""), (0xFE70, "Arab"), (0xFF00, "Latn"),
    (0xFF66, "Kana"), (0xFFA0, "Hang"), (0xFFE0, ""), (0x1E900, "Adlm"), (0x1E960, ""),
    (0x20000, "Hani"),
)  # fmt: skip
_STARTS = [start for start, _ in _FROM]

_LANGUAGES = {
    "Latn": "af ast ay az bs ca ceb co cs cy da de en eo es et eu ff fi fil fo fr fy ga gd gl gn "
    "ha haw hr ht hu ia id ig is it jv kk kl ku ky la lb lg ln lt lv mg mi mn ms mt nb nl nn no "
    "nr nso ny oc om pap pl pt qu rm rn ro rw sco sk sl sm sn so sq sr ss st su sv sw tg tk tl tn "
    "to tr ts tt uz ve vi wo xh yo zu",
    "Cyrl": "az ba be bg ce cv kk ku ky mk mn os ru sr tg tk tt uk uz",
    "Arab": "ar az ckb fa ha ku pa ps sd ug ur",
    "Deva": "bh bho hi mai mr ne sa sd",
    "Adlm": "ff", "Armn": "hy", "Beng": "bn as", "Ethi": "am ti", "Geor": "ka", "Grek": "el",
    "Gujr": "gu", "Guru": "pa", "Hang": "ko", "Hani": "zh yue ja", "Hebr": "he yi",
    "Jpan": "ja", "Khmr": "km", "Knda": "kn", "Laoo": "lo", "Mlym": "ml", "Mymr": "my",
    "Nkoo": "nqo", "Orya": "or", "Sinh": "si", "Taml": "ta", "Telu": "te", "Thaa": "dv",
    "Thai": "th", "Tibt": "bo dz", "Vaii": "vai",
}  # fmt: skip
_SHARED = frozenset({"Latn", "Cyrl", "Arab", "Deva"})
LANGUAGE_OF = {
    script: languages.split()[0]
    for script, languages in _LANGUAGES.items()
    if script not in _SHARED
}
"""The language of scripts that have one, or one that nearly all is written in."""

_SCRIPTS_OF = {
    language: {script for script, written in _LANGUAGES.items() if language in written.split()}
    for languages in _LANGUAGES.values()
    for language in languages.split()
}
_DENSE = frozenset({"Hang", "Hani", "Kana"})
_KANA_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Writing:
    """The script that most of a text is in, how much of it, and how many letters that are.

    A letter of Chinese, Japanese or Korean counts as two: fewer of them say as much.
    """

    script: str = ""
    share: float = 0.0
    letters: int = 0


def writing(text: str) -> Writing:
    """Return what a text is written in; without a letter of any script, nothing."""
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        if character.isalpha():
            script = _FROM[bisect_right(_STARTS, ord(character)) - 1][1]
            counts[script] += 2 * times if script in _DENSE else times
    del counts[""]
    kana = counts.pop("Kana", 0)
    if kana:
        japanese = kana >= _KANA_SHARE * (kana + counts["Hani"])
        counts["Jpan" if japanese else "Hani"] = kana + counts.pop("Hani", 0)
    if not counts:
        return Writing()
    script, letters = max(counts.items(), key=lambda each: (each[1], each[0]))
    return Writing(script, letters / counts.total(), letters)


def may_be_in(tag: str, script: str) -> bool:
    """Tell whether a language may be written in a script; of one not listed, it may."""
    language, *subtags = tag.split("-")
    return script in subtags or script in _SCRIPTS_OF.get(language, {script})
