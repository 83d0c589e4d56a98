"""The sessions as Prometheus metrics, read when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from stata_sessions.sessions import Sessions, SessionView
from stata_sessions.states import SessionState


def exposition(manager: Sessions) -> tuple[bytes, str]:
    """Return the metrics as text, and the media type of that text."""
    registry = CollectorRegistry()
    registry.register(SessionMetrics(manager))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class SessionMetrics(Collector):
    """What all sessions together, and each alone, are doing."""

    def __init__(self, manager: Sessions) -> None:
        self._manager = manager

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as of now."""
        views = [session.view(usage=True) for session in self._manager.sessions()]
        limit, available = self._manager.slots()
        yield _states(views)
        yield GaugeMetricFamily("stata_sessions_slots", "Most sessions at once", limit)
        yield GaugeMetricFamily("stata_sessions_slots_free", "Sessions still possible", available)
        yield _each("commands", "Commands submitted since it opened", views, "commands")
        yield _each("queued", "Commands waiting", views, "queued")
        yield _each("memory_bytes", "Resident memory of its Stata", views, "memory_bytes")
        yield _each("cpu_seconds", "Processor time of its Stata", views, "cpu_s")
        yield _each("idle_seconds", "Time without a command", views, "idle_s")


def _states(views: list[SessionView]) -> Metric:
    found = Counter(view.state for view in views)
    gauge = GaugeMetricFamily("stata_sessions", "Sessions by state", labels=["state"])
    for state in SessionState:
        gauge.add_metric([state.value], found[state])
    return gauge


def _each(name: str, purpose: str, views: list[SessionView], field: str) -> Metric:
    gauge = GaugeMetricFamily(f"stata_session_{name}", purpose, labels=["session"])
    for view in views:
        value = getattr(view, field)
        if value is not None:
            gauge.add_metric([view.name], value)
    return gauge
