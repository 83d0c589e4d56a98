"""Who may ask: the token, the Host and the Origin of every request.

A server on loopback needs no token, but any web page in the user's browser can reach it: by its
name through DNS rebinding (so Host is checked), or from the page itself (so Origin is checked, and
Sec-Fetch-Site where a browser sends no Origin, as for an image whose address is ours).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request

from stata_sessions.errors import NoToken, WrongHost, WrongOrigin
from stata_sessions.mcp import messages
from stata_sessions.settings import Settings, is_loopback
from stata_sessions.web import trace

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# Pages that change nothing may be opened by a link from anywhere, pictures shown anywhere.
PAGES = frozenset({"/", "/docs", "/interactive"})
PICTURES = "/graphs/"
# The live page asks its viewer for the token itself, and is nothing without it.
LIVE_PAGE = "/"
LIVE_PAGE_FILES = "/pages/"
# Whoever looks after servers has no token of each, and learns nothing but yes or no.
PROBES = frozenset({"/health/live", "/health/ready"})
# What pages of allowed origins may send, and may read; assistants in a browser need the last rows.
SENT = (
    *("Authorization", "Content-Type", "Last-Event-ID", trace.HEADER),
    *(messages.SESSION_HEADER, messages.VERSION_HEADER),
    *(messages.METHOD_HEADER, messages.NAME_HEADER),
)
READ = (
    *("X-Stata-Return-Code", "X-Stata-Session", "X-Stata-Command", "X-Stata-Epoch"),
    *("Location", "Retry-After", "WWW-Authenticate", trace.HEADER),
    *(messages.SESSION_HEADER, messages.VERSION_HEADER),
)
CORS_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": ", ".join(SENT),
    "Access-Control-Expose-Headers": ", ".join(READ),
    "Vary": "Origin",
}


def install(app: Flask, settings: Settings, admits: Callable[[str], bool]) -> None:
    """Check every request before anything else looks at it; ``admits`` judges its token."""
    names = _names(settings)

    @app.before_request
    def check() -> Response | None:
        if not settings.unix_socket:
            check_host(request, settings, names)
        check_origin(request, settings)
        if request.method == "OPTIONS" and request.headers.get("Origin"):
            return Response(status=204)  # a browser's question before it sends the token
        g.is_known = admits(token_shown(request))
        is_page = request.path == LIVE_PAGE or request.path.startswith(LIVE_PAGE_FILES)
        if not (g.is_known or is_page or request.path in PROBES):
            raise NoToken()
        return None

    @app.after_request
    def allow(response: Response) -> Response:
        origin = request.headers.get("Origin")
        if origin in settings.allowed_origins:
            response.headers.update(CORS_HEADERS)
            response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


def check_host(asked: Request, settings: Settings, names: frozenset[str]) -> None:
    """Raise WrongHost unless the Host header is one of ours."""
    given = asked.headers.get("Host")
    if given is None:  # HTTP/1.0; no browser does that
        return
    host = _host_of(given)
    if host in names or (not is_loopback(settings.host) and _is_address(host)):
        return
    raise WrongHost(given)


def check_origin(asked: Request, settings: Settings) -> None:
    """Raise WrongOrigin if a page from elsewhere asks."""
    origin = asked.headers.get("Origin")
    if origin is None:
        _check_site(asked)
        return
    if origin in settings.allowed_origins:
        return
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or parts.netloc != asked.headers.get("Host"):
        raise WrongOrigin(origin)


def token_shown(asked: Request) -> str:
    """Return the token of a request: a bearer token, or the password that a browser asks for."""
    given = asked.authorization
    return ((given.token or given.password) if given else None) or ""


def _check_site(asked: Request) -> None:
    site = asked.headers.get("Sec-Fetch-Site", "none")
    if site in ("none", "same-origin") or asked.method not in ("GET", "HEAD"):
        return
    opened = asked.headers.get("Sec-Fetch-Mode") == "navigate" and asked.path in PAGES
    if not opened and not asked.path.startswith(PICTURES):
        raise WrongOrigin(site)


def _names(settings: Settings) -> frozenset[str]:
    own = {_host_of(name) for name in (settings.host, *settings.allowed_hosts)}
    if is_loopback(settings.host):
        return LOOPBACK_NAMES | own
    return LOOPBACK_NAMES | own | {socket.gethostname().lower()}


def _host_of(given: str) -> str:
    if given.startswith("["):
        return given[1:].partition("]")[0].lower()
    return given.lower() if given.count(":") > 1 else given.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
