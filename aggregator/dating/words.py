"""The words of dates, as tables: months and weekdays in the languages of our readers, fillers.

Every key is folded by `fold`. A name may be cut to three letters or more wherever that still
says which it is; a whole name comes before another's beginning, an English beginning before that
of a name in another language.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import unescape
from types import MappingProxyType

_MONTH_NAMES = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre"
    " diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
    " dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "de": "januar/jänner februar/feber märz/maerz april mai juni juli august september oktober"
    " november dezember",
    "nl": "januari februari maart/mrt april mei juni juli augustus september oktober november"
    " december",
    "ha": "janairu fabrairu/faburairu maris afirilu/afrilu mayu yuni yuli agusta satumba oktoba"
    " nuwamba disamba",
    "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "so": "jannaayo/janaayo febraayo maarso abriil maajo juun luulyo agoosto sebteembar/sebtembar"
    " oktoobar nofeembar/nofembar diseembar/desembar",
    "ru": "январь/января февраль/февраля март/марта апрель/апреля май/мая июнь/июня июль/июля"
    " август/августа сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря",
    "uk": "січень/січня лютий/лютого березень/березня квітень/квітня травень/травня"
    " червень/червня липень/липня серпень/серпня вересень/вересня жовтень/жовтня"
    " листопад/листопада грудень/грудня",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "fa": "ژانویه فوریه مارس آوریل مه/می ژوئن ژوئیه/جولای اوت/آگوست سپتامبر اکتبر نوامبر دسامبر",
    "ar": "يناير/جانفي/كانونالثاني فبراير/فيفري/شباط مارس/آذار أبريل/إبريل/أفريل/نيسان"
    " مايو/ماي/أيار يونيو/يونيه/جوان/حزيران يوليو/يوليه/يوليوز/جويلية/تموز"
    " أغسطس/غشت/أوت/آب سبتمبر/شتنبر/أيلول أكتوبر/تشرينالأول نوفمبر/نونبر/تشرينالثاني"
    " ديسمبر/دجنبر/كانونالأول",
    "el": "ιανουάριος/ιανουαρίου φεβρουάριος/φεβρουαρίου μάρτιος/μαρτίου απρίλιος/απριλίου"
    " μάιος/μαΐου ιούνιος/ιουνίου ιούλιος/ιουλίου αύγουστος/αυγούστου σεπτέμβριος/σεπτεμβρίου"
    " οκτώβριος/οκτωβρίου νοέμβριος/νοεμβρίου δεκέμβριος/δεκεμβρίου",
    "hu": "január február március április május június július augusztus szeptember október november"
    " december",
    "pl": "styczeń/stycznia luty/lutego marzec/marca kwiecień/kwietnia maj/maja czerwiec/czerwca"
    " lipiec/lipca sierpień/sierpnia wrzesień/września październik/października"
    " listopad/listopada grudzień/grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie"
    " decembrie",
}
_WEEKDAY_NAMES = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda terça quarta quinta sexta sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "de": "montag/mo dienstag/di mittwoch/mi donnerstag/do freitag/fr samstag/sonnabend/sa"
    " sonntag/so",
    "nl": "maandag/ma dinsdag/di woensdag/wo donderdag/do vrijdag/vr zaterdag/za zondag/zo",
    "ha": "litinin talata laraba alhamis jumma'a/juma'a asabar lahadi",
    "sw": "jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili",
    "ru": "понедельник/пн вторник/вт среда/ср четверг/чт пятница/пт суббота/сб воскресенье/вс",
    "uk": "понеділок вівторок середа четвер п'ятниця субота неділя/нд",
    "tr": "pazartesi/pzt salı çarşamba perşembe cuma cumartesi/cmt pazar/paz",
    "fa": "دوشنبه سهشنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
    "ar": "الاثنين/اثنين الثلاثاء/ثلاثاء الأربعاء/أربعاء الخميس/خميس الجمعة/جمعة السبت/سبت"
    " الأحد/أحد",
    "el": "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή",
    "hu": "hétfő kedd szerda csütörtök péntek szombat vasárnap",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
    "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "id": "senin selasa rabu kamis jumat sabtu minggu",
    "ro": "luni marți miercuri joi vineri sâmbătă duminică",
}
_JALALI_NAMES = (
    "فروردین/حمل/farvardin اردیبهشت/ثور/ordibehesht خرداد/جوزا/khordad تیر/سرطان/tir"
    " مرداد/امرداد/اسد/mordad شهریور/سنبله/shahrivar مهر/میزان/mehr آبان/عقرب/aban آذر/قوس/azar"
    " دی/جدی/dey بهمن/دلو/bahman اسفند/حوت/esfand"
)
"""Of Iran, of Afghanistan, in Latin letters."""

_HIJRI_NAMES = (
    "محرم صفر ربيعالأول ربيعالآخر/ربيعالثاني جمادىالأولى/جمادىالأول جمادىالآخرة/جمادىالثانية رجب"
    " شعبان رمضان شوال ذوالقعدة/ذيالقعدة ذوالحجة/ذيالحجة"
)
_FILLERS = """
    a at of on in the and date dated posted published updated created last pub o'clock hrs hours
    le les la de du des d à et publié mis jour heures heure el los las del a las hora horas hs
    publicado da do dos das em às e dia feira il lo alle ore del pubblicato den der am um uhr
    veröffentlicht aktualisiert op om uur gepubliceerd ga watan na tarehe mwezi wa saa
    в г года год часов от опубликовано p ρ r saat tarih tarihi günü yıl
    في يوم الساعة الموافق تاريخ بتاريخ نشر هـ ميلادي در روز ماه سال ساعت مورخ
    bisha pukul tanggal kl klo klockan godz dnia w roku i the ad
"""

_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2013\u2014\u2015", "-"),
        **dict.fromkeys("،|·•;", ","),
        **dict.fromkeys('"«»“”', " "),
        **dict.fromkeys("’ʼ", "'"),
        "ی": "ي",
        "ک": "ك",
        "ى": "ي",
        "ı": "i",
        "\u0640": None,
    }
)
_INVISIBLE = frozenset({"Mn", "Cf"})
_ONE_WORD = (
    (re.compile(r"\b(كانون|تشرين|ربيع|جمادي|ذو|ذي) +(?=ال)"), r"\1"),
    (re.compile(r"(?<=دو|سه|يك)\s+(?=شنبه)|(?<=چهار)\s+(?=شنبه)|(?<=پنج)\s+(?=شنبه)"), ""),
)
_EAST_ASIA = (
    (re.compile(r"(\d) *[時时点點시] *(\d{1,2}) *[分분](?: *(\d{1,2}) *[秒초])?"), r"\1:\2:\3"),
    (re.compile(r"(?<=\d): *(?=\D|$)"), " "),
    (re.compile(r"(?:午後|下午|晚上|오후) *(\d[\d:]*)"), r"\1 pm "),
    (re.compile(r"(?:午前|上午|早上|오전) *(\d[\d:]*)"), r"\1 am "),
    (re.compile(r"(\d) *[年년] *(\d{1,2}) *[月월] *(\d{1,2}) *[日일号號]?"), r"\1-\2-\3 "),
    (re.compile(r"(\d) *[年년] *(\d{1,2}) *[月월]"), r"\1-\2 "),
    (
        re.compile(
            r"[(（]?[月火水木金土日一二三四五六월화수목금토일][)）]|(?:星期|周)[一二三四五六日天]|[월화수목금토일]요일"
        ),
        " ",
    ),
)
_IN_KOREAN = re.compile(r"\d *[년시] *\d|오[전후]")


def fold(text: str) -> str:
    """Lower case without accents or invisible marks, every script's digits as ASCII.

    Names of two words become one word; the signs of China, Japan and Korea become punctuation.
    """
    if "&" in text:
        text = unescape(text)
    if text.isascii():
        return text.lower().replace("|", ",").replace('"', " ")
    for sign, replacement in _EAST_ASIA:
        text = sign.sub(replacement, text)
    plain = "".join(
        str(unicodedata.decimal(char, char))
        for char in unicodedata.normalize("NFKD", text.translate(_MARKS).casefold())
        if unicodedata.category(char) not in _INVISIBLE
    )
    plain = plain.translate(_MARKS)
    for parted, joined in _ONE_WORD:
        plain = parted.sub(joined, plain)
    return plain


def in_korean(raw: str) -> bool:
    """Tell whether the signs for year or hour are Korea's, where all keep one time."""
    return not raw.isascii() and bool(_IN_KOREAN.search(raw))


def _named(names: str) -> Iterable[tuple[str, int]]:
    for number, synonyms in enumerate(fold(names).split(), 1):
        for name in synonyms.split("/"):
            yield name, number


def _shortened(tables: Mapping[str, str]) -> Mapping[str, int]:
    """Return what each name means, and each beginning of one that means one thing alone."""
    owners: defaultdict[str, set[int]] = defaultdict(set)
    for names in tables.values():
        for name, number in _named(names):
            for length in range(3, len(name)):
                owners[name[:length]].add(number)
    meant = {name: min(found) for name, found in owners.items() if len(found) == 1}
    english: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in _named(tables["en"]):
        for length in range(3, len(name)):
            english[name[:length]].add(number)
    meant |= {name: min(found) for name, found in english.items() if len(found) == 1}
    for names in reversed(tuple(tables.values())):
        meant |= dict(_named(names))
    return MappingProxyType(meant)


MONTHS = _shortened(_MONTH_NAMES)
"""January is 1."""

ENGLISH_MONTHS = frozenset(_shortened({"en": _MONTH_NAMES["en"]}))

WEEKDAYS = MappingProxyType({name: day - 1 for name, day in _shortened(_WEEKDAY_NAMES).items()})
"""Monday is 0."""

JALALI_MONTHS = MappingProxyType(dict(_named(_JALALI_NAMES)))
"""Farvardin, which begins in March, is 1."""

HIJRI_MONTHS = MappingProxyType(dict(_named(_HIJRI_NAMES)))
"""Muharram is 1."""

FILLERS = frozenset(fold(_FILLERS).split())
"""Words between the parts of a date that say nothing."""
