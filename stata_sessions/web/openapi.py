"""The registry as an OpenAPI 3.1 document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from stata_sessions import __version__
from stata_sessions.operations import OPERATIONS, Operation, Route
from stata_sessions.web.arguments import header_of
from stata_sessions.web.errors import status_of

REFERENCE = "#/components/schemas/{model}"
ERROR_SCHEMA = {
    "type": "object",
    "description": "What went wrong; the facts behind it are further fields.",
    "properties": {
        "status": {"const": "error"},
        "error": {"type": "string"},
        "message": {"type": "string"},
        "kind": {"type": "string", "description": "A stable word for programs."},
        "request_id": {"type": "string", "description": "Under which the server's log has it."},
    },
    "required": ["status", "error", "message", "kind", "request_id"],
}
TEXT = {"type": "string"}
# In the order of reading.
TAGS = {
    "sessions": "Stata processes, each with its own data",
    "commands": "Submissions of code, which outlive their clients",
    "views": "What a session holds, read without changing it",
    "existing clients": "The guide's routes, and those of older servers' clients",
    "server": "The server itself",
}
# Of each event in a stream.
EVENT_SCHEMA = {
    "type": "object",
    "properties": {"data": TEXT, "event": TEXT, "id": TEXT},
    "required": ["data"],
}
INFO = {
    "title": "stata-sessions",
    "version": __version__,
    "description": "Many live Stata sessions behind one server.",
}


def document() -> dict[str, Any]:
    """Return the OpenAPI document of all operations that have a route."""
    routed = [each for each in OPERATIONS.values() if each.route is not None]
    schemas = _schemas(routed)
    paths: dict[str, dict[str, Any]] = {}
    for each in routed:
        assert each.route is not None
        paths.setdefault(each.route.path, {})[each.route.method.lower()] = _described(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "tags": [{"name": name, "description": what} for name, what in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas | {"Error": ERROR_SCHEMA},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # Needed only where the server has a token.
        "security": [{}, {"token": []}],
    }


def _schemas(routed: list[Operation]) -> dict[str, Any]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for each in routed:
        wanted[each.input, "validation"] = None
        if each.output is not None:
            wanted[each.output, "serialization"] = None
    _, found = models_json_schema(list(wanted), ref_template=REFERENCE)
    return dict(found.get("$defs", {}))


def _described(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    route = operation.route
    assert route is not None
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [route.tag],
        "parameters": _parameters(operation, schemas),
        "responses": _responses(operation, route),
    }
    if operation.description:
        described["description"] = operation.description
    body = _body(operation, route, schemas)
    return described | ({"requestBody": body} if body else {})


def _in_path(route: Route, field: str) -> bool:
    return "{" + field + "}" in route.path


def _parameters(operation: Operation, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    route, schema = operation.route, _input_schema(operation, schemas)
    assert route is not None
    found = []
    for name, each in schema.get("properties", {}).items():
        header = header_of(operation.input, name)
        place = "path" if _in_path(route, name) else "header" if header else route.arguments
        if place == "json":
            continue
        # Code that may also come as the body is not required in the query.
        required = place == "path" or (
            name in schema.get("required", ()) and name != route.text_field
        )
        found.append(
            {"name": header or name, "in": place, "required": required, "schema": _plain(each)}
        )
    return found


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter as its text in a URL can fulfil it."""
    options = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    kept = {
        key: value for key, value in schema.items() if key not in ("anyOf", "default", "in", "name")
    }
    if len(options) == 1:
        kept |= options[0]
    if schema.get("default") is not None:
        kept["default"] = schema["default"]
    return kept


def _body(operation: Operation, route: Route, schemas: dict[str, Any]) -> dict[str, Any] | None:
    if route.text_field:
        text = {"schema": {"type": "string"}}
        return {"required": False, "content": {"text/plain": text}}
    if route.arguments != "json":
        return None
    schema = _input_schema(operation, schemas)
    fields = {
        name: each for name, each in schema["properties"].items() if not _in_path(route, name)
    }
    required = [name for name in schema.get("required", ()) if name in fields]
    own = {**schema, "properties": fields, "required": required}
    if not required:
        own.pop("required")
    return {"required": bool(required), "content": {"application/json": {"schema": own}}}


def _input_schema(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[operation.input.__name__]
    return found


def _responses(operation: Operation, route: Route) -> dict[str, Any]:
    good: dict[str, Any] = {
        "description": "Done",
        "content": {route.media: {"schema": _answer(operation, route)}},
    }
    good["content"] |= {media: {"schema": TEXT} for media in route.also}
    error = {"application/json": {"schema": {"$ref": REFERENCE.format(model="Error")}}}
    if route.failures == "text":
        error[route.media] = {"schema": _answer(operation, route)}
    failures = {
        str(status_of(each)): {"description": (each.__doc__ or "").strip(), "content": error}
        for each in operation.errors
    }
    other = {"description": "Any other failure", "content": error}
    return {str(route.status): good, **dict(sorted(failures.items())), "default": other}


def _answer(operation: Operation, route: Route) -> dict[str, Any]:
    if route.media == "application/json":
        return _reference(operation.output)
    return EVENT_SCHEMA if route.media == "text/event-stream" else TEXT


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}
