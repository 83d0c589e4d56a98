"""The Flask application."""

from __future__ import annotations

from flask import Flask

from stata_sessions.mcp import endpoint
from stata_sessions.operations import Context
from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web import auth, documents, errors, interactive, pages, routes

EXTENSION = "stata_sessions"


def create_app(settings: Settings, manager: Manager) -> Flask:
    """Return the application that serves the manager's sessions."""
    app = Flask("stata_sessions", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit_bytes
    context = Context(manager)
    app.extensions[EXTENSION] = context
    errors.install(app)
    auth.install(app, settings)
    routes.install(app, context)
    documents.install(app, context)
    interactive.install(app)
    app.register_blueprint(pages.blueprint)
    endpoint.install(app, context)
    return app
