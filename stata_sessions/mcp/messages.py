"""The protocol's JSON-RPC messages: bytes in, calls and notices out, and answers back to bytes.

The protocol has two eras. Up to 2025-11-25 a client shakes hands (``initialize``) and carries a
session id from then on; since 2026-07-28 every request stands alone and tells version and
capabilities in ``params._meta``, with the method and the tool's name repeated in headers. Both
arrive at the same address; ``Call.is_modern`` tells them apart.

Nothing here knows a socket or a clock, and whatever the bytes, only ``Refused`` is raised.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from stata_sessions import __version__

Id = int | str
Object = dict[str, Any]
# Looks a header up, in whatever case it was sent.
Header = Callable[[str], str | None]

# Both for everything; older configurations name the second.
PATHS = ("/mcp", "/mcp-streamable")
HANDSHAKE_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
MODERN_VERSIONS = ("2026-07-28",)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022

SESSION_HEADER = "Mcp-Session-Id"
VERSION_HEADER = "MCP-Protocol-Version"
METHOD_HEADER = "Mcp-Method"
NAME_HEADER = "Mcp-Name"

_META = "io.modelcontextprotocol/"
VERSION_KEY = _META + "protocolVersion"
CAPABILITIES_KEY = _META + "clientCapabilities"
SERVER_KEY = _META + "serverInfo"

SERVER_INFO = {"name": "stata-sessions", "title": "Stata sessions", "version": __version__}
CAPABILITIES: Object = {"tools": {}}
# Ids and tokens are repeated in answers and remembered while a call runs.
ID_LIMIT = 256
# The list of tools changes with the server's version only.
LIST_TTL_MS = 300_000


class Refused(Exception):
    """A message that is answered by a JSON-RPC error."""

    def __init__(
        self, code: int, message: str, *, id: Id | None = None, data: Object | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.id, self.data = code, message, id, data


@dataclass(frozen=True, slots=True)
class Call:
    """A request, which wants an answer."""

    id: Id
    method: str
    params: Object
    is_modern: bool

    @property
    def meta(self) -> Object:
        """What the client tells about itself and this request."""
        return _object(self.params.get("_meta"))

    @property
    def progress_token(self) -> Id | None:
        """The token under which the client wants to hear of progress, if it does."""
        token = self.meta.get("progressToken")
        return token if is_id(token) else None

    def refuse(self, code: int, message: str, data: Object | None = None) -> NoReturn:
        """Raise Refused in the name of this call."""
        raise Refused(code, message, id=self.id, data=data)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification: nobody waits for an answer."""

    method: str
    params: Object

    @property
    def cancelled(self) -> Id | None:
        """The id of the call that should be given up, if this notice says so."""
        found = self.params.get("requestId")
        return found if self.method == "notifications/cancelled" and is_id(found) else None


def is_id(value: object) -> bool:
    """Tell whether a value may name a request or a stream of progress."""
    if isinstance(value, str):
        return len(value) <= ID_LIMIT
    return isinstance(value, int) and not isinstance(value, bool)


def parse(body: bytes, version: str = "") -> Call | Notice | None:
    """Return the message in a body; None for an answer of the client's, which we never await.

    ``version`` is the version header. Raises Refused.
    """
    message = _decoded(body)
    if isinstance(message, list):
        raise Refused(INVALID_REQUEST, "Batches are not supported; send one message at a time")
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise Refused(INVALID_REQUEST, "This is not a JSON-RPC 2.0 message")
    id, method = message.get("id"), message.get("method")
    if method is None and ("result" in message or "error" in message):
        return None
    known = id if is_id(id) else None
    if not isinstance(method, str):
        raise Refused(INVALID_REQUEST, "The message names no method", id=known)
    params = message.get("params")
    if params is not None and not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "params must be an object", id=known)
    if "id" not in message:
        return Notice(method, params or {})
    if known is None:
        raise Refused(INVALID_REQUEST, f"An id is a number, or text of at most {ID_LIMIT} letters")
    modern = version in MODERN_VERSIONS or VERSION_KEY in _object(_object(params).get("_meta"))
    return Call(known, method, params or {}, modern)


def check_headers(call: Call, header: Header) -> None:
    """Raise Refused unless headers and body agree on version, method and name."""
    if call.is_modern:
        _check_modern(call, header)
    elif (version := header(VERSION_HEADER)) and version not in HANDSHAKE_VERSIONS:
        _refuse_version(call, version)


def _check_modern(call: Call, header: Header) -> None:
    missing = [key for key in (VERSION_KEY, CAPABILITIES_KEY) if key not in call.meta]
    if missing:
        call.refuse(INVALID_PARAMS, f"params._meta must hold {' and '.join(missing)}")
    version = call.meta[VERSION_KEY]
    if not isinstance(version, str):
        call.refuse(INVALID_PARAMS, f"{VERSION_KEY} must be text")
    _check_same(call, header, VERSION_HEADER, version)
    _check_same(call, header, METHOD_HEADER, call.method)
    name = call.params.get("name")
    if call.method == "tools/call" and name is not None:
        _check_same(call, header, NAME_HEADER, name)
    if version not in MODERN_VERSIONS:
        _refuse_version(call, version)


def _check_same(call: Call, header: Header, name: str, wanted: object) -> None:
    if header_text(header(name)) != wanted:
        call.refuse(HEADER_MISMATCH, f"The header {name} does not say what the body says")


def _refuse_version(call: Call, version: str) -> NoReturn:
    data = {"supported": [*MODERN_VERSIONS, *HANDSHAKE_VERSIONS], "requested": version}
    call.refuse(UNSUPPORTED_VERSION, "Unsupported protocol version", data)


def header_text(value: str | None) -> str | None:
    """Return what a header says; text that no header can carry travels as ``=?base64?...?=``."""
    if value is None or not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[9:-2], validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def as_header(text: str) -> str:
    """Return text as a header carries it; the reverse of ``header_text``."""
    plain = text.isascii() and text.isprintable() and text == text.strip()
    if plain and not text.startswith("=?base64?"):
        return text
    return f"=?base64?{base64.b64encode(text.encode('utf-8', 'replace')).decode()}?="


def initialized(call: Call) -> Object:
    """Return the result of the handshake: the version asked for, or else our latest."""
    asked = call.params.get("protocolVersion")
    version = asked if asked in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[0]
    return {"protocolVersion": version, "capabilities": CAPABILITIES, "serverInfo": SERVER_INFO}


def discovered() -> Object:
    """Return what we are, for a client that shakes no hands."""
    return {"supportedVersions": list(MODERN_VERSIONS), "capabilities": CAPABILITIES, **cached()}


def cached() -> Object:
    """Return how long a client may keep a list."""
    return {"ttlMs": LIST_TTL_MS, "cacheScope": "private"}


def result(call: Call, found: Object) -> Object:
    """Return the answer to a call."""
    if call.is_modern:
        meta = {SERVER_KEY: SERVER_INFO, **found.get("_meta", {})}
        found = {"resultType": "complete", **found, "_meta": meta}
    return {"jsonrpc": "2.0", "id": call.id, "result": found}


def error(refused: Refused) -> Object:
    """Return the answer to a message that was refused."""
    told: Object = {"code": refused.code, "message": refused.message}
    if refused.data is not None:
        told["data"] = refused.data
    return {"jsonrpc": "2.0", "id": refused.id, "error": told}


def progress(token: Id, seconds: float, message: str) -> Object:
    """Return a notice of progress; it counts seconds, since the end is not known."""
    params = {"progressToken": token, "progress": round(seconds, 1), "message": message}
    return {"jsonrpc": "2.0", "method": "notifications/progress", "params": params}


def encoded(message: Object) -> str:
    """Return a message as one line of ASCII."""
    return json.dumps(message, separators=(",", ":"))


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):  # also for bytes that are no text, and endless numbers
        raise Refused(PARSE_ERROR, "The body is not valid JSON") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _object(value: object) -> Object:
    return value if isinstance(value, dict) else {}
