"""What publishers call their encodings."""

import codecs

import pytest

from aggregator.parse.labels import by_language, codec, is_ascii

# Of each encoding of the WHATWG's standard (§4.2), labels that Python's own table has not.
MEANT = {
    "utf-8": ("unicode-1-1-utf-8", "unicode11utf8", "x-unicode20utf8"),
    "iso8859-2": ("iso88592", "csisolatin2", "l2"),
    "iso8859-6": ("csiso88596e", "iso-8859-6-i", "asmo-708", "iso88596"),
    "iso8859-7": ("sun_eu_greek", "ecma-118", "iso88597"),
    "iso8859-8": ("logical", "visual", "iso-8859-8-i", "csiso88598e"),
    "iso8859-10": ("iso885910", "l6"),
    "iso8859-15": ("csisolatin9", "iso885915", "l9"),
    "koi8-r": ("koi", "koi8", "cskoi8r"),
    "koi8-u": ("koi8-ru",),
    "mac-roman": ("macintosh", "csmacintosh", "x-mac-roman", "mac"),
    "mac-cyrillic": ("x-mac-cyrillic", "x-mac-ukrainian"),
    "cp874": ("dos-874", "iso885911", "tis-620", "windows-874"),
    "cp1250": ("x-cp1250", "windows-1250"),
    "cp1252": ("ascii", "iso-8859-1", "iso88591", "latin1", "ansi_x3.4-1968", "x-cp1252"),
    "cp1254": ("iso-8859-9", "iso88599", "latin5", "x-cp1254"),
    "gb18030": ("gb2312", "chinese", "csgb2312", "gb_2312-80", "x-gbk", "gbk", "gb_2312"),
    "big5hkscs": ("cn-big5", "x-x-big5", "big5-hkscs", "csbig5"),
    "euc_jp": ("x-euc-jp", "cseucpkdfmtjapanese"),
    "cp932": ("x-sjis", "ms_kanji", "windows-31j", "shift-jis", "sjis"),
    "cp949": (
        "cseuckr",
        "csksc56011987",
        "iso-ir-149",
        "ks_c_5601-1989",
        "ksc_5601",
        "windows-949",
    ),
}


@pytest.mark.parametrize(
    ("label", "meant"), [(label, meant) for meant, labels in MEANT.items() for label in labels]
)
def test_a_label_of_the_web_means_what_browsers_read(label: str, meant: str) -> None:
    assert codec(label) == codecs.lookup(meant).name
    assert codec(label.upper()) == codecs.lookup(meant).name


@pytest.mark.parametrize("label", ["", "no-such-thing", "utf-16", "ucs-4", "cp037", "base64", "\0"])
def test_what_cannot_be_meant_is_nothing(label: str) -> None:
    assert codec(label) is None


def test_ascii_is_known_under_its_names() -> None:
    assert is_ascii("US-ASCII")
    assert not is_ascii("latin1")
    assert not is_ascii("no-such-thing")


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [
        ("ru", "cp1251", "Северный мост"),
        ("ru-RU", "koi8-r", "Северный мост"),
        ("ja", "cp932", "ひらがな"),
        ("ja", "euc_jp", "ひらがな"),
        ("zh", "gb18030", "老桥"),
        ("zh_TW", "big5hkscs", "老橋與河"),
        ("tr", "cp1254", "köprü"),
    ],
)
def test_a_language_was_written_in_its_own_encoding(
    language: str, encoding: str, text: str
) -> None:
    assert by_language(text.encode(encoding), language) == encoding


def test_a_language_without_an_encoding_of_its_own_has_none() -> None:
    assert by_language(b"\xe9", "fr") is None
    assert by_language(b"\xe9", "") is None
    assert by_language(b"\xff\xff", "ko") is None
