"""A request's arguments, from its path, query, headers and body."""

from __future__ import annotations

import json
from typing import Any, get_args

from flask import Request
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, UnprocessableEntity, UnsupportedMediaType

from stata_sessions.errors import InvalidInput
from stata_sessions.operations import Operation

# curl says the third of these unless told otherwise.
TEXT_TYPES = ("", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream")


def arguments_of(operation: Operation, asked: Request, path: dict[str, str]) -> BaseModel:
    """Return the operation's input, checked; raises pydantic's and werkzeug's errors."""
    route = operation.route
    assert route is not None
    # The body is read first: the form parser of ``args`` would swallow it.
    found = (
        _json_body(asked, operation.input) if route.arguments == "json" else asked.args.to_dict()
    )
    if route.text_field and route.text_field not in found:
        found[route.text_field] = _text_body(asked, route.text_field)
    return operation.input.model_validate(
        {**route.defaults, **found, **_headers(operation.input, asked), **path}
    )


def header_of(model: type[BaseModel], field: str) -> str | None:
    """Return the header that a field is read from, if it is."""
    extra = model.model_fields[field].json_schema_extra
    if isinstance(extra, dict) and extra.get("in") == "header":
        return str(extra["name"])
    return None


def _headers(model: type[BaseModel], asked: Request) -> dict[str, str]:
    named = {field: header_of(model, field) for field in model.model_fields}
    return {
        field: asked.headers[header]
        for field, header in named.items()
        if header and asked.headers.get(header)
    }


# JSON knows no other; a form feed alone is not an empty body.
JSON_BLANKS = b" \t\r\n"


def _json_body(asked: Request, model: type[BaseModel]) -> dict[str, Any]:
    raw = asked.get_data()
    if not raw.strip(JSON_BLANKS):
        return {}
    if not asked.is_json:
        raise UnsupportedMediaType("Send the arguments as application/json")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):  # also for bytes that are no UTF-8
        raise BadRequest("The body is not valid JSON") from None
    if not isinstance(body, dict):
        raise UnprocessableEntity("The body must be a JSON object")
    _check_numbers(model, body)
    return body


def _check_numbers(model: type[BaseModel], body: dict[str, Any]) -> None:
    """Raise InvalidInput for a number that is none: JSON has a type for them, unlike a query."""
    for name, value in body.items():
        field = model.model_fields.get(name)
        types = {field.annotation, *get_args(field.annotation)} if field else set()
        if isinstance(value, str | bool) and types & {int, float} and not types & {str, bool}:
            raise InvalidInput(f"{name}: give a number")


def _text_body(asked: Request, field: str) -> str:
    if asked.mimetype not in TEXT_TYPES:
        raise UnsupportedMediaType(f"Send {field} as text/plain, or in the query")
    try:
        text = asked.get_data().decode(asked.mimetype_params.get("charset", "utf-8"))
    except (UnicodeDecodeError, LookupError):
        raise BadRequest("The body is not text in the encoding it claims") from None
    if not text.strip():
        raise BadRequest(f"{field} is required: as the text/plain body, or in the query")
    return text
