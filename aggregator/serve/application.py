"""All that is served, as one ASGI application: where hubs call, and the pages beside it."""

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Router


def application(routes: Iterable[BaseRoute], path: str = "") -> Starlette:
    """Return the application below ``path``, which is empty or begins with a slash."""
    # Starlette's own redirects to a slash would repeat whatever host a request names.
    below = Router(routes=list(routes), redirect_slashes=False)
    app = Starlette(
        routes=[Mount(path, app=below)], exception_handlers={404: _nothing, 405: _nothing}
    )
    app.router.redirect_slashes = False
    return app


async def _nothing(_request: Request, _error: Exception) -> Response:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return PlainTextResponse("There is nothing here.", 404, headers)
