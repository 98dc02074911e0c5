"""The words of dates: months, weekdays and zones by name, as tables.

Months and weekdays are in English, French, Spanish, Portuguese and Arabic (of Egypt and the Gulf,
of the Maghreb, of the Levant). Every key is folded by `fold`; a name may be cut to three letters
or more wherever that still says which it is.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

_MONTH_NAMES = (
    "january janvier enero janeiro يناير جانفي كانونالثاني",
    "february février febrero fevereiro فبراير فيفري شباط",
    "march mars marzo março مارس آذار",
    "april avril abril أبريل أفريل نيسان",
    "may mai mayo maio مايو ماي أيار",
    "june juin junio junho يونيو جوان حزيران",
    "july juillet julio julho يوليو يوليوز جويلية تموز",
    "august août agosto أغسطس غشت أوت آب",
    "september septembre septiembre setembro setiembre سبتمبر شتنبر أيلول",
    "october octobre octubre outubro أكتوبر تشرينالأول",
    "november novembre noviembre novembro نوفمبر نونبر تشرينالثاني",
    "december décembre diciembre dezembro ديسمبر دجنبر كانونالأول",
)
_WEEKDAY_NAMES = (
    "monday lundi lunes segunda الاثنين",
    "tuesday mardi martes terça الثلاثاء",
    "wednesday mercredi miércoles quarta الأربعاء",
    "thursday jeudi jueves quinta الخميس",
    "friday vendredi viernes sexta الجمعة",
    "saturday samedi sábado السبت",
    "sunday dimanche domingo الأحد",
)
_ZONE_NAMES = """
    -10 hst; -9 akst; -8 pst akdt; -7 mst pdt; -6 cst mdt; -5 est cdt pet cot
    -4 edt ast clt vet bot; -3.5 nst; -3 art brt adt clst uyt; -2.5 ndt; -2 brst; -1 cvt
    0 z ut utc gmt wet; 1 cet wat west bst mez; 2 cest cat sast eet wast mesz
    3 eat eest msk trt idt; 3.5 irst; 4 gst msd; 4.5 aft; 5 pkt uzt; 5.5 ist; 5.75 npt
    6 bdt; 6.5 mmt; 7 ict wib; 8 hkt sgt myt pht wita awst; 9 jst kst wit; 9.5 acst
    10 aest; 10.5 acdt; 11 aedt; 12 nzst; 13 nzdt
"""
_MARKS = str.maketrans({"،": ",", "\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2013": "-"})
_INVISIBLE = frozenset({"Mn", "Cf"})
_TWO_WORD_MONTH = re.compile(r"\b(كانون|تشرين) +(?=ال)")


def fold(text: str) -> str:
    """Lower case without accents or invisible marks, every script's digits as ASCII.

    The Levant's months of two words become one word.
    """
    plain = (
        str(unicodedata.decimal(char, char))
        for char in unicodedata.normalize("NFKD", text.translate(_MARKS))
        if unicodedata.category(char) not in _INVISIBLE
    )
    return _TWO_WORD_MONTH.sub(r"\1", "".join(plain).casefold())


def _by_prefix(names: Sequence[str], first: int) -> Mapping[str, int]:
    owners: dict[str, set[int]] = {}
    for number, synonyms in enumerate(names, first):
        for name in fold(synonyms).split():
            for length in range(min(3, len(name)), len(name) + 1):
                owners.setdefault(name[:length], set()).add(number)
    return MappingProxyType({name: min(found) for name, found in owners.items() if len(found) == 1})


def _by_name(table: str) -> Mapping[str, timedelta]:
    rows = (row.split() for line in table.strip().splitlines() for row in line.split(";"))
    return MappingProxyType(
        {name: timedelta(hours=float(hours)) for hours, *names in rows for name in names}
    )


MONTHS = _by_prefix(_MONTH_NAMES, first=1)
"""January is 1."""

ENGLISH_MONTHS = frozenset(_by_prefix([names.split()[0] for names in _MONTH_NAMES], first=1))

WEEKDAYS = _by_prefix(_WEEKDAY_NAMES, first=0)
"""Monday is 0."""

FILLERS = frozenset(fold("a at of on the le les de del do da em as el las o في يوم الساعة").split())
"""Words between the parts of a date that say nothing."""

ZONES = _by_name(_ZONE_NAMES)
"""East of Greenwich. RFC 822 §5.1 fixes the American names, custom the rest."""

AMBIGUOUS_ZONES = frozenset({"ast", "bst", "gst", "ist"})
"""Also Arabia; Bangladesh; South Georgia; Israel and Ireland."""
