"""How a server is asked next time, as far as its answers have taught us; pure.

What is sent of the stored validators (`Sending`) changes on evidence alone, by trials that cost
no request of their own::

    its ETag and its date come back, and the very bytes: 3 times      ─▶ the date alone, once
      304: the ETag is ignored (Apache's "-gzip", nginx)              ─▶ the date alone, 30 days
      the same bytes: neither is honoured                             ─▶ both; no trial for 30 days
    304 with another strong ETag than we sent                         ─▶ the ETag alone, once
      304, and not by that ETag                                       ─▶ neither, once
    304, though nobody is silent for so long who publishes so often   ─▶ neither, once
      other entries than we know: its 304s mean nothing               ─▶ neither, 30 days

Neither is sent once in eight days at most, and never by the clock alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from aggregator.cadence import rhythm as rhythms
from aggregator.model.feeds import FeedState, Manners, Rhythm, Sending, Trial, Validators

LATCHED = timedelta(days=30)
"""How long what a trial has shown is held to be so."""

BETWEEN_PROBES = timedelta(days=8)
"""The least time between a whole answer and a request for one that leaves the validators out."""

IMPLAUSIBLE = 0.001
"""How improbable a silence is that we do not believe."""

PATIENCE = 3
"""How many times in a row validators are ignored before one of them is left out."""

PAGES = 3
"""How many pages in a row stand in for a feed before we look for it on them."""

REFUSALS = frozenset({400, 405, 406, 415, 501})
"""The statuses that may be meant for a header that nobody needs."""

BAREST = 3
"""How many classes of optional headers there are; which, says `aggregator.fetch.asking`."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A document came. ``same`` says that it was the very one of last time, ``news`` that it
    holds entries that are new or others than they were; ``conditional`` is the request's.
    ``max_age`` is how long the document is fresh each time that it is confirmed.
    """

    at: datetime
    validators: Validators
    profile: str = ""
    same: bool = False
    news: bool = False
    conditional: bool = False
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unmodified:
    """A 304 came; ``named`` is the ETag that came with it, ``max_age`` as in `Whole`."""

    at: datetime
    named: bytes | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """No document came; ``status`` is that of the answer, if there was one."""

    at: datetime
    status: int | None = None


Answer = Whole | Unmodified | Refused


def learned(state: FeedState, rhythm: Rhythm, answer: Answer) -> Manners:
    """Return how a feed is to be asked after this answer; ``rhythm`` is what is known by then."""
    match answer:
        case Whole():
            return _after_whole(state, answer)
        case Unmodified():
            return _after_unmodified(state, rhythm, answer)
        case Refused():
            return _after_refusal(state, answer)
        case _:
            assert_never(answer)


def is_to_look_for(manners: Manners) -> bool:
    """Tell whether another page instead of the feed is one too many: the feed may be elsewhere."""
    return manners.pages + 1 >= PAGES


# --- a document ----------------------------------------------------------------------------------


def _after_whole(state: FeedState, whole: Whole) -> Manners:
    manners = replace(
        _accepted(state.manners),
        whole_at=whole.at,
        profile=whole.profile,
        ignored=_ignored(state, whole),
        max_age=whole.max_age,
    )
    match manners.trial:
        case Trial.SILENCE if whole.news:
            return _latched(replace(manners, probed_at=whole.at), Sending.NONE, whole.at)
        case Trial.SILENCE | Trial.DOUBT:
            return _at_rest(replace(manners, probed_at=whole.at))
        case Trial.MODIFIED if whole.same:
            # The date is ignored as well: it was worth a trial, not one at every poll.
            return _latched(manners, Sending.BOTH, whole.at)
        case Trial.MODIFIED if whole.validators.last_modified:
            return manners  # the feed has changed: that shows nothing
        case Trial.ETAG | Trial.MODIFIED:
            return _at_rest(manners)
        case None:
            return _after_usual(_expired(manners, whole.at), whole)
        case _:
            assert_never(manners.trial)


def _after_usual(manners: Manners, whole: Whole) -> Manners:
    if manners.ignored < PATIENCE:
        return manners
    if manners.sending is Sending.MODIFIED:
        return _latched(manners, Sending.BOTH, whole.at)
    both = whole.validators.etag and whole.validators.last_modified
    if not both or manners.sending is not Sending.BOTH or manners.sending_until is not None:
        return manners
    return _trying(manners, Sending.MODIFIED, Trial.MODIFIED)


def _ignored(state: FeedState, whole: Whole) -> int:
    """Return how many times in a row validators were sent that the answer repeats, as its body."""
    stored, issued = state.validators, whole.validators
    repeated = (stored.etag, stored.last_modified) == (issued.etag, issued.last_modified)
    return state.manners.ignored + 1 if whole.conditional and whole.same and repeated else 0


# --- a 304 ---------------------------------------------------------------------------------------


def _after_unmodified(state: FeedState, rhythm: Rhythm, answer: Unmodified) -> Manners:
    known_at = state.manners.whole_at or state.last_success_at or answer.at
    manners = replace(
        _accepted(state.manners), ignored=0, whole_at=known_at, max_age=answer.max_age
    )
    manners = _expired(manners, answer.at)
    may_probe = manners.probed_at is None or answer.at - manners.probed_at >= BETWEEN_PROBES
    match manners.trial:
        case Trial.MODIFIED:
            return _latched(manners, Sending.MODIFIED, answer.at)
        case Trial.ETAG if may_probe and answer.named != state.validators.etag:
            return _trying(manners, Sending.NONE, Trial.DOUBT)
        case Trial.SILENCE | Trial.DOUBT:
            # Nobody answers so to what was not conditional; whoever does has had his chance.
            return _at_rest(replace(manners, probed_at=answer.at))
        case Trial.ETAG:
            return _at_rest(manners)
        case None:
            return _suspecting(state, rhythm, answer, manners) if may_probe else manners
        case _:
            assert_never(manners.trial)


def _suspecting(state: FeedState, rhythm: Rhythm, answer: Unmodified, manners: Manners) -> Manners:
    """Begin a trial if the 304 is not to be believed."""
    if _is_doubtful(state, answer):
        return _trying(manners, Sending.ETAG, Trial.ETAG)
    if _is_implausible(manners, rhythm, answer.at):
        return _trying(manners, Sending.NONE, Trial.SILENCE)
    return manners


def _is_doubtful(state: FeedState, answer: Unmodified) -> bool:
    """Tell whether a 304 speaks of another document than the one we have (RFC 9111 §4.3.4)."""
    sent, named = state.validators.etag, answer.named
    if sent is None or named is None or state.manners.sending is Sending.MODIFIED:
        return False
    return not named.startswith(b"W/") and named != sent


def _is_implausible(manners: Manners, rhythm: Rhythm, at: datetime) -> bool:
    """Tell whether the feed has been silent for longer than its rhythm allows.

    A whole answer explains all the silence before it: how often the feed publishes is taken as
    it seemed by then, and what is asked is how long it can have gone on since. So a feed that
    has died is looked at ever more rarely.
    """
    known_at = manners.whole_at or at
    if at - known_at < BETWEEN_PROBES:
        return False
    silent = min(rhythms.silence(rhythm, at), at - known_at)
    return rhythms.chance_of_silence(rhythm, silent) < IMPLAUSIBLE


# --- no document ---------------------------------------------------------------------------------


def _after_refusal(state: FeedState, refused: Refused) -> Manners:
    manners = state.manners
    if manners.trial in (Trial.SILENCE, Trial.DOUBT):
        manners = _at_rest(replace(manners, probed_at=refused.at))
    if refused.status not in REFUSALS:
        return manners
    begun_at = manners.refused_at
    if begun_at is None or refused.at - begun_at >= LATCHED:
        manners = replace(manners, refusals=0, refused_at=refused.at)
    refusals = manners.refusals + 1
    # Each way of asking has had its turn: it is not our headers, and they are worth having.
    bare = _barer(state) if refusals <= BAREST else 0
    return replace(manners, refusals=refusals, bare=bare)


def _barer(state: FeedState) -> int:
    """Return how many classes to leave out next; none again, after all."""
    bare = state.manners.bare
    asked_for_deltas = state.manners.sending in (Sending.BOTH, Sending.ETAG)
    if bare == 0 and not (state.validators.etag and asked_for_deltas):
        return 2  # there was no A-IM to leave out
    return (bare + 1) % (BAREST + 1)


# --- what is common to them ----------------------------------------------------------------------


def _accepted(manners: Manners) -> Manners:
    """Take it that the headers were welcome."""
    return replace(manners, refusals=0, refused_at=None)


def _at_rest(manners: Manners) -> Manners:
    return replace(manners, sending=Sending.BOTH, sending_until=None, trial=None)


def _trying(manners: Manners, sending: Sending, trial: Trial) -> Manners:
    return replace(manners, sending=sending, sending_until=None, trial=trial, ignored=0)


def _latched(manners: Manners, sending: Sending, at: datetime) -> Manners:
    return replace(manners, sending=sending, sending_until=at + LATCHED, trial=None, ignored=0)


def _expired(manners: Manners, at: datetime) -> Manners:
    """Send both again after thirty days: the server may have been mended.

    Where it was the ETag that was left out, one more answer that ignores it is enough.
    """
    if manners.sending_until is None or at < manners.sending_until:
        return manners
    was_ignored = manners.sending is Sending.MODIFIED
    return replace(_at_rest(manners), ignored=PATIENCE - 1 if was_ignored else manners.ignored)
