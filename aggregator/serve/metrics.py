"""Figures in the format of Prometheus, read from the store whenever somebody asks.

Nothing is counted in this process, so that `serve` and `run` tell the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from aggregator import __version__
from aggregator.store.measures import Ended, Measures

MEDIA_TYPE = CONTENT_TYPE_LATEST

_QUANTILES = (0.5, 0.95, 1.0)


def exposition(measures: Measures) -> bytes:
    """Return the figures as text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(measures))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def collect(self) -> Iterator[Metric]:
        told = self._measures
        yield _by("info", "The program that tells this.", ("version",), [((__version__,), 1)])
        yield _by("feeds", "Feeds by status.", ("status",), _single(told.feeds))
        yield _gauge("feeds_due", "Active feeds that could be polled at once.", told.due)
        yield _gauge(
            "overdue_seconds", "For how long the first of them is due.", _seconds(told.overdue)
        )
        yield CounterMetricFamily(
            "aggregator_polls", "Polls that there ever were of today's feeds.", told.polls
        )
        how = ("outcome", "code")
        yield _by(
            "last_polls", "Active feeds by how their last poll ended.", how, _ended(told.last)
        )
        yield _by(
            "recent_polls", "Polls of the last hour by how they ended.", how, _ended(told.recent)
        )
        yield _by(
            "recent_poll_seconds",
            "How long the polls of the last hour took.",
            ("quantile",),
            _quantiles(told.durations),
        )
        yield _gauge("recent_poll_bytes", "What came of them, decoded.", told.recent_bytes)
        yield _gauge("entries", "Entries that are stored.", told.entries)
        yield _by("tag_entries", "Entries that carry each tag.", ("tag",), _single(told.tags))
        yield _by(
            "webhook_waiting_seconds",
            "For how long the first entry waits that a webhook has yet to be told of.",
            ("webhook",),
            [((name,), _seconds(age)) for name, age in told.untold],
        )
        yield _gauge("database_bytes", "The database on disk, with its log.", told.size_bytes)


Samples = Iterable[tuple[tuple[str, ...], float]]


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"aggregator_{name}", told, value)


def _by(name: str, told: str, labels: Sequence[str], samples: Samples) -> Metric:
    family = GaugeMetricFamily(f"aggregator_{name}", told, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _single(counts: Iterable[tuple[str, int]]) -> Samples:
    return [((name,), number) for name, number in counts]


def _ended(polls: Iterable[Ended]) -> Samples:
    return [((each.outcome, each.code), each.polls) for each in polls]


def _quantiles(durations: Sequence[timedelta]) -> Samples:
    """Return the durations that so great a part of the polls did not exceed."""
    if not durations:
        return []
    last = len(durations) - 1
    return [((f"{part:g}",), _seconds(durations[round(part * last)])) for part in _QUANTILES]


def _seconds(length: timedelta) -> float:
    return length.total_seconds()
