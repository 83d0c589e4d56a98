"""One rule for each operation that has a route."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from pydantic import BaseModel
from werkzeug.exceptions import MethodNotAllowed

from stata_sessions.errors import (
    InvalidCode,
    InvalidInput,
    InvalidPath,
    NoSuchFile,
    StataSessionsError,
)
from stata_sessions.operations import OPERATIONS, Context, Operation, Route
from stata_sessions.operations.command_models import CommandAnswer, CommandList, HistoryRequest
from stata_sessions.operations.commands import as_do_file
from stata_sessions.operations.help import HelpArguments
from stata_sessions.operations.printed import PrintedRun
from stata_sessions.operations.session_models import SessionCreated
from stata_sessions.operations.shelf import Picture
from stata_sessions.operations.tools import heading_of
from stata_sessions.operations.wording import short_text
from stata_sessions.web import lines
from stata_sessions.web.arguments import arguments_of
from stata_sessions.web.errors import status_of
from stata_sessions.web.stream import Streams, follow_command, follow_session, is_gone

Renderer = Callable[[Any, Any], Response]


def install(app: Flask, context: Context, streams: Streams) -> None:
    """Add the rules of all operations to the application."""
    by_line = streams.render(lines.follower(context))
    renderers = RENDERERS | {
        "stream_output": streams.render(follow_command),
        "stream_transcript": streams.render(follow_session),
        "stream_selection": by_line,
        "stream_file": by_line,
    }
    for each in OPERATIONS.values():
        if each.route is not None:
            app.add_url_rule(
                rule_of(each.route.path),
                each.name,
                _view(each, context, renderers.get(each.name, _as_json)),
                methods=[each.route.method],
            )


def rule_of(path: str) -> str:
    """Return a path of ours as Flask spells it."""
    return re.sub(r"\{(\w+)\}", r"<\1>", path)


def _view(operation: Operation, context: Context, render: Renderer) -> Callable[..., Response]:
    assert operation.route is not None
    route = operation.route

    def view(**path: str) -> Response:
        if request.method == "HEAD" and route.failures == "text":
            # These run code; whoever only wants to know whether an address is good must not.
            raise MethodNotAllowed([route.method])
        given = arguments_of(operation, request, path)
        asked = replace(context, is_gone=is_gone(request), is_known=g.is_known)
        try:
            answer = operation.handler(asked, given)
        except StataSessionsError as error:
            context.refused(error)
            if route.failures == "text":
                return _failed_text(error, route)
            raise
        response = render(given, answer)
        if route.status != response.status_code == 200:
            response.status_code = route.status
        return response

    return view


def _as_json(given: BaseModel, answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), mimetype="application/json")


def _created(given: BaseModel, answer: SessionCreated) -> Response:
    response = _as_json(given, answer)
    response.headers["Location"] = f"/sessions/{answer.session_id}"
    return response


def _submitted(given: BaseModel, answer: CommandAnswer) -> Response:
    response = _as_json(given, answer)
    response.headers["Location"] = f"/sessions/{answer.session_id}/commands/{answer.command}"
    return response


def _as_text(given: BaseModel, printed: PrintedRun) -> Response:
    result = printed.result
    first, second = heading_of(result) + next(printed.output, ""), next(printed.output, "")
    # A short answer has a length; a long one is sent as it is read.
    response = _plain(chain((first, second), printed.output) if second else first)
    headers = {
        "X-Stata-Return-Code": result.return_code,
        "X-Stata-Session": result.session_id,
        "X-Stata-Command": result.command,
        "X-Stata-Epoch": result.epoch,
    }
    response.headers.extend({name: str(each) for name, each in headers.items() if each is not None})
    return response


def _history(given: HistoryRequest, answer: CommandList) -> Response:
    return _plain(as_do_file(answer)) if given.format == "do" else _as_json(given, answer)


def _plain(text: str | Iterable[str]) -> Response:
    return Response(text, mimetype="text/plain")


def _failed_text(error: StataSessionsError, route: Route) -> Response:
    """Return a failure as older clients read it: text that begins ``Error: ``, status 200.

    Only arguments that can never be run are refused by status as well.
    """
    response = _plain(f"Error: {short_text(error)}")
    if route.media == "text/event-stream":
        response = Response(lines.failed(short_text(error)), mimetype=route.media)
    wrong = isinstance(error, (InvalidCode, InvalidInput, InvalidPath))
    if wrong and not isinstance(error, NoSuchFile):
        response.status_code = status_of(error)
    return response


def _picture(given: BaseModel, picture: Picture) -> Response:
    headers = {"Content-Security-Policy": PICTURE_POLICY}
    return Response(picture.content, mimetype=IMAGES[picture.format], headers=headers)


def _file(given: BaseModel, path: Path) -> Response:
    picture = Picture(path.stem, path.suffix.removeprefix("."), path.read_bytes())
    return _picture(given, picture)


def _bytes(given: BaseModel, content: bytes) -> Response:
    return Response(content, mimetype="application/octet-stream")


def _help(given: HelpArguments, text: str) -> Response:
    if given.format == "text":
        return _plain(text)
    page = f"<!doctype html><title>help {escape(given.topic)}</title><pre>{escape(text)}</pre>"
    return Response(page, mimetype="text/html")


# An svg may hold a script, and is shown by whoever opens its address.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
IMAGES = {"png": "image/png", "svg": "image/svg+xml"}
RENDERERS: dict[str, Renderer] = {
    "show_graph": _picture,
    "latest_picture": _file,
    "batch_picture": _file,
    "show_help": _help,
    "show_raw": _bytes,
    "create_session": _created,
    "submit_command": _submitted,
    "print_selection": _as_text,
    "print_file": _as_text,
    "show_history": _history,
}
