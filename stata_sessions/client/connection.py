"""One request at a time to a server, over TCP, TLS or a Unix socket; failures become our errors."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    InvalidURL,
)
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from stata_sessions import errors

DEFAULT_URL = "http://127.0.0.1:4000"
URL_VARIABLE = "STATA_SESSIONS_URL"
TOKEN_VARIABLE = "STATA_SESSIONS_TOKEN"  # noqa: S105  # a name, not a token
KINDS: dict[str, type[HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}
# Beyond what the server itself was asked to wait: for the way there and back.
ANSWER_S = 60.0

# For kinds that this version does not know, from a newer server.
BY_STATUS: dict[int, type[errors.StataSessionsError]] = {
    401: errors.AccessError,
    403: errors.AccessError,
    409: errors.StateError,
    410: errors.StateError,
    421: errors.AccessError,
    429: errors.LimitError,
    502: errors.ConsoleError,
    503: errors.LimitError,
    504: errors.ConsoleError,
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and the token that it wants."""

    url: str
    token: str

    @classmethod
    def of(cls, url: str | None, token: str | None) -> Address:
        """Take what is given; else what the environment says; else this machine's server."""
        environ = os.environ  # noqa: TID251  # a client is the top of somebody's program
        return cls(
            (url or environ.get(URL_VARIABLE) or DEFAULT_URL).rstrip("/"),
            environ.get(TOKEN_VARIABLE, "") if token is None else token,
        )

    def connect(self, wait_s: float) -> HTTPConnection:
        """Return a connection that was not opened yet.

        Raises ConfigurationError for what is no address.
        """
        try:
            parts = urlsplit(self.url)
            if parts.scheme == "unix" and parts.path:
                return _UnixConnection(parts.path, wait_s)
            if parts.scheme in KINDS and parts.hostname:
                parts.hostname.encode("idna")
                return KINDS[parts.scheme](parts.hostname, parts.port, timeout=wait_s)
        except (ValueError, InvalidURL):  # a port beyond all ports, a blank in a name
            pass
        raise errors.ConfigurationError(
            f"not the address of a server: {self.url!r}; give http://HOST:PORT, "
            "https://HOST or unix:PATH",
            key="url",
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        wait_s: float = 0,
    ) -> HTTPResponse:
        """Send a request and return the answer, to be read and closed.

        Values that are None are left out. Raises our errors for what the server refuses, and
        ConnectionError if none answers.
        """
        connection = self.connect(wait_s + ANSWER_S)
        # The path of the address is there for a server below one, behind a proxy.
        base = "" if self.url.startswith("unix:") else urlsplit(self.url).path
        asked = urlencode(_given(query or {}))
        target = base + path + ("?" + asked if asked else "")
        sent = {"Accept": "*/*", "Connection": "close", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        content = None
        if body is not None:
            content, sent["Content-Type"] = json.dumps(_given(body)), "application/json"
        try:
            connection.request(method, target, content and content.encode(), sent)
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            connection.close()
            raise self.unreachable(error) from error
        if response.status >= 400:
            raise self._refusal(response)
        return response

    def unreachable(self, error: Exception) -> ConnectionError:
        """Return the error that says that no server answers, and what to do about it."""
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return ConnectionError(
            f"no server answers at {self.url}: {reason}; start one with 'stata-sessions serve', "
            f"or name another with --url or {URL_VARIABLE}"
        )

    def _refusal(self, response: HTTPResponse) -> Exception:
        with response:
            content = response.read()
        try:
            told = json.loads(content)
            message, kind = str(told["message"]), str(told["kind"])
        except (ValueError, KeyError, TypeError):
            return ConnectionError(f"{self.url} is no stata-sessions server: {response.status}")
        facts = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in told.items()
            if name not in ("status", "error", "message", "kind", "detail")
        }
        return error_of(kind, response.status, message, facts)


class _UnixConnection(HTTPConnection):
    """HTTP over the socket at a path."""

    def __init__(self, path: str, wait_s: float) -> None:
        super().__init__("localhost", timeout=wait_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def error_of(
    kind: str, status: int, message: str, facts: Mapping[str, Any]
) -> errors.StataSessionsError:
    """Return the error of a kind, as the server raised it."""
    found = next(
        (each for each in _below(errors.StataSessionsError) if each.kind == kind),
        BY_STATUS.get(status, errors.UsageError if status < 500 else errors.StataSessionsError),
    )
    # Each class has an __init__ of its own, which makes the message that is here already.
    error = found.__new__(found)
    errors.StataSessionsError.__init__(error, message, **facts)
    return error


def segment(name: object) -> str:
    """Return a name as a part of a path."""
    return quote(str(name), safe="")


def _below(root: type[errors.StataSessionsError]) -> list[type[errors.StataSessionsError]]:
    children = root.__subclasses__()
    return children + [each for child in children for each in _below(child)]


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
