"""One entry in full: where it came from, when, its tags, and what its publisher wrote."""

from datetime import datetime

from starlette.requests import Request

from aggregator.config.settings import Config
from aggregator.output.publication import publications
from aggregator.publishing import tag_titles
from aggregator.query.fields import summary_counts
from aggregator.serve.site import Page
from aggregator.store.base import Store
from aggregator.urls import fetchable


def entry(request: Request, store: Store, config: Config, _now: datetime) -> Page:
    """Show the entry that the address names."""
    (published,) = publications([store.entry(request.path_params["id"])])
    subject = published.tagged.entry
    values: dict[str, object] = {
        "published": published,
        "subject": subject,
        "source": published.tagged.source,
        "link": subject.link if fetchable(subject.link or "") else None,
        "has_summary": bool(subject.summary_html) and summary_counts(subject),
        "titles": tag_titles(config),
    }
    return Page("entry.html", values)
