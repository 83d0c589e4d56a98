"""A tool's arguments as assistants read them: one flat object of plain types.

The models say more than clients bear: some stumble over ``anyOf`` and null, and every keyword costs
the assistant's attention. What is left out here is still checked when the tool is called.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

SESSION = "session_id"
SESSION_TEXT = "Which session; the default one if left out."
KEPT = ("type", "description", "enum", "default", "minimum")


def schema_of(model: type[BaseModel], hidden: Collection[str], changes: Schema) -> Schema:
    """Return the schema of a model's fields but for the hidden ones.

    What a call must give comes first; ``changes`` holds what is told otherwise, by field.
    """
    whole = model.model_json_schema()
    required = [name for name in whole.get("required", ()) if name != SESSION]
    told = {SESSION: {"description": SESSION_TEXT}} | changes
    names = [*required, *(name for name in whole["properties"] if name not in required)]
    properties = {
        name: _plain(whole["properties"][name]) | told.get(name, {})
        for name in names
        if name not in hidden
    }
    return {"type": "object", "properties": properties, "required": required}


def _plain(field: Schema) -> Schema:
    """Return a field without its alternative of null."""
    choices = [each for each in field.get("anyOf", ()) if each.get("type") != "null"]
    merged = {**choices[0], **field} if choices else field
    kept = {key: merged[key] for key in KEPT if merged.get(key) is not None}
    if kept.get("minimum", 0) < 0:
        del kept["minimum"]
    return kept
