"""Bytes that nobody names are read by the signs of their script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.guessing import guess

RUSSIAN = "В долине реки построили новый мост, и теперь жители ездят на рынок быстрее."
SHORT_RUSSIAN = "Старый мост закрыли; движение пойдёт по объезду."
JAPANESE = "古い橋のたもとに、あたらしい市場ができました。"
KOREAN = "강을 건너는 새 다리가 이번 주에 열렸습니다."
CHINESE = "河上的新橋已經開通，人們不用再等船了。這是一個好消息。"
SIMPLIFIED = "河上的新桥已经开通，人们不用再等船了。这是一个好消息。"
THAI = "สะพานใหม่ข้ามแม่น้ำเปิดแล้ว"
HEBREW = "גשר חדש נפתח מעל הנהר השבוע"
GREEK = "Η νέα γέφυρα άνοιξε και το ποτάμι δεν χωρίζει πια την πόλη"
ARABIC = "افتتح الجسر الجديد فوق النهر هذا الأسبوع في المدينة"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (SHORT_RUSSIAN, "cp1251"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "cp932"),
        (KOREAN, "cp949"),
        (CHINESE, "big5hkscs"),
        (SIMPLIFIED, "gb18030"),
        (THAI, "cp874"),
        (HEBREW, "cp1255"),
        (GREEK, "cp1253"),
        (ARABIC, "cp1256"),
    ],
)
def test_a_script_is_known_by_its_signs(text: str, encoding: str) -> None:
    assert guess(f"<title>{text}</title>".encode(encoding)) == encoding


@pytest.mark.parametrize(
    "text",
    [
        "Crème brûlée à l’été",
        "Ça a été créé là-bas, où naît l’œuvre",
        "Übergrößenträger",
        "Größe – “naïve” façade … 5 €",
        "¿Qué pasó ayer? Él añadió: «¡Sí!»",
        "Zażółć".encode("cp1250").decode("cp1252"),
        "plain",
        "",
    ],
)
def test_what_may_be_windows_1252_is_left_to_it(text: str) -> None:
    assert guess(text.encode("cp1252")) is None


@given(st.binary(max_size=80))
def test_a_guess_can_be_decoded(body: bytes) -> None:
    encoding = guess(body)
    assert encoding is None or body.decode(encoding) is not None
