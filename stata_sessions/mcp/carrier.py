"""The relay's way to the server: one HTTP exchange for each message."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from stata_sessions.client.connection import Address
from stata_sessions.mcp import messages
from stata_sessions.mcp.messages import Call, Object

CONNECT_S = 5.0
# The server shows that it lives every 15 s.
SILENCE_S = 120.0
EVENT_BYTES = 64 * 2**20


class NoServer(Exception):
    """Nobody answers, or somebody who is not our server, or one who does not let us in."""


class Carrier:
    """The address of a server, and what the handshake with it brought.

    Raises ConfigurationError for what is no address.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self._address = Address.of(url, token or None)
        self.connection()
        self._path = path_of(self._address.url)
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }
        if self._address.token:
            self._headers["Authorization"] = f"Bearer {self._address.token}"

    @property
    def url(self) -> str:
        """Where the server should be."""
        return self._address.url

    def is_served(self) -> bool:
        """Tell whether anybody listens at the address."""
        connection = self._address.connect(CONNECT_S)
        try:
            connection.connect()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    def exchange(self, call: Call) -> Exchange:
        """Return the exchange for a call, which is still to be run."""
        return Exchange(self, call)

    def notify(self, line: bytes) -> None:
        """Carry a message that nobody answers; one that does not arrive is no loss."""
        connection = self.connection()
        with contextlib.suppress(OSError, HTTPException):
            connection.request("POST", self._path, line, self._headers)
            connection.getresponse().read()
        connection.close()

    def connection(self) -> HTTPConnection:
        """Return a connection, which is still to be opened."""
        return self._address.connect(SILENCE_S)

    def request(self, connection: HTTPConnection, call: Call, line: bytes) -> HTTPResponse:
        """Send a call with the headers that its era wants, and return what comes back."""
        headers = dict(self._headers)
        if call.is_modern:
            headers[messages.VERSION_HEADER] = str(call.meta.get(messages.VERSION_KEY))
            headers[messages.METHOD_HEADER] = messages.as_header(call.method)
            if isinstance(name := call.params.get("name"), str):
                headers[messages.NAME_HEADER] = messages.as_header(name)
        connection.request("POST", self._path, line, headers)
        return connection.getresponse()

    def shook_hands(self, response: HTTPResponse, answer: Object) -> None:
        """Remember what every later message of the handshake's era has to carry."""
        version = answer.get("result", {}).get("protocolVersion")
        session = response.getheader(messages.SESSION_HEADER)
        self._headers |= {messages.VERSION_HEADER: version} if version else {}
        self._headers |= {messages.SESSION_HEADER: session} if session else {}


class Exchange:
    """One call and the messages that answer it."""

    def __init__(self, carrier: Carrier, call: Call) -> None:
        self._carrier, self.call = carrier, call
        self._connection = carrier.connection()
        self._socket: socket.socket | None = None
        self.is_cancelled = False

    def run(self, line: bytes) -> Iterator[Object]:
        """Yield the messages that come back. Raises NoServer."""
        try:
            with contextlib.closing(self._connection):
                self._connection.connect()
                # Held here, since the connection lets go of it when a stream begins.
                self._socket = self._connection.sock
                if not self.is_cancelled:
                    yield from self._received(line)
        except (OSError, HTTPException, ValueError) as error:
            if not self.is_cancelled:
                raise NoServer(unserved(self._carrier.url, error)) from error

    def hang_up(self) -> None:
        """Cancel it by leaving, from whichever thread."""
        self.is_cancelled = True
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _received(self, line: bytes) -> Iterator[Object]:
        response = self._carrier.request(self._connection, self.call, line)
        if response.getheader("Content-Type", "").startswith("text/event-stream"):
            yield from events(response)
            return
        answer = json.loads(response.read())
        if not isinstance(answer, dict):
            raise NoServer(f"What answers at {self._carrier.url} is not stata-sessions")
        if "jsonrpc" not in answer:  # refused before it came to the protocol
            raise NoServer(f"{self._carrier.url} answered {response.status}: {_said(answer)}")
        if self.call.method == "initialize":
            self._carrier.shook_hands(response, answer)
        yield answer


def path_of(url: str) -> str:
    """Return the endpoint's path at an address, which may name it, or only the server."""
    base = "" if url.startswith("unix:") else urlsplit(url).path.rstrip("/")
    return base if base.endswith(messages.PATHS) else base + messages.PATHS[0]


def events(response: HTTPResponse) -> Iterator[Object]:
    """Yield the messages of a stream of events. Raises ValueError."""
    data: list[bytes] = []
    while line := response.readline(EVENT_BYTES):
        if line.startswith(b"data: "):
            data.append(line[6:].rstrip(b"\r\n"))
        elif not line.strip() and data:
            yield json.loads(b"\n".join(data))
            data.clear()


def unserved(url: str, error: Exception) -> str:
    """Say that no server answers, and how to start one."""
    if isinstance(error, json.JSONDecodeError):
        return f"What answers at {url} is not stata-sessions"
    return f"No stata-sessions answers at {url} ({error}); start it with: stata-sessions serve"


def _said(answer: Object) -> str:
    return str(answer.get("message") or answer.get("error") or "no reason given")
