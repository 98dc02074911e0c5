"""Which encoding a document is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.encoding import decode

XML = '<?xml version="1.0" encoding="{}"?><a>{}</a>'


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (b"\xef\xbb\xbf<a>\xc3\xa9</a>", "text/xml; charset=utf-16", "utf-8"),
        ("\ufeff<a>é</a>".encode("utf-16-le"), None, "utf-16-le"),
        ("\ufeff<a>é</a>".encode("utf-16-be"), "x; charset=utf-8", "utf-16-be"),
        ("\ufeff<a>é</a>".encode("utf-32-le"), None, "utf-32-le"),
        ("\ufeff<a>é</a>".encode("utf-32-be"), None, "utf-32-be"),
        ("<?xml?><a>é</a>".encode("utf-16-le"), None, "utf-16-le"),
        ("<?xml?><a>é</a>".encode("utf-16-be"), None, "utf-16-be"),
        ("<?xml?><a>é</a>".encode("utf-32-le"), None, "utf-32-le"),
        ("<?xml?><a>é</a>".encode("utf-32-be"), None, "utf-32-be"),
    ],
)
def test_marks_and_zero_bytes_come_first(
    body: bytes, content_type: str | None, encoding: str
) -> None:
    decoded = decode(body, content_type)
    assert decoded.encoding == encoding
    assert decoded.text.endswith("<a>é</a>")
    assert decoded.text[0] == "<"


def test_valid_utf8_wins_over_whatever_is_named() -> None:
    decoded = decode(XML.format("iso-8859-1", "é").encode(), "text/xml; charset=koi8-r")
    assert (decoded.encoding, decoded.text[-6:-4], decoded.remarks) == ("utf-8", ">é", ())


def test_the_content_type_wins_over_the_document() -> None:
    body = XML.format("iso-8859-1", "Привет").encode("koi8-r")
    assert "Привет" in decode(body, 'text/xml; x=y; Charset="KOI8-R"').text


def test_the_document_is_asked_when_the_content_type_is_wrong_or_silent() -> None:
    body = XML.format("shift_jis", "日本").encode("cp932")
    assert "日本" in decode(body, "text/xml; charset=utf-8").text
    assert "日本" in decode(body, "text/xml; charset=no-such-thing").text
    assert "日本" in decode(body).text


def test_a_web_page_names_its_encoding_in_a_meta_element() -> None:
    body = '<html><head><meta charset="windows-1251"><title>Да</title>'.encode("cp1251")
    assert "Да" in decode(body).text


@pytest.mark.parametrize(
    ("declared", "meant", "text"),
    [
        ("iso-8859-1", "cp1252", "“€”"),
        ("us-ascii", "cp1252", "é"),
        ("gb2312", "gb18030", "囧€"),
        ("euc-kr", "cp949", "똠"),
    ],
)
def test_a_declared_encoding_stands_for_the_superset_that_is_meant(
    declared: str, meant: str, text: str
) -> None:
    assert text in decode(XML.format(declared, text).encode(meant)).text


@pytest.mark.parametrize("name", ["utf-7", "unicode_escape", "punycode", "rot13", "zlib", "cp037"])
def test_encodings_that_turn_text_into_markup_are_never_meant(name: str) -> None:
    body = b"<a>+ADw-b+AD4- \\x3cb\\x3e</a>"
    assert decode(body, f"text/xml; charset={name}").text == body.decode()


def test_a_bad_byte_among_good_ones_costs_one_character() -> None:
    body = "éèêëàâäùûüîïôöç".encode() + b"\xe9 " + b"abc"
    decoded = decode(body)
    assert decoded.text == "éèêëàâäùûüîïôöç\ufffd abc"
    assert decoded.remarks == ("it contains 1 invalid UTF-8 byte in line 1",)


def test_mostly_invalid_utf8_is_windows_1252() -> None:
    decoded = decode("“Crème brûlée”".encode("cp1252"), "text/xml; charset=utf-8")
    assert decoded.text == "“Crème brûlée”"
    assert decoded.remarks == ("it calls itself utf-8 and is not; it was read as windows-1252",)


def test_a_document_that_claims_nothing_has_no_flaw_in_being_windows_1252() -> None:
    assert decode(b"\x93\xe9\x94").text == "“é”"
    assert decode(b"\x93\xe9\x94").remarks == ()


def test_what_xml_forbids_is_dropped_and_counted() -> None:
    decoded = decode("a\0b\x1b[31m\uffff\n".encode())
    assert decoded.text == "ab[31m\n"
    told = "it contains 3 forbidden control characters, the first in line 1"
    assert decoded.remarks == (told,)


@given(
    st.text(
        alphabet=st.characters(
            exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\ufeff"
        )
    )
)
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()).text == text


@given(st.binary(max_size=200), st.none() | st.text(max_size=30))
def test_every_body_decodes_to_text_that_xml_allows(body: bytes, content_type: str | None) -> None:
    text = decode(body, content_type).text
    assert not {"\0", "\x1b", "\ufffe", "\uffff"} & set(text)
    text.encode()
