"""What describes the server: the OpenAPI document, its page, and the metrics."""

from __future__ import annotations

from pathlib import Path

import flask_openapi3_swagger
from flask import Flask, Response, jsonify, send_from_directory
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from stata_sessions.errors import AdminOnly
from stata_sessions.sessions import Manager, Sessions
from stata_sessions.web import openapi
from stata_sessions.web.metrics import Metrics

SWAGGER = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"
# Everything the page needs comes from this server.
DOCS_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
DOCS_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>stata-sessions: HTTP interface</title>
<link rel="stylesheet" href="/docs/swagger/css/swagger-ui.css">
<link rel="icon" href="/docs/swagger/images/swagger.svg">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger/js/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
DOCS_START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null,
});
"""


def install(app: Flask, sessions: Sessions, metrics: Metrics) -> None:
    """Add the describing routes to the application."""

    @app.get("/openapi.json")
    def openapi_document() -> Response:
        return jsonify(openapi.document())

    @app.get("/docs")
    def docs_page() -> Response:
        headers = {"Content-Security-Policy": DOCS_POLICY}
        return Response(DOCS_PAGE, mimetype="text/html", headers=headers)

    @app.get("/docs/start.js")
    def docs_start() -> Response:
        return Response(DOCS_START, mimetype="text/javascript")

    @app.get("/docs/swagger/<path:name>")
    def docs_file(name: str) -> Response:
        return send_from_directory(SWAGGER, name, max_age=86_400)

    @app.get("/metrics")
    def show_metrics() -> Response:
        if not isinstance(sessions, Manager):  # they tell of everybody's
            raise AdminOnly()
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)
