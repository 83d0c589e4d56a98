"""What each error becomes over HTTP: a status, and one shape of body."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, InternalServerError

from stata_sessions import errors
from stata_sessions.operations.wording import complaint, short_text
from stata_sessions.tracing import current_request

log = logging.getLogger(__name__)

# Looked up along the ancestors of an error's class, so that a new error has a status by birth.
STATUSES: dict[type[errors.StataSessionsError], int] = {
    errors.StataSessionsError: 500,
    errors.UsageError: 422,
    errors.NoSuchSession: 404,
    errors.NoSuchCommand: 404,
    errors.NoSuchGraph: 404,
    errors.NoSuchTool: 404,
    errors.NoSuchFile: 404,
    errors.NoSuchTopic: 404,
    errors.RefusedCondition: 400,
    errors.PathNotAllowed: 403,
    errors.ProtectedSession: 409,
    errors.MultiSessionOff: 409,
    errors.AccessError: 403,
    errors.NoToken: 401,
    errors.WrongHost: 421,
    errors.StateError: 409,
    errors.SessionGone: 410,
    errors.OutputDiscarded: 410,
    errors.NotReady: 503,
    errors.LimitError: 429,
    errors.TooLittleMemory: 503,
    errors.ServerStopping: 503,
    errors.ConsoleError: 502,
    errors.LaunchTimedOut: 504,
    errors.NoLicenceSeat: 503,
}
# A request may have as many faults as it has fields; these are enough to begin with.
MOST_FAULTS = 20
# Kinds of the errors that werkzeug, Flask and waitress raise; other statuses are just "http".
HTTP_KINDS = {
    400: "malformed-request",
    404: "no-such-route",
    405: "wrong-method",
    413: "too-large",
    415: "wrong-media-type",
    422: "invalid-input",
    431: "too-large",
}


def status_of(error: errors.StataSessionsError | type[errors.StataSessionsError]) -> int:
    """Return the HTTP status of an error, or of a class of errors."""
    kind = error if isinstance(error, type) else type(error)
    return next(STATUSES[each] for each in kind.__mro__ if each in STATUSES)


def body_of(error: errors.StataSessionsError) -> dict[str, object]:
    """Return the body that tells a client about an error.

    ``error`` is the guide's own text where the guide has one; ``message`` may say more.
    """
    return _body(short_text(error), error.message, error.kind) | {
        name: fact for name, fact in error.facts.items() if fact is not None
    }


def body_for(status: int, text: str) -> dict[str, object]:
    """Return the body for an error that is not ours."""
    return _body(text, text, HTTP_KINDS.get(status, "http"))


def answer_of(error: errors.StataSessionsError) -> Response:
    """Return the response for an error of ours."""
    response = jsonify(body_of(error))
    response.status_code = status_of(error)
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, errors.NoToken):
        response.headers["WWW-Authenticate"] = _challenge()
    return response


def _challenge() -> str:
    # A browser that opens an address asks its user for the password; a page that fetches one has
    # its own way to ask, and must not be overtaken by the browser's.
    opened = request.headers.get("Sec-Fetch-Mode") == "navigate"
    return 'Bearer, Basic realm="stata-sessions"' if opened else "Bearer"


def install(app: Flask) -> None:
    """Make every failure of the app answer with our body."""
    app.register_error_handler(errors.StataSessionsError, answer_of)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(HTTPException, _foreign)
    app.register_error_handler(Exception, _unexpected)


def _body(error: str, message: str, kind: str) -> dict[str, object]:
    return {
        "status": "error",
        "error": error,
        "message": message,
        "kind": kind,
        "request_id": current_request.get(),
    }


def _invalid(error: ValidationError) -> Response:
    # Never with the input: it may be code or data.
    found = error.errors(include_input=False, include_url=False, include_context=False)[
        :MOST_FAULTS
    ]
    text = complaint(found)
    response = jsonify(_body(text, text, "invalid-input") | {"detail": found})
    response.status_code = 422
    return response


def _foreign(error: HTTPException) -> Response:
    # From the exception's own response: it carries headers such as Allow.
    response = Response(headers=error.get_response().headers)
    text = error.description or error.name
    status = error.code or 500
    own = jsonify(body_for(status, text))
    response.set_data(own.get_data())
    response.status_code = status
    response.content_type = "application/json"
    return response


def _unexpected(error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    number = current_request.get()
    text = f"Internal error; the server's log has the details under request {number}"
    response = jsonify(_body(text, text, "internal-error"))
    response.status_code = InternalServerError.code
    return response
