"""The addresses of feeds::

    GET /feeds/<name>.atom       a configured output, else a tag; .rss and .json alike
    GET /search.atom?q=…         what the river shows with these filters; .rss and .json alike

200 with the document, 304 where the reader has it, 412 where it wants another; 400 for a query
that cannot be understood, 404 for a name that there is not, 503 where the database does not
answer, each with a sentence.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator.asking.stored import Stored
from aggregator.config.settings import OutputFormat
from aggregator.errors import QueryError, StoreError, UsageError
from aggregator.listings import FORMS
from aggregator.serve import negotiation
from aggregator.serve.river import Filters
from aggregator.serve.shelf import Document, Made, Shelf
from aggregator.serve.site import Site
from aggregator.serve.syndication import Place, Wanted, made, named, searched
from aggregator.store.base import Store
from aggregator.text import single_line

Asked = Callable[[Stored, Place], Wanted]


def feed_routes(site: Site) -> list[Route]:
    """Return where feeds are read."""
    feeds = _Feeds(site)
    return [
        route
        for form in FORMS
        for route in (
            Route(f"/feeds/{{name:path}}.{form}", feeds.by_name(form)),
            Route(f"/search.{form}", feeds.by_search(form)),
        )
    ]


class _Feeds:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._shelf = Shelf(site.clock())

    def by_name(self, form: OutputFormat) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            name, now = request.path_params["name"], self._site.clock()
            return await self._answer(
                request, form, "", lambda stored, place: named(name, stored, place, now)
            )

        return answer

    def by_search(self, form: OutputFormat) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            filters, now = Filters.read(request.query_params), self._site.clock()
            return await self._answer(
                request,
                form,
                filters.but(),
                lambda stored, place: searched(filters, stored, place, now),
            )

        return answer

    async def _answer(
        self, request: Request, form: OutputFormat, query: str, asked: Asked
    ) -> Response:
        place = self._place(request, form, query)
        try:
            document = await self._document(place, asked)
        except QueryError as error:
            return _said(400, f"{error.sentence} {error.hint or ''}".strip())
        except UsageError as error:
            return _said(404, str(error))
        except StoreError as error:
            return _said(503, str(error), {"Retry-After": "60"})
        return await self._sent(request, place, document)

    def _place(self, request: Request, form: OutputFormat, query: str) -> Place:
        serve = self._site.config().serve
        public = serve.url if serve else None
        root = request.scope.get("root_path", "")
        path = quote(request.scope["path"].removeprefix(root)) + (f"?{query}" if query else "")
        return Place(
            public or f"{request.url.scheme}://{request.url.netloc}{root}",
            path,
            form,
            is_public=public is not None,
        )

    async def _document(self, place: Place, asked: Asked) -> Document:
        config, now = self._site.config(), self._site.clock()

        def question(store: Store) -> Made:
            return made(store, asked(Stored(store, config), place), place.format)

        # Asked for first: what is committed from here on makes another version.
        version = await self._site.watch.ask(lambda store: store.version())
        return await self._shelf.document(
            (version, config), place.url, now, lambda: self._site.desk.ask(question)
        )

    async def _sent(self, request: Request, place: Place, document: Document) -> Response:
        coding = negotiation.coding(_field(request, "accept-encoding"))
        etag, now = document.etag(coding), self._site.clock()
        headers = {
            "ETag": etag,
            "Last-Modified": negotiation.http_date(document.modified_at),
            "Cache-Control": negotiation.cache_control("public", document.made.due_at, now),
            "Vary": "Accept-Encoding",
        }
        status = negotiation.status(_conditions(request), etag, document.modified_at)
        if status != 200:
            return Response(status_code=status, headers=headers)
        if coding != "identity":
            headers["Content-Encoding"] = coding
        headers["Accept-Ranges"] = "none"
        body = await self._shelf.coded(place.url, document, coding)
        media_type = f"{FORMS[place.format][1]}; charset=utf-8"
        return Response(body, headers=headers, media_type=media_type)


def _conditions(request: Request) -> negotiation.Conditions:
    return negotiation.Conditions(
        match=_field(request, "if-match"),
        none_match=_field(request, "if-none-match"),
        modified_since=_field(request, "if-modified-since"),
        unmodified_since=_field(request, "if-unmodified-since"),
    )


def _field(request: Request, name: str) -> str | None:
    lines = request.headers.getlist(name)
    return ", ".join(lines) if lines else None


def _said(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    fresh = {"Cache-Control": "no-store"}
    return PlainTextResponse(single_line(sentence), status, {**fresh, **(headers or {})})
