"""The endpoint over HTTP: ``POST /mcp``, and the same under ``/mcp-streamable``.

Answers that are there at once are JSON; whoever has to wait gets a stream of events, which notices
within half a second that its client left. What leaving means is the era's to say: nothing while
clients shake hands and send ``notifications/cancelled``, and a cancel since they do not. A client
that listens (``GET``) has its answers put into its mailbox instead.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

from flask import Flask, Request, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from stata_sessions.errors import NoSuchTool
from stata_sessions.mcp import contents, messages, tools
from stata_sessions.mcp.jobs import Job, Jobs
from stata_sessions.mcp.mailboxes import PARAMETER, Mailbox, Mailboxes
from stata_sessions.mcp.messages import Call, Notice, Object, Refused
from stata_sessions.operations import Context
from stata_sessions.sse import HEARTBEAT_S, LOOK_UP_S, event
from stata_sessions.tracing import current_request

# An answer that is there this soon needs no stream, and its connection lives on.
SOON_S = 0.05
PROGRESS_S = 1.5
# What a tool gets beyond its waiting, to collect output and pictures.
COLLECTING_S = 5.0
PING = ": ping\n\n"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
# Codes that are an HTTP failure too; since 2026-07-28 so are the others of the second table.
STATUSES = {
    messages.PARSE_ERROR: 400,
    messages.INVALID_REQUEST: 400,
    messages.HEADER_MISMATCH: 400,
    messages.UNSUPPORTED_VERSION: 400,
}
MODERN_STATUSES = {messages.INVALID_PARAMS: 400, messages.METHOD_NOT_FOUND: 404}

Gone = Callable[[], bool]
# Makes a live response of what a generator yields. Raises TooManyStreams.
Live = Callable[[Callable[[Gone], Iterator[str]]], Response]


def install(app: Flask, context: Context, live: Live) -> None:
    """Add the endpoint to the application."""
    endpoint = Endpoint(context, live)
    for path in messages.PATHS:
        app.add_url_rule(path, f"mcp:{path}", endpoint.post, methods=["POST"])
        app.add_url_rule(path, f"mcp-listen:{path}", endpoint.listen, methods=["GET"])


class Endpoint:
    """Answers one message for each request; a tool's answer is due after ``answer_s`` seconds.

    A tool that has none by then, because its session is not even ready to take the command, gets
    ``COLLECTING_S`` more, and then an answer that says so.
    """

    def __init__(self, context: Context, live: Live, answer_s: float = tools.ANSWER_S) -> None:
        self._context, self._live, self._answer_s = context, live, answer_s
        # Jobs may outlive their calls, and so the threads that bound those.
        self._limit = context.settings.connection_limit
        self._free = BoundedSemaphore(self._limit)
        self._jobs, self._mailboxes = Jobs(), Mailboxes()
        self._answers: dict[str, Callable[[Call], Object]] = {
            "initialize": lambda call: messages.initialized(call) | _instructions(),
            "server/discover": lambda call: messages.discovered() | _instructions(),
            "ping": lambda call: {},
            "tools/list": _list,
        }

    def listen(self) -> Response:
        """Open the stream of a client that wants all its answers there.

        Newer clients ask for a stream of what the server says by itself; it says nothing.
        """
        if not _wants_mailbox(request):
            raise MethodNotAllowed(["POST"])
        mailbox, address = self._mailboxes.open(), request.script_root + request.path
        readiness = self._context.manager.readiness
        response = self._live(
            lambda gone: mailbox.events(address, gone, lambda: readiness.is_draining)
        )
        response.call_on_close(lambda: self._mailboxes.close(mailbox))
        return response

    def post(self) -> Response:
        """Take a message, and answer it."""
        if PARAMETER in request.args:
            return self._posted(request.args[PARAMETER])
        modern = request.headers.get(messages.VERSION_HEADER) in messages.MODERN_VERSIONS
        try:
            message = messages.parse(request.get_data(), _version(request))
            if isinstance(message, Call):
                modern = message.is_modern
                messages.check_headers(message, request.headers.get)
                return self._answer(message)
        except Refused as refused:
            return _refusal(refused, modern)
        if message is not None:
            self._take(message, request.headers.get(messages.SESSION_HEADER))
        return Response(status=202)

    def _posted(self, id: str) -> Response:
        """Take a message of a client that listens."""
        mailbox = self._mailboxes.find(id)
        if mailbox is None:
            raise NotFound("Nobody listens for this answer any more; open the stream anew with GET")
        try:
            message = messages.parse(request.get_data(), _version(request))
            if isinstance(message, Call):
                self._put(mailbox, message)
            elif message is not None:
                self._take(message, mailbox.id)
        except Refused as refused:
            if refused.id is None:
                return _refusal(refused, modern=False)
            mailbox.put(event(messages.encoded(messages.error(refused))))
        return Response(status=202)

    def _put(self, mailbox: Mailbox, call: Call) -> None:
        if call.method != "tools/call":
            mailbox.put(event(messages.encoded(self._told(call))))
            return
        job = self._started(call)
        forget = self._jobs.add((mailbox.id, call.id), job)
        mailbox.owe(_stream(call, job, mailbox.is_closed), forget)

    def _take(self, notice: Notice, session: str | None) -> None:
        if session and notice.cancelled is not None:
            self._jobs.cancel((session, notice.cancelled))

    def _told(self, call: Call) -> Object:
        if call.method not in self._answers:
            call.refuse(messages.METHOD_NOT_FOUND, f"No such method: {call.method}")
        return messages.result(call, self._answers[call.method](call))

    def _answer(self, call: Call) -> Response:
        if call.method == "tools/call":
            return self._call(call)
        response = _json(self._told(call))
        if call.method == "initialize":
            response.headers[messages.SESSION_HEADER] = secrets.token_hex(16)
        return response

    def _call(self, call: Call) -> Response:
        # Without a session id nobody could name the call, and nobody else may.
        session = request.headers.get(messages.SESSION_HEADER) or secrets.token_hex(16)
        job = self._started(call)
        forget = self._jobs.add((session, call.id), job)
        if job.wait(SOON_S) and not job.is_cancelled():
            response = _json(_answer_of(call, job))
        else:
            stream = _stream(call, job, _gone(request))
            response = Response(stream, mimetype="text/event-stream", headers=HEADERS)
        # Called however the response ends, even if its stream was never begun.
        response.call_on_close(forget)
        if call.is_modern:
            response.call_on_close(job.cancel)
        return response

    def _started(self, call: Call) -> Job:
        name, arguments = call.params.get("name"), call.params.get("arguments") or {}
        if not isinstance(name, str) or not isinstance(arguments, dict):
            text = "tools/call needs a name, and arguments in an object"
            call.refuse(messages.INVALID_PARAMS, text)
        try:
            job = tools.call(self._context, name, arguments, self._answer_s)
        except NoSuchTool as error:
            call.refuse(messages.INVALID_PARAMS, error.message)
        if not self._free.acquire(blocking=False):
            text = f"More than {self._limit} calls are at work (connection_limit); try again later"
            call.refuse(messages.INTERNAL_ERROR, text)
        return job.start(self._free.release)


def _stream(call: Call, job: Job, gone: Gone) -> Iterator[str]:
    yield PING  # so that the client has the headers
    yield from _waiting(call, job, gone)
    if not job.is_cancelled() and not gone():
        job.keep()
        yield event(messages.encoded(_answer_of(call, job)))


def _waiting(call: Call, job: Job, gone: Gone) -> Iterator[str]:
    """Yield signs of life until the job is done, cancelled, out of time, or its client left."""
    token, told = call.progress_token, time.monotonic()
    every_s = HEARTBEAT_S if token is None else PROGRESS_S
    while not job.wait(LOOK_UP_S):
        if job.is_cancelled() or gone() or job.late_s > COLLECTING_S:
            return
        if time.monotonic() - told < every_s:
            continue
        told = time.monotonic()
        if token is None:
            yield PING
        else:
            yield event(messages.encoded(messages.progress(token, job.elapsed_s, job.progress())))


def _answer_of(call: Call, job: Job) -> Object:
    if not job.wait(0):
        return messages.result(call, contents.unanswered(job.progress(), job.elapsed_s))
    if job.answer is None:
        number = current_request.get()
        text = f"Internal error; the server's log has the details under request {number}"
        return messages.error(Refused(messages.INTERNAL_ERROR, text, id=call.id))
    return messages.result(call, job.answer)


def _list(call: Call) -> Object:
    return {"tools": tools.listed()} | (messages.cached() if call.is_modern else {})


def _instructions() -> Object:
    return {"instructions": tools.INSTRUCTIONS}


def _wants_mailbox(asked: Request) -> bool:
    """Tell whether a client of the oldest kind asks: it has shaken no hands yet."""
    knows_us = messages.SESSION_HEADER in asked.headers or messages.VERSION_HEADER in asked.headers
    wants_events = "text/event-stream" in asked.headers.get("Accept", "")
    return asked.method == "GET" and wants_events and not knows_us


def _version(asked: Request) -> str:
    return asked.headers.get(messages.VERSION_HEADER, "")


def _gone(asked: Request) -> Gone:
    found: Gone = asked.environ.get("waitress.client_disconnected", lambda: False)
    return found


def _refusal(refused: Refused, modern: bool) -> Response:
    response = _json(messages.error(refused))
    statuses = STATUSES | MODERN_STATUSES if modern else STATUSES
    response.status_code = statuses.get(refused.code, 200)
    return response


def _json(message: Object) -> Response:
    return Response(messages.encoded(message), mimetype="application/json")
