"""The Flask application."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from stata_sessions.mcp import endpoint
from stata_sessions.operations import Context
from stata_sessions.sessions import Manager, OwnSessions, Sessions
from stata_sessions.sessions.journal import Journal
from stata_sessions.settings import Settings
from stata_sessions.web import auth, documents, errors, interactive, pages, routes, trace
from stata_sessions.web.metrics import Metrics
from stata_sessions.web.owners import Owners
from stata_sessions.web.stream import Streams
from stata_sessions.web.tokens import Tokens


def create_app(settings: Settings, manager: Manager, tokens: Tokens | None = None) -> Flask:
    """Return the application that serves the manager's sessions. Raises ConfigurationError."""
    known = tokens or Tokens(settings)
    metrics = Metrics(manager)
    manager.listeners.add(metrics)
    manager.listeners.add(Journal())
    streams = Streams(settings.streams_limit, metrics)

    def admits_admin(shown: str) -> bool:
        holder = known.holder(shown)
        return holder is not None and holder.is_admin

    def owned(sessions: OwnSessions, name: str) -> Flask:
        def admits(shown: str) -> bool:
            holder = known.holder(shown)
            return holder is not None and not holder.is_admin and holder.name == name

        return _application(sessions, streams, metrics, admits)

    app = _application(manager, streams, metrics, admits_admin)
    app.wsgi_app = Owners(app.wsgi_app, manager, known, owned)  # type: ignore[method-assign]  # Flask's way
    return app


def _application(
    sessions: Sessions, streams: Streams, metrics: Metrics, admits: Callable[[str], bool]
) -> Flask:
    app = Flask("stata_sessions", static_folder=None)
    settings = sessions.settings
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit_bytes
    context = Context(sessions, refused=metrics.refused)
    trace.install(app, metrics)
    errors.install(app)
    auth.install(app, settings, admits)
    routes.install(app, context, streams)
    documents.install(app, sessions, metrics)
    interactive.install(app)
    app.register_blueprint(pages.blueprint)
    endpoint.install(app, context, streams.live)
    return app
