"""The addresses of the pages::

    GET /              the river of stories
    GET /entries/<id>  one entry in full
    GET /tags          how many entries carry each tag, and when they came
    GET /tags/<name>   one tag: its rule, its examples, the latest that carry it
    GET /feeds         how every feed does; ?sort= a column, with - before it the other way round
    GET /sources/<id>  one of them, with the history of its polls
    GET /bench         what a query would match, and the rule it would make
    GET /images/…      a picture that a page shows, where pictures are wanted
    GET /static/…      their style, scripts and icon

those of the feeds that we publish, which `aggregator.serve.documents` lists (all that stands below
``/feeds/`` is one of ours: hence ``/sources/``), and those of `aggregator.serve.vitals`.

Every other is answered with 404, and nothing but GET and HEAD at any; where there is a password,
none but the public ones without it.
"""

from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from aggregator.config.settings import ServeSettings
from aggregator.serve.admission import Admission
from aggregator.serve.bench import bench
from aggregator.serve.documents import feed_routes
from aggregator.serve.entries import entry
from aggregator.serve.feeds import feeds, source
from aggregator.serve.guard import Guard, names
from aggregator.serve.pacing import Pacing
from aggregator.serve.river import river
from aggregator.serve.site import HERE, Site, draw, templates, told
from aggregator.serve.tags import tag, tags
from aggregator.serve.vitals import vital_routes


def pages(site: Site) -> Mount:
    """Return all pages of a site, guarded, ready to be drawn."""
    templates()

    async def nothing(request: Request, _error: Exception) -> Response:
        return draw(
            request, told("There is nothing here", "No page has this address.", 404), site.clock()
        )

    def ours() -> frozenset[str]:
        return names(site.config().serve or ServeSettings())

    def password() -> str | None:
        serve = site.config().serve
        return serve.password if serve else None

    def opened() -> frozenset[str]:
        outputs = site.config().outputs
        return frozenset(f"/feeds/{each.name}.{each.format}" for each in outputs if each.public)

    routes = [
        Route("/", site.page(river)),
        Route("/entries/{id}", site.page(partial(entry, site.images))),
        Route("/images/{signature}", site.images.show),
        Route("/tags", site.page(tags)),
        Route("/tags/{name}", site.page(tag)),
        Route("/feeds", site.page(feeds)),
        Route("/sources/{id}", site.page(source)),
        Route("/bench", site.page(bench)),
        *feed_routes(site),
        *vital_routes(site),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    below = Starlette(routes=routes, exception_handlers={404: nothing})
    below.router.redirect_slashes = False
    return Mount("", app=Guard(Admission(Pacing(below, site.clock), password, opened), ours))
