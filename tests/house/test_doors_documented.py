"""Every tool and every state that a client may meet stands in the documents."""

from stata_sessions.operations.registry import OPERATIONS
from stata_sessions.states import CommandState, SessionState
from tests.house.source import ROOT


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_tool_is_documented() -> None:
    tools = [operation.tool.name for operation in OPERATIONS.values() if operation.tool]
    assert tools != []
    assert [name for name in tools if f"``{name}``" not in document("mcp.rst")] == []


def test_every_state_is_documented() -> None:
    states = [state.value for state in (*SessionState, *CommandState)]
    assert [state for state in states if f"``{state}``" not in document("http.rst")] == []
