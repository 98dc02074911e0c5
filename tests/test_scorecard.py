"""The publishers' scorecard: a book-keeper who knows nothing of us reads a publisher's log.

A publisher who does as he likes, but honours his own validators, is polled for weeks: when his
feed is due, when somebody cannot wait, and after restarts. What is counted is what publishers
count: needless whole answers, validators that are old or made up, haste, cookies and the like.
"""

from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from pathlib import Path
from random import Random

import pytest

from aggregator.store.sqlite import SqliteStore
from tests.publisher import Headers, Raw, Reply, Scripted, Seen, redirect, truncated
from tests.rows.asking import HOUR, PAGE, sent
from tests.scenario import Newsroom, rss

Pair = tuple[bytes | None, bytes | None]
"""An ETag and a Last-Modified."""

NOTHING: Pair = (None, None)
NAMES = (b"ETag", b"Last-Modified")
TAGS = (b'"%d"', b'W/"%d"', b"%d", b'"a,%d-gzip"', b'W/"caf\xe9%d"')
NO_TIME = timedelta(0)
BETWEEN_PROBES = timedelta(days=8)
"""What a silence that cannot be may be questioned after (row 12)."""

STEPS = 90

NEEDLESS = (b"Cookie", b"Referer", b"Cache-Control", b"Pragma")


@dataclass
class Page:
    """What is at one address: so many entries, with these validators."""

    pair: Pair = NOTHING
    entries: int = 1


@dataclass
class Scorecard:
    """Answers by chance, and writes down what no publisher would like.

    ``known`` is what a reader may know of validators, and whose they are. ``by_hand`` says that
    somebody asks who need not heed freshness.
    """

    chance: Random
    now: datetime
    pages: dict[str, Page] = field(default_factory=lambda: {"/feed": Page(), "/other": Page()})
    moved: str = ""
    known: tuple[str, Pair] = ("", NOTHING)
    whole_at: datetime | None = None
    answered_at: datetime | None = None
    wait: timedelta = HOUR
    away_until: datetime | None = None
    max_age: timedelta | None = None
    fresh_until: datetime | None = None
    by_hand: bool = False
    agents: set[bytes] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def answer(self, seen: Seen) -> Scripted:
        """Look at a request, then answer it somehow."""
        self._judge(seen)
        self.answered_at = self.now
        page = self.pages[seen.path]
        self._edit(page)
        if self.chance.random() < 0.04:
            self.moved = self.chance.choice(["", *self.pages])
        elsewhere = "/other" if seen.path == "/feed" else "/feed"
        if seen.path == self.moved:
            return redirect(elsewhere, self.chance.choice([301, 308]))
        if elsewhere != self.moved and seen.path == "/feed" and self.chance.random() < 0.08:
            return redirect(elsewhere, self.chance.choice([302, 303, 307]))
        return self._trouble(page) if self.chance.random() < 0.3 else self._regular(seen, page)

    # --- what he looks at ------------------------------------------------------------------------

    def _judge(self, seen: Seen) -> None:
        got, (path, pair) = sent(seen), self.known
        wanted = pair if path == seen.path else NOTHING
        if got == NOTHING != wanted:
            since = self.now - (self.whole_at or self.now)
            self._complain(f"whole answer after {since}", unless=since >= BETWEEN_PROBES)
        else:
            self._complain(f"validators {got} instead of {wanted}", unless=got == wanted)
        self._complain("needless headers", unless=not any(map(seen.values, NEEDLESS)))
        self.agents.update(seen.values(b"User-Agent"))
        gap = None if self.answered_at is None else self.now - self.answered_at
        if not gap:  # the first, or sent here by a redirect
            return
        self._complain(f"too quick: {gap}", unless=gap >= self.wait)
        is_away = self.away_until is not None and self.now < self.away_until
        self._complain(f"not left alone until {self.away_until}", unless=not is_away)
        is_fresh = self.fresh_until is not None and self.now < self.fresh_until
        self._complain(f"fresh until {self.fresh_until}", unless=self.by_hand or not is_fresh)

    def _complain(self, what: str, *, unless: bool) -> None:
        if not unless:
            self.complaints.append(f"{self.now}: {what}")

    # --- what he does ----------------------------------------------------------------------------

    def _edit(self, page: Page) -> None:
        """Publish, touch the file, give the same second another ETag, leave one out, or nothing."""
        number = self.chance.randrange(10**6)
        tag, date = self.chance.choice(TAGS) % number, b"the %dth" % number
        match self.chance.randrange(9):
            case 0 | 1:
                page.entries += 1
                page.pair = (tag, date)
            case 2:
                page.pair = (tag, date)
            case 3 if page.pair[0]:
                page.pair = (tag, page.pair[1])
            case 4:
                page.pair = self.chance.choice([(tag, None), (None, date)])
            case _ if page.pair == NOTHING:
                page.pair = (tag, date)
            case _:
                pass

    def _trouble(self, page: Page) -> Scripted:
        body, odd = _body(page), ((b"ETag", b'"odd"'), (b"Last-Modified", b"never"))
        broken: list[Scripted] = [
            truncated(body, len(body) + 10),
            Raw([b"HTTP/1.1 200 OK\r\n"]),
            Reply(b"", headers=odd),
            Reply(PAGE, headers=odd),
        ]
        if self.chance.random() < 0.4:
            return self.chance.choice(broken)
        headers: Headers = (*odd, *self._lifetime(good=False))
        if self.chance.random() < 0.5:
            seconds = self.chance.choice([1, 4000, 200000])
            self.away_until = self.now + timedelta(seconds=seconds)
            headers += ((b"Retry-After", b"%d" % seconds),)
        status = self.chance.choice([401, 403, 404, 418, 429, 500, 502, 503])
        return Reply(status=status, headers=headers)

    def _lifetime(self, *, good: bool) -> Headers:
        """Say at times how long an answer is fresh: an error does not end what a good one said."""
        told = None
        if self.chance.random() < 0.3:
            told = timedelta(seconds=self.chance.choice([0, 600, 1800, 7200, 90000]))
        if good and told is not None:
            self.max_age = told
        lasting = self.max_age if good else told
        until = None if lasting is None else self.now + lasting
        before = None if good else self.fresh_until
        self.fresh_until = max((at for at in (until, before) if at), default=None)
        return () if told is None else ((b"Cache-Control", b"max-age=%d" % told.total_seconds()),)

    def _regular(self, seen: Seen, page: Page) -> Scripted:
        etag, modified = sent(seen)
        matches = etag == page.pair[0] if etag else modified == page.pair[1]
        is_news = not matches or (etag, modified) == NOTHING
        if is_news:
            self.max_age = None
        headers: Headers = ((b"Set-Cookie", b"id=1"), *self._lifetime(good=True))
        # Whoever calls his answers fresh for less than an hour may be asked sooner than that.
        soon = self.max_age if self.max_age and self.max_age < HOUR else None
        self.wait = HOUR if soon is None else max(timedelta(minutes=15), soon)
        issued = [(name, value) for name, value in zip(NAMES, page.pair, strict=True) if value]
        if is_news:
            self.known, self.whole_at = (seen.path, page.pair), self.now
            return Reply(_body(page), headers=(*headers, *issued))
        named = list(compress(issued, (self.chance.random() < 0.5 for _ in issued)))
        etag, modified = (
            dict(named).get(name, old) for name, old in zip(NAMES, self.known[1], strict=True)
        )
        self.known = seen.path, (etag, modified)
        return Reply(status=304, headers=(*headers, *named))


def _body(page: Page) -> bytes:
    return rss(*(f"Number {number}" for number in range(page.entries)))


def _played(directory: Path, seed: int, steps: int) -> Scorecard:
    """Poll a publisher so many times, some of them too soon, and start anew now and then."""
    chance = Random(seed)
    with Newsroom(directory) as newsroom, ExitStack() as restarted:
        scorecard = Scorecard(chance, newsroom.clock())
        for path in scorecard.pages:
            newsroom.publisher.serve(path, scorecard.answer)
        newsroom.subscribe("/feed")
        for _ in range(steps):
            due_at = newsroom.store.next_due_at()
            assert due_at is not None
            scorecard.by_hand = chance.random() < 0.4
            waiting = max(due_at - newsroom.clock(), NO_TIME)
            newsroom.clock.at += waiting * (chance.random() if scorecard.by_hand else 1)
            scorecard.now = newsroom.clock()
            newsroom.poll(*["/feed"] if scorecard.by_hand else [])
            if chance.random() < 0.1:
                store = restarted.enter_context(closing(SqliteStore(newsroom.path)))
                newsroom.sweep = newsroom.sweep_over(store)
        return scorecard


@pytest.mark.parametrize("seed", [3])
def test_a_publisher_who_keeps_the_books_has_nothing_to_complain_of(
    tmp_path: Path, seed: int
) -> None:
    scorecard = _played(tmp_path, seed, STEPS)
    assert scorecard.complaints == []
    assert len(scorecard.agents) == 1
