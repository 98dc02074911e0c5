"""Tests of the protocol, sans I/O: what is asked, and what an answer means.

A test whose name begins with ``row`` and a number shows that row of the polling rules.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import (
    EmptyBodyError,
    FetchError,
    HttpStatusError,
    ProtocolBrokenError,
    RedirectError,
    UrlUnusableError,
)
from aggregator.fetch import asking
from aggregator.fetch.exchange import REDIRECTS, Response, Trail
from aggregator.fetch.headers import Headers, values
from aggregator.fetch.protocol import answer
from aggregator.fetch.redirects import MAX_REDIRECTS, followed
from aggregator.model.feeds import Validators
from aggregator.model.fetching import Document, FetchRequest, Gone, NotModified
from tests.builders import NOW, feed_state

URL = "https://news.example/feed"
AGENT = "aggregator/0.1.0 (+https://contact.example)"
ETAG, LAST_MODIFIED = b'W/"caf\xe9, 1"', b"Thu, 1-Jan-70 0:0:0 GMT"
BOTH = Validators(ETAG, LAST_MODIFIED)
NONE = Validators()


def asked(url: str = URL, validators: Validators = NONE) -> FetchRequest:
    return asking.request(feed_state(url, validators=validators), user_agent=AGENT)


def sent(request: FetchRequest, name: bytes) -> tuple[bytes, ...]:
    return values(request.headers, name.lower())


def conditions(request: FetchRequest) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    return sent(request, b"If-None-Match"), sent(request, b"If-Modified-Since")


def answered(
    request: FetchRequest, status: int, headers: Headers = (), body: bytes = b""
) -> Document | NotModified | Gone:
    return answer(Trail((request,)), Response(request.url, status, headers, body), NOW)


def document(
    request: FetchRequest, headers: Headers = (), body: bytes = b"<rss/>", url: str | None = None
) -> Document:
    found = answer(Trail((request,)), Response(url or request.url, 200, headers, body), NOW)
    assert isinstance(found, Document)
    return found


def not_modified(request: FetchRequest, *headers: tuple[bytes, bytes]) -> NotModified:
    found = answered(request, 304, headers)
    assert isinstance(found, NotModified)
    return found


def refused(request: FetchRequest, status: int, headers: Headers = ()) -> FetchError:
    with pytest.raises(FetchError) as caught:
        answered(request, status, headers)
    assert caught.value.status == status
    return caught.value


# --- what is asked -------------------------------------------------------------------------------


def test_row_01_a_feed_that_was_never_polled_is_asked_unconditionally() -> None:
    assert conditions(asked()) == ((), ())


def test_row_02_etag_is_sent_back_byte_for_byte() -> None:
    for etag in (ETAG, b"unquoted", b'"a", "b"', b'w/"lower case"', b'"a-gzip"'):
        got = document(asked(), ((b"ETag", etag),))
        assert conditions(asked(validators=got.validators))[0] == (etag,)


def test_row_03_last_modified_is_sent_back_byte_for_byte() -> None:
    got = document(asked(), ((b"Last-Modified", LAST_MODIFIED),))
    assert conditions(asked(validators=got.validators))[1] == (LAST_MODIFIED,)


@pytest.mark.parametrize("etag", [None, ETAG])
@pytest.mark.parametrize("last_modified", [None, LAST_MODIFIED])
def test_row_04_those_validators_are_sent_that_there_are(
    etag: bytes | None, last_modified: bytes | None
) -> None:
    request = asked(validators=Validators(etag, last_modified))
    expected = tuple((value,) if value else () for value in (etag, last_modified))
    assert conditions(request) == expected


def test_row_04_an_etag_that_comes_twice_is_none() -> None:
    headers = ((b"ETag", b'"a"'), (b"etag", b'"b"'), (b"Last-Modified", LAST_MODIFIED))
    assert document(asked(), headers).validators == Validators(None, LAST_MODIFIED)


def test_row_09_validators_go_only_to_the_url_that_issued_them() -> None:
    target = "https://cdn.example/feed"
    request = asked(validators=replace(BOTH, url=target))
    assert conditions(request) == ((), ())
    trail = followed(Trail((request,)), moved(URL, target), NOW)
    assert conditions(trail.hops[-1]) == ((ETAG,), (LAST_MODIFIED,))
    elsewhere = followed(Trail((request,)), moved(URL, "https://other.example/feed"), NOW)
    assert conditions(elsewhere.hops[-1]) == ((), ())


def test_row_09_a_redirect_s_target_does_not_get_the_feed_s_own_validators() -> None:
    request = asked(validators=BOTH)
    trail = followed(Trail((request,)), moved(URL, "/moved"), NOW)
    assert conditions(request) == ((ETAG,), (LAST_MODIFIED,))
    assert conditions(trail.hops[-1]) == ((), ())


def test_row_09_validators_from_behind_a_redirect_say_whose_they_are() -> None:
    got = document(asked(), ((b"ETag", b'"a"'),), url="https://cdn.example/feed")
    assert got.validators == Validators(b'"a"', None, "https://cdn.example/feed")
    assert document(asked(), ((b"ETag", b'"a"'),)).validators == Validators(b'"a"')
    assert document(asked(), url="https://cdn.example/feed").validators == Validators()


def test_row_46_the_user_agent_names_us_and_how_to_reach_us() -> None:
    assert asking.user_agent("0.1.0", "https://contact") == "aggregator/0.1.0 (+https://contact)"
    assert asking.user_agent("0.1.0", None) == "aggregator/0.1.0"
    assert sent(asked(), b"User-Agent") == (asking.agent_for(AGENT, URL).encode(),)


def test_row_46_the_feed_s_id_is_its_own_and_tells_no_password() -> None:
    assert asking.agent_for("aggregator/1 (+https://c)", URL) == (
        "aggregator/1 (+https://c; feed-id=924a2193a03b)"
    )
    assert asking.agent_for("aggregator/1", URL) == "aggregator/1 (feed-id=924a2193a03b)"
    assert asking.agent_for("a/1", URL) != asking.agent_for("a/1", f"{URL}s")
    secret = URL.replace("//", "//me:secret@")
    assert asking.agent_for("a/1", secret) == asking.agent_for("a/1", URL)


@given(st.text())
def test_row_46_no_contact_can_add_a_header(contact: str) -> None:
    agent = asking.user_agent("0.1.0", contact)
    assert agent.isascii()
    assert agent.isprintable()
    assert agent.count("(") == agent.count(")") == 1


def test_rows_47_48_and_49_nothing_is_asked_besides_the_document() -> None:
    names = [name for name, _ in asked(validators=BOTH).headers]
    assert names == [
        b"User-Agent",
        b"Accept",
        b"Accept-Encoding",
        b"Connection",
        b"If-None-Match",
        b"If-Modified-Since",
        b"A-IM",
    ]


def test_rows_50_and_51_feeds_are_preferred_and_only_bounded_codings_offered() -> None:
    assert sent(asked(), b"Accept") == (
        b"application/atom+xml, application/rss+xml, application/feed+json,"
        b" application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
        b" application/json;q=0.6, */*;q=0.1",
    )
    assert sent(asked(), b"Accept-Encoding") == (b"gzip, br, zstd",)


def test_row_71_only_web_addresses_and_the_config_s_own_files_are_asked_for() -> None:
    assert asked("file:///feeds/a.xml") == FetchRequest("file:///feeds/a.xml")
    with pytest.raises(UrlUnusableError):
        asked("ftp://news.example/feed")


def test_credentials_in_the_url_are_sent_as_basic_authorization() -> None:
    request = asked("https://me:secret@news.example/feed")
    assert request.url == URL
    assert sent(request, b"Authorization") == (b"Basic bWU6c2VjcmV0",)


# --- what an answer means ------------------------------------------------------------------------


def test_a_success_is_a_document() -> None:
    headers = (
        (b"Content-Type", b"text/xml; charset=caf\xe9"),
        (b"ETag", ETAG),
        (b"Last-Modified", LAST_MODIFIED),
        (b"Cache-Control", b"max-age=600"),
        (b"Retry-After", b"60"),
    )
    assert document(asked(), headers) == Document(
        url=URL,
        body=b"<rss/>",
        body_hash=sha256(b"<rss/>").hexdigest(),
        fetched_at=NOW,
        content_type="text/xml; charset=café",
        validators=BOTH,
        lifetime=timedelta(minutes=10),
        retry_after=timedelta(minutes=1),
        profile=asked().profile,
        max_age=timedelta(minutes=10),
    )


def test_an_address_that_only_the_config_admits_is_told() -> None:
    request = asked(validators=BOTH)
    for status in (200, 304, 410):
        response = Response(URL, status, body=b"<rss/>", admitted=True)
        assert answer(Trail((request,)), response, NOW).admitted


def test_row_05_new_validators_come_with_an_identical_body() -> None:
    first = document(asked(), ((b"ETag", b'"a"'), (b"Last-Modified", b"Mon")))
    again = asked(validators=first.validators)
    second = document(again, ((b"ETag", b'"b"'), (b"Last-Modified", b"Tue")))
    assert second.body_hash == first.body_hash
    assert second.validators == Validators(b'"b"', b"Tue")


def test_row_06_a_success_replaces_the_pair_as_a_set() -> None:
    got = document(asked(validators=BOTH), ((b"ETag", b'"new"'),))
    assert got.validators == Validators(b'"new"', None)
    assert document(asked(validators=BOTH)).validators == Validators()


def test_row_07_a_304_updates_what_it_repeats_and_keeps_the_rest() -> None:
    request = asked(validators=Validators(b'W/"a"', b"Mon"))
    assert not_modified(request).validators == Validators(b'W/"a"', b"Mon")
    weak = not_modified(request, (b"ETag", b'W/"b"'))
    assert weak.validators == Validators(b'W/"b"', b"Mon")
    later = not_modified(request, (b"Last-Modified", b"Tue"), (b"Cache-Control", b"max-age=60"))
    assert later.validators == Validators(b'W/"a"', b"Tue")
    assert later.lifetime == timedelta(minutes=1)


def test_row_07_a_304_from_behind_a_redirect_keeps_saying_whose_validators_they_are() -> None:
    stored = Validators(b'"a"', None, "https://cdn.example/feed")
    response = Response("https://cdn.example/feed", 304)
    got = answer(Trail((asked(validators=stored),)), response, NOW)
    assert isinstance(got, NotModified)
    assert got.validators == stored


def test_row_08a_a_strong_etag_in_a_304_that_differs_is_not_stored() -> None:
    stored = Validators(b'"a"', b"Mon")
    got = not_modified(asked(validators=stored), (b"ETag", b'"b"'), (b"Last-Modified", b"Tue"))
    assert got.validators == stored
    twice = not_modified(asked(validators=stored), (b"ETag", b'"b"'), (b"ETag", b'"c"'))
    assert twice.validators == stored


def test_row_08b_a_304_to_an_unconditional_request_is_an_error() -> None:
    assert isinstance(refused(asked(), 304), ProtocolBrokenError)
    elsewhere = asked(validators=replace(BOTH, url="https://cdn.example/feed"))
    assert isinstance(refused(elsewhere, 304), ProtocolBrokenError)


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\n" * 5000, b"\xef\xbb\xbf"])
def test_row_38_an_empty_body_is_an_error(body: bytes) -> None:
    with pytest.raises(EmptyBodyError) as caught:
        answered(asked(), 200, ((b"ETag", b'"a"'),), body)
    assert str(caught.value) == f"{URL} answered without a document: the body is empty."


@pytest.mark.parametrize("status", [204, 205, 206])
def test_row_38_no_content_and_a_part_of_it_are_errors(status: int) -> None:
    assert isinstance(refused(asked(validators=BOTH), status), EmptyBodyError)


def test_row_35_a_410_is_a_result() -> None:
    assert answered(asked(), 410) == Gone(NOW)


@pytest.mark.parametrize(
    "status", [101, 201, 226, 300, 400, 401, 403, 404, 429, 451, 500, 503, 999]
)
def test_rows_10_and_27_to_29_any_other_status_is_an_error_with_what_the_server_asks(
    status: int,
) -> None:
    headers = ((b"Retry-After", b"3600"), (b"Cache-Control", b"max-age=600"), (b"ETag", b'"a"'))
    error = refused(asked(validators=BOTH), status, headers)
    assert isinstance(error, HttpStatusError)
    assert error.retry_after == timedelta(hours=1)
    assert error.lifetime == timedelta(minutes=10)
    assert str(error).startswith(URL)
    assert f"HTTP {status}" in str(error)
    assert "stay away for 1 h" in str(error)
    assert str(error).endswith(".")


def test_row_36_cloudflare_s_challenge_is_named() -> None:
    headers = ((b"cf-mitigated", b"challenge"), (b"CF-Ray", b"8f1-\x1bLHR"))
    error = refused(asked(), 403, headers)
    assert "Cloudflare" in str(error)
    assert "8f1-␛LHR" in str(error)


def test_an_error_never_shows_the_password() -> None:
    error = refused(asked("https://me:secret@news.example/feed"), 401)
    assert str(error) == f"{URL} asks for a name and a password: put them in its url (HTTP 401)."


@given(
    st.integers(100, 999).filter(lambda status: status not in REDIRECTS),
    st.lists(
        st.tuples(
            st.sampled_from(
                [b"ETag", b"Last-Modified", b"Cache-Control", b"Expires", b"Retry-After", b"Date"]
            ),
            st.binary(max_size=20),
        ),
        max_size=5,
    ),
    st.binary(max_size=20),
)
def test_every_answer_is_a_result_or_a_fetch_error(
    status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    with suppress(FetchError):
        found = answered(asked(validators=BOTH), status, tuple(headers), body)
        assert found.fetched_at == NOW


# --- redirects -----------------------------------------------------------------------------------


def moved(
    url: str, location: str | bytes | None, status: int = 302, *more: tuple[bytes, bytes]
) -> Response:
    target = location.encode() if isinstance(location, str) else location
    headers = ((b"Location", target),) if target is not None else ()
    return Response(url, status, headers + more)


def walked(*hops: tuple[str, int], start: str = URL) -> Trail:
    """Follow redirects, each given as its target and status."""
    trail = Trail((asked(start),))
    for location, status in hops:
        trail = followed(trail, moved(trail.hops[-1].url, location, status), NOW)
    return trail


def test_rows_41_and_42_all_five_redirects_are_followed() -> None:
    for status in (301, 302, 303, 307, 308):
        assert (
            walked(("https://new.example/feed", status)).hops[-1].url == "https://new.example/feed"
        )


def test_row_42_only_the_permanent_beginning_is_a_new_address() -> None:
    b, c, d = "https://b.example/", "https://c.example/", "https://d.example/"
    assert walked((b, 302)).permanent is None
    assert walked((b, 301)).permanent == b
    assert walked((b, 301), (c, 308)).permanent == c
    assert walked((b, 301), (c, 302)).permanent == b
    assert walked((b, 301), (c, 302), (d, 301)).permanent == b
    assert walked((b, 302), (c, 301)).permanent is None


def test_row_44_a_way_back_to_http_is_never_a_new_address() -> None:
    assert walked(("http://news.example/feed", 301)).permanent is None
    upwards = walked(("https://news.example/feed", 301), start="http://news.example/feed")
    assert upwards.permanent == "https://news.example/feed"


def test_row_43_the_sixth_redirect_is_one_too_many() -> None:
    five = [(f"https://news.example/{number}", 302) for number in range(MAX_REDIRECTS)]
    assert len(walked(*five).hops) == 6
    with pytest.raises(RedirectError, match="more than 5 times"):
        walked(*five, ("https://news.example/5", 302))


def test_row_43_a_circle_is_noticed() -> None:
    with pytest.raises(RedirectError, match="circle"):
        walked((URL, 302))
    with pytest.raises(RedirectError, match="circle"):
        walked(("/other", 301), ("/feed#again", 301))


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/rss", "https://news.example/rss"),
        ("rss?x=1", "https://news.example/a/rss?x=1"),
        ("?page=2", "https://news.example/a/feed?page=2"),
        ("../rss", "https://news.example/rss"),
        ("//cdn.example/rss", "https://cdn.example/rss"),
        ("HTTPS://cdn.example/a/../rss?", "https://cdn.example/a/../rss?"),
        ("/nouvelles/été", "https://news.example/nouvelles/%C3%A9t%C3%A9"),
        (b"/caf\xe9", "https://news.example/caf%E9"),
        ("https://eve:secret@cdn.example/rss", "https://cdn.example/rss"),
    ],
)
def test_row_43_a_location_is_resolved_against_the_current_url(
    location: str | bytes, target: str
) -> None:
    here = asked("https://news.example/a/feed")
    trail = followed(Trail((here,)), moved(here.url, location), NOW)
    assert trail.hops[-1].url == target


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "http://",
        "http://[::1",
        "//[",
        "https:foo",
        "file:///etc/passwd",
        "FTP://news.example/feed",
        "data:text/xml,<rss/>",
        "gopher://news.example/",
        "http://news.example:25/",
    ],
)
def test_rows_43_and_71_a_location_that_leads_nowhere_is_an_error(location: str | None) -> None:
    with pytest.raises(RedirectError) as caught:
        followed(Trail((asked(),)), moved(URL, location, 301), NOW)
    assert caught.value.status == 301
    assert URL in str(caught.value)


def test_rows_29_and_43_a_redirect_may_ask_to_wait() -> None:
    waiting = moved(URL, "/rss", 307, (b"Retry-After", b"120"))
    with pytest.raises(RedirectError) as caught:
        followed(Trail((asked(),)), waiting, NOW)
    assert caught.value.retry_after == timedelta(minutes=2)
    at_once = moved(URL, "/rss", 307, (b"Retry-After", b"0"))
    assert followed(Trail((asked(),)), at_once, NOW).hops[-1].url == "https://news.example/rss"


SECRETS = (
    (b"Authorization", b"Basic c2VjcmV0"),
    (b"Cookie", b"session=1"),
    (b"X-Api-Key", b"secret"),
)


@pytest.mark.parametrize(
    "location",
    [
        "https://other.example/feed",
        "https://sub.news.example/feed",
        "https://news.example:8443/feed",
        "http://news.example/feed",
    ],
)
def test_row_44_another_origin_gets_no_credentials(location: str) -> None:
    request = replace(asked(), headers=asked().headers + SECRETS)
    trail = followed(Trail((request,)), moved(URL, location), NOW)
    names = {name.lower() for name, _ in trail.hops[-1].headers}
    assert names == {b"user-agent", b"accept", b"accept-encoding", b"connection"}


def test_row_44_the_same_origin_keeps_them() -> None:
    request = replace(asked(), headers=asked().headers + SECRETS)
    trail = followed(Trail((request,)), moved(URL, "https://NEWS.example:443/rss"), NOW)
    assert trail.hops[-1].headers == request.headers


def test_row_47_a_redirect_s_target_is_not_told_where_we_come_from() -> None:
    assert sent(walked(("https://other.example/", 302)).hops[-1], b"Referer") == ()


def test_a_failure_says_where_it_came_from() -> None:
    with pytest.raises(HttpStatusError) as failed:
        answer(Trail((FetchRequest(URL),)), Response(URL, 404, admitted=True), NOW)
    assert failed.value.admitted
