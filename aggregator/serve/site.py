"""What all pages are made from, and what they have in common: the frame, times, errors."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aggregator import __version__
from aggregator.config.settings import Config
from aggregator.errors import NoSuchEntryError, StoreError, StoreInterruptedError
from aggregator.identity import feed_id
from aggregator.listings import FORMS
from aggregator.serve.desk import Desk
from aggregator.serve.images import Images
from aggregator.store.base import Store
from aggregator.tagging import Rule
from aggregator.wording import ago, counted, signed, sized

HERE = Path(__file__).parent

NAVIGATION = (("/", "River"), ("/tags", "Tags"), ("/feeds", "Feeds"), ("/bench", "Rule bench"))
"""The pages that every page leads to."""

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows: a template, the values that it names, and the status of the answer."""

    template: str
    values: dict[str, object]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Site:
    """What pages are made from.

    ``watch`` is a desk of one store, which does nothing but tell versions of the database.
    ``config`` returns the configuration of now, ``clock`` the instant (UTC);
    ``ticked_at`` when it was last looked for what is to be polled, None where nothing is polled.
    ``images`` shows the pictures of entries.
    """

    desk: Desk
    watch: Desk
    config: Callable[[], Config]
    clock: Callable[[], datetime]
    ticked_at: Callable[[], datetime | None]
    images: Images

    def page(self, view: Callable[[Request, Store, Config, datetime], Page]) -> Handler:
        """Return the handler that shows a view; it is made, and drawn, on a thread of the desk."""

        async def shown(request: Request) -> Response:
            config, now = self.config(), self.clock()
            try:
                return await self.desk.ask(
                    lambda store: draw(request, view(request, store, config, now), now)
                )
            except NoSuchEntryError as error:
                return draw(request, told("Not found", str(error), 404), now)
            except StoreInterruptedError:
                return draw(request, told("That takes too long", _TOO_LONG, 503), now)
            except StoreError as error:
                return draw(request, told("The database cannot answer", str(error), 503), now)

        return shown


def draw(request: Request, page: Page, now: datetime) -> Response:
    """Return a page as HTML."""
    root = request.scope.get("root_path", "")
    text = (
        templates()
        .get_template(page.template)
        .render(page.values, root=root, now=now, version=__version__, here=request.url.path)
    )
    return HTMLResponse(text, page.status, {"Cache-Control": "no-cache"})


_TOO_LONG = "The question needs more time than is allowed. Ask for less: a shorter period, a tag."


def told(title: str, sentence: str, status: int) -> Page:
    """Return a page that says one thing."""
    return Page("told.html", {"title": title, "sentence": sentence}, status)


@cache
def templates() -> Environment:
    """Return the templates, compiled: whoever asks for them early spares the first reader that."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "ago": ago,
        "counted": counted,
        "exact": exact,
        "feed_id": feed_id,
        "place": place,
        "signed": signed,
        "sized": sized,
    }
    environment.filters.update(filters)
    environment.globals["navigation"] = NAVIGATION
    environment.globals["formats"] = tuple((suffix, *told) for suffix, told in FORMS.items())
    for name in environment.list_templates():
        environment.get_template(name)
    return environment


def exact(at: datetime) -> str:
    """Return an instant in full, for people: its zone is UTC."""
    return f"{at.astimezone(UTC):%A %d %B %Y, %H:%M:%S} UTC"


def place(rule: Rule) -> str:
    """Return where a rule stands: its file by name alone, as directories are nobody's business."""
    return f"{Path(rule.path).name}:{rule.line}"
