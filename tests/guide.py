"""The usage guide's own text, where tests run it."""

from __future__ import annotations

# The guide's "Full Workflow", byte for byte.
FULL_WORKFLOW = r"""
import requests

BASE_URL = "http://localhost:4000"

# 1. Check current sessions
sessions = requests.get(f"{BASE_URL}/sessions").json()
print(f"Active sessions: {len(sessions['sessions'])}")

# 2. Create a new session
response = requests.post(f"{BASE_URL}/sessions")
session_id = response.json()['session_id']
print(f"Created session: {session_id}")

# 3. Execute commands in the session
result = requests.post(
    f"{BASE_URL}/v1/tools",
    json={
        "tool": "stata_run_selection",
        "parameters": {
            "selection": "display \"Hello from session!\"",
            "session_id": session_id
        }
    }
).json()
print(f"Output: {result['output']}")

# 4. Clean up
requests.delete(f"{BASE_URL}/sessions/{session_id}")
print(f"Destroyed session: {session_id}")
"""
