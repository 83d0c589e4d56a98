"""What happens, as Prometheus metrics: counted when it happens, measured only when asked for.

No label ever holds what a client chose, such as an id or code: each has few values, all known here.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from stata_sessions import __version__
from stata_sessions.errors import LimitError, StataSessionsError
from stata_sessions.sessions import Command, Listener, Manager, SessionView
from stata_sessions.sessions.losses import CAUSES, cause_of
from stata_sessions.sessions.seats import LicenceView
from stata_sessions.states import CommandState, SessionState
from stata_sessions.web.usage import ConsoleUsage

Labelled = TypeVar("Labelled", Counter, Histogram)

PREFIX = "stata_sessions"
SOON = (0.001, 0.01, 0.1, 0.5, 1, 5, 30, 60, 300, 900, 3600)
COMMAND = (*SOON, 4 * 3600, 12 * 3600)
START = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900)
BREAK = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
REQUEST = (0.005, 0.025, 0.1, 0.5, 1, 5, 30, 60, 300, 3600)

OUTCOMES = ("finished", "error", "stopped", "time-limit", "lost")
RUNGS = ("break", "second-break", "kill")
METHODS = ("GET", "POST", "DELETE", "HEAD", "OPTIONS")
OTHER = "other"


class Metrics(Listener):
    """Counts what a manager tells and what the doors see; knows the sessions as they are now."""

    def __init__(self, manager: Manager) -> None:
        # When a series began is two more rows for each, which nobody asks for.
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # theirs
        self.registry = CollectorRegistry()
        self.registry.register(_Now(manager))
        self._count_sessions()
        self._count_requests()
        ProcessCollector(registry=self.registry)

    def _count_sessions(self) -> None:
        self._starts = self._histogram(
            "start_seconds", "Time from the start of a console to its first prompt.", START
        )
        self._losses = self._counter(
            "losses", "Consoles that ended without being closed.", reason=CAUSES
        )
        self._waits = self._histogram(
            "queue_wait_seconds", "Time that commands waited before they began.", SOON
        )
        self._commands = self._histogram(
            "command_seconds", "Time that commands ran.", COMMAND, outcome=OUTCOMES
        )
        self._cancelled = self._counter("commands_cancelled", "Commands that left the queue unrun.")
        self._breaks = self._histogram(
            "break_seconds",
            "Time from the first break to the end of the command.",
            BREAK,
            rung=RUNGS,
        )
        self._output = self._counter("output_bytes", "What consoles printed for commands.")

    def _count_requests(self) -> None:
        self._requests = self._counter(
            "http_requests", "Requests answered.", method=(), route=(), status=()
        )
        self._times = self._histogram(
            "http_request_seconds",
            "Time from a request to the end of its answer, waiting and streaming included.",
            REQUEST,
            method=(),
            route=(),
        )
        kinds = sorted(each.kind for each in LimitError.__subclasses__())
        self._refusals = self._counter(
            "refusals", "Requests refused because of a limit, by kind of error.", limit=kinds
        )
        self.streams = Gauge(
            "streams_open", "Live streams.", namespace=PREFIX, registry=self.registry
        )

    def _counter(self, name: str, purpose: str, **labels: Iterable[str]) -> Counter:
        made = Counter(name, purpose, list(labels), namespace=PREFIX, registry=self.registry)
        return _with_children(made, labels)

    def _histogram(
        self, name: str, purpose: str, buckets: Sequence[float], **labels: Iterable[str]
    ) -> Histogram:
        made = Histogram(
            name,
            purpose,
            list(labels),
            namespace=PREFIX,
            registry=self.registry,
            buckets=buckets,
        )
        return _with_children(made, labels)

    # What the sessions tell.

    def session_changed(self, session: SessionView) -> None:
        """Count losses."""
        if session.state is SessionState.LOST:
            self._losses.labels(cause_of(session)).inc()

    def console_started(self, session: SessionView) -> None:
        """Count the start."""
        self._starts.observe(session.start_s or 0.0)

    def console_printed(self, size_bytes: int) -> None:
        """Count output."""
        self._output.inc(size_bytes)

    def command_changed(self, command: Command) -> None:
        """Count what began and what ended."""
        if command.state is CommandState.RUNNING:
            self._waits.observe(command.waited_s or 0.0)
        elif command.ended and command.started_at is None:
            self._cancelled.inc()
        elif command.ended:
            self._commands.labels(outcome_of(command)).observe(command.elapsed_s or 0.0)
            if command.broken_after_s is not None:
                self._breaks.labels(command.rung).observe(command.broken_after_s)

    # What the doors tell.

    def answered(self, method: str, route: str, status: int, elapsed_s: float) -> None:
        """Count a request whose answer is out."""
        method = method if method in METHODS else OTHER
        self._requests.labels(method, route, str(status)).inc()
        self._times.labels(method, route).observe(elapsed_s)

    def refused(self, error: StataSessionsError) -> None:
        """Count a refusal, if a limit is its reason."""
        if isinstance(error, LimitError):
            self._refusals.labels(error.kind).inc()


def outcome_of(command: Command) -> str:
    """Return how a command that ran has ended, one of ``OUTCOMES``."""
    if command.state is CommandState.BROKEN:
        return "time-limit" if command.reason == "time-limit" else "stopped"
    if command.state is CommandState.LOST:
        return "lost"
    return "error" if command.return_code else "finished"


def _with_children(made: Labelled, labels: dict[str, Iterable[str]]) -> Labelled:
    """Have the series of a single label there from the beginning, at zero."""
    if len(labels) == 1:
        for each in next(iter(labels.values())):
            made.labels(each)
    return made


class _Now(Collector):
    """The sessions as they are at this moment."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        self._usage = ConsoleUsage()

    def collect(self) -> Iterator[Metric]:
        """Yield what can be seen now."""
        sessions = self._manager.sessions()
        views = [each.view() for each in sessions]
        limit, available = self._manager.slots()
        queued = sum(view.queued for view in views)
        placeless = sum(bool(view.place and view.place.queued) for view in views)
        used = self._usage.measured(sessions)
        info = InfoMetricFamily("stata_sessions", "Which server this is.")
        info.add_metric([], {"version": __version__})
        yield info
        yield _states(views)
        yield from _jobs(views)
        yield _gauge("slots", "Most sessions at once.", limit)
        yield _gauge("slots_free", "Sessions still possible.", available)
        yield _gauge("commands_queued", "Commands waiting for their turn.", queued)
        yield _gauge("places_awaited", "Sessions waiting in a scheduler's queue.", placeless)
        yield _gauge("console_memory_bytes", "Resident memory of all Statas.", used.memory_bytes)
        yield _gauge(
            "console_memory_largest_bytes", "Resident memory of the largest.", used.largest_bytes
        )
        yield from _licence(self._manager.licence())
        yield CounterMetricFamily(
            f"{PREFIX}_console_cpu_seconds",
            "Processor time of all Statas, as far as somebody looked while they lived.",
            used.cpu_s,
        )


def _licence(view: LicenceView) -> Iterator[Metric]:
    yield _gauge("licence_seats", "Seats that the server may take; 0 if unknown.", view.seats)
    yield _gauge("licence_seats_taken", "Consoles, those started ahead included.", view.taken)
    yield _gauge("licence_refuses", "1 while the licence gives no seat.", view.is_refusing)
    yield CounterMetricFamily(
        f"{PREFIX}_licence_refusals", "Starts that the licence refused.", view.refusals
    )


def _states(views: list[SessionView]) -> Metric:
    found = Tally(view.state for view in views)
    gauge = GaugeMetricFamily(PREFIX, "Sessions by state.", labels=["state"])
    for state in SessionState:
        gauge.add_metric([state.value], found[state])
    return gauge


def _jobs(views: list[SessionView]) -> Iterator[Metric]:
    """Yield where the sessions on other machines are; nothing where there are none."""
    places = [view.place for view in views if view.place]
    if not places:
        return
    jobs = InfoMetricFamily(f"{PREFIX}_job", "Jobs of the live sessions on other machines.")
    for place in places:
        jobs.add_metric([], {"job": place.job, "node": place.node, "queued": place.queued})
    yield jobs


def _gauge(name: str, purpose: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", purpose, value)
