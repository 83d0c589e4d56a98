"""The live page. Its files hold nothing of anyone's: what it shows it asks for like any client."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

FOLDER = Path(__file__).parent / "pages"
# Also what may be served at all. Spelt out, since a machine's own table may say otherwise.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
# Nothing from elsewhere, nothing inline, and no text that becomes HTML. Pictures of graphs are
# fetched with the token first, and so shown from memory.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def front_page() -> Response:
    """Answer the page itself."""
    return _file("index.html")


@blueprint.get("/pages/<name>")
def page_file(name: str) -> Response:
    """Answer one of the page's files."""
    return _file(name)


def _file(name: str) -> Response:
    kind = TYPES.get(Path(name).suffix)
    if kind is None:
        abort(404)
    # Looked up again each time, by its tag: the page always fits the server that it talks to.
    response = send_from_directory(FOLDER, name, mimetype=kind, max_age=0)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
