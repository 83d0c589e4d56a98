"""Each request has an id, and is counted and logged when its answer is out."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from stata_sessions.tracing import current_request, request_id
from stata_sessions.web.metrics import OTHER, Metrics

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# Asked by machines every few seconds, and by browsers for each picture of a page.
QUIET = ("/health", "/metrics", "/pages/", "/docs/")
# What an open page asks for every two seconds.
LIST = ("GET", "/sessions", 200)


def install(app: Flask, metrics: Metrics) -> None:
    """Follow every request of the application; has to be installed before all else."""

    @app.before_request
    def begin() -> None:
        g.begun = time.monotonic()
        current_request.set(request_id(request.headers.get(HEADER)))

    @app.after_request
    def end(response: Response) -> Response:
        begun = g.begun
        method = request.method
        route = _route()
        facts = {
            "request_id": current_request.get(),
            "method": method,
            "route": route,
            "status": response.status_code,
            **_places(),
        }

        def out() -> None:
            elapsed_s = time.monotonic() - begun
            metrics.answered(method, route, response.status_code, elapsed_s)
            is_quiet = route.startswith(QUIET) or (method, route, response.status_code) == LIST
            level = logging.DEBUG if is_quiet else logging.INFO
            told = facts | {"elapsed_s": round(elapsed_s, 4)}
            log.log(level, "%s %s: %d", method, route, response.status_code, extra={"facts": told})

        response.headers[HEADER] = facts["request_id"]
        # However it ends; a stream is out only when its last event is.
        response.call_on_close(out)
        return response

    @app.teardown_request
    def leave(error: BaseException | None) -> None:
        current_request.set("")


def _route() -> str:
    """Return the rule that the request met, never the address, which may hold anything."""
    return request.url_rule.rule if request.url_rule else OTHER


def _places() -> dict[str, str]:
    """Return the session and the command that the address names."""
    named = request.view_args or {}
    return {
        ours: str(named[theirs])[:64]
        for theirs, ours in (("session_id", "session"), ("number", "command"))
        if theirs in named
    }
