"""What `arabic.xml` says."""

from aggregator.model.details import Person
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://wadi.example/معرض",
            title=RawText(
                "افتتاح المعرض \u200fFair 2024\u200f في الإسكندرية", kind="text", base=URL
            ),
            summary=RawText('<p dir="rtl">بدأ المعرض</p>', base=URL),
            published="٥ مارس ٢٠٢٤",
            authors=(Person(name="ليلى حسن"),),
            categories=(Category("ثقافة"),),
            base=URL,
        ),
    ),
    title=RawText("أخبار الوادي", kind="text", base=URL),
    description=RawText("من القاهرة إلى الخرطوم", base=URL),
    link="https://wadi.example/",
    language="ar",
    base=URL,
)
