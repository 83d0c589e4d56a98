"""The document describes what is there."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from stata_sessions.operations import OPERATIONS
from tests.doors import body

MANUAL = Path(__file__).parents[2] / "docs" / "http.rst"
# Pages and documents, which describe or show and are no operations.
UNDESCRIBED = {
    *("/openapi.json", "/docs", "/metrics", "/interactive", "/interactive.js"),
    *("/mcp", "/mcp-streamable", "/", "/pages/{name}"),
}


def test_the_document_is_valid_openapi(client: FlaskClient) -> None:
    document = body(client.get("/openapi.json"))
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_tag_is_explained(client: FlaskClient) -> None:
    explained = {each["name"] for each in body(client.get("/openapi.json"))["tags"]}
    assert {each.route.tag for each in OPERATIONS.values() if each.route} == explained


def test_every_route_is_described(app: Flask, client: FlaskClient) -> None:
    described = body(client.get("/openapi.json"))["paths"]
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    missing = {rule for rule in rules - described.keys() if not rule.startswith("/docs/")}
    assert missing <= UNDESCRIBED


def test_every_route_is_in_the_manual() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    routes = [each.route for each in OPERATIONS.values() if each.route is not None]
    assert [each.path for each in routes if f"``{each.method} {each.path}``" not in manual] == []


def test_every_operation_says_what_it_is_for() -> None:
    assert [each.name for each in OPERATIONS.values() if not each.summary.endswith(".")] == []


def test_arguments_of_tools_are_plain_objects() -> None:
    for each in OPERATIONS.values():
        if each.tool is not None:
            schema = each.input.model_json_schema()
            assert schema["type"] == "object"
            assert not schema.keys() & {"oneOf", "anyOf", "allOf"}
            assert "session_id" in schema["properties"]


def test_the_page_needs_no_other_address(client: FlaskClient) -> None:
    page = client.get("/docs").text
    assert "http://" not in page and "https://" not in page
    for path in re.findall(r'(?:src|href)="([^"]+)"', page):
        with client.get(path) as answer:
            assert answer.status_code == 200
