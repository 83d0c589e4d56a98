"""What an assistant reads: output as it is, remarks that call for a next step, and pictures."""

from __future__ import annotations

import base64
import csv
import io
import itertools
import json
from typing import Any

from pydantic import BaseModel

from stata_sessions.errors import NoSuchGraph, StataSessionsError
from stata_sessions.mcp.messages import Object
from stata_sessions.operations.command_models import InputSent
from stata_sessions.operations.data import DataRows
from stata_sessions.operations.outputs import CHARACTERS_PER_TOKEN
from stata_sessions.operations.run_models import GraphRecord, RunResult
from stata_sessions.operations.session_models import SessionInfo, SessionList
from stata_sessions.operations.shelf import GraphShelf

# Assistants pay for each picture, and refuse those of more than about 5 MB in base64.
PICTURES_LIMIT = 10
PICTURE_BYTES = 3 * 2**20
# Where programs find what the text tells people.
COMMAND_KEY = "stata-sessions/command"
ERROR_KEY = "stata-sessions/error"
FACTS = {"session_id", "command", "state", "return_code", "epoch", "next_offset", "reason"}

LOOK = "stata_session shows the sessions (action list) and makes new ones (action create)."
# What to do about an error, by its kind.
HINTS = {
    "no-such-session": LOOK,
    "session-gone": LOOK,
    "too-many-sessions": "Destroy a session that is no longer needed, or use an existing one.",
    "no-licence-seat": "Use an existing session, destroy one that is no longer needed, or wait.",
    "session-busy": "Wait for its command with stata_session (action output), or stop it.",
    "console-lost": "Restart it with stata_session (action restart), or use another session.",
    "protected-session": "stata_session (action restart) gives it a fresh Stata.",
    "no-such-file": "Give an absolute path, as the server's machine sees it.",
    "no-such-command": "Leave command out to read the latest one.",
    "output-discarded": "Go on from the oldest offset that is kept.",
}


def ran(shelf: GraphShelf, result: RunResult, *, restarted: bool) -> Object:
    """Return a run as a tool's result; a Stata error is marked, and its output is the text."""
    pictures, elsewhere = _pictures(shelf, result.graphs)
    remarks = _remarks(result, restarted) + elsewhere
    texts = [result.output or ("" if remarks else "(no output)"), "\n".join(remarks)]
    return {
        "content": [*(_text(each) for each in texts if each), *pictures],
        "isError": result.error is not None,
        "_meta": {COMMAND_KEY: result.model_dump(mode="json", include=FACTS)},
    }


def remarked(answer: Object, remark: str) -> Object:
    """Return a tool's result with one more text, behind its others."""
    return answer | {"content": [*answer["content"], _text(remark)]}


def told(answer: BaseModel, tokens: int) -> Object:
    """Return any other answer as text of about that many tokens at most."""
    if isinstance(answer, DataRows):
        text = _table(answer, tokens)
    else:
        text = fitted(_written(answer), tokens)
    return {"content": [_text(text)], "isError": False}


def failed(error: StataSessionsError) -> Object:
    """Return an error of ours as a sentence to act on."""
    hint = HINTS.get(error.kind)
    text = f"{error.message}. {hint}" if hint else error.message
    return {
        "content": [_text(text)],
        "isError": True,
        "_meta": {ERROR_KEY: {"kind": error.kind, **error.facts}},
    }


def unanswered(what: str, waited_s: float) -> Object:
    """Return the answer of a tool that could not do its work in time, and goes on with it."""
    text = (
        f"No answer within {waited_s:.0f} s ({what}); it goes on. "
        "Look at the sessions with stata_session (action list), then read with action output."
    )
    return {"content": [_text(text)], "isError": False}


def fitted(text: str, tokens: int) -> str:
    """Return the beginning of text that is too long, and say so."""
    limit = tokens * CHARACTERS_PER_TOKEN
    if not tokens or len(text) <= limit:
        return text
    return f"{text[:limit]}\n... {len(text) - limit} characters left out (max_output_tokens) ..."


def _remarks(result: RunResult, restarted: bool) -> list[str]:
    where = f"command {result.command} of session {result.session_id}"
    found = []
    if restarted:
        found.append(f"Stata was restarted ({result.epoch_reason}): earlier data are gone.")
    if result.hint:
        found.append(f"Stata waits for input: {result.hint}. Answer: stata_session, action input.")
    elif result.is_running:
        found.append(
            f"Not finished after {result.elapsed_s or 0:.0f} s: {where} is {result.state}. "
            f"Go on with stata_session: action output, session_id {result.session_id}, command "
            f"{result.command}, offset {result.next_offset}; or end it with action stop."
        )
    if result.error and (result.reason or not result.return_code):
        found.append(f"{result.error} ({where}).")
    return [*found, result.note] if result.note else found


def _pictures(shelf: GraphShelf, graphs: list[GraphRecord]) -> tuple[list[Object], list[str]]:
    """Return pictures, and a line for each graph that an assistant could not be shown."""
    shown: list[Object] = []
    elsewhere: list[str] = []
    for each in graphs:
        picture = _picture(shelf, each) if len(shown) < PICTURES_LIMIT else None
        if picture:
            shown.append(picture)
        else:
            elsewhere.append(f"Graph {each.name} is in {each.path}")
    return shown, elsewhere


def _picture(shelf: GraphShelf, graph: GraphRecord) -> Object | None:
    if graph.format != "png":  # assistants refuse svg, and the whole answer with it
        return None
    try:
        content = shelf.in_batch(graph.batchId, graph.filename).read_bytes()
    except (NoSuchGraph, OSError):  # newer ones have taken its place
        return None
    if len(content) > PICTURE_BYTES:
        return None
    return {
        "type": "image",
        "data": base64.b64encode(content).decode(),
        "mimeType": "image/png",
    }


def _written(answer: BaseModel) -> str:
    if isinstance(answer, SessionList):
        return _sessions(answer)
    if isinstance(answer, InputSent):
        return f"Sent to session {answer.session_id}; read on with stata_session, action output."
    if isinstance(said := getattr(answer, "message", None), str):
        session = getattr(answer, "session_id", None)
        return f"{said}: {session}" if session and session not in said else said
    return json.dumps(_filled(answer.model_dump(mode="json")), ensure_ascii=False)


def _table(data: DataRows, tokens: int) -> str:
    """Return rows as comma-separated text, as many as fit, and what to ask for next."""
    head = _row(["_n", *data.columns])
    rows = [
        _row([number, *("." if each is None else each for each in row)])
        for number, row in zip(data.index, data.rows, strict=True)
    ]
    shown = _that_fit(rows, tokens * CHARACTERS_PER_TOKEN - len(head)) if tokens else rows
    reached = data.offset + len(shown)
    last = f"rows {data.offset + 1} to {reached} of {data.total_rows}" if rows else "no such rows"
    more = f"{last}; go on with offset {reached}" if shown and reached < data.total_rows else last
    labels = [f"{name}: {_labels(each)}" for name, each in data.labels.items() if each]
    return "\n".join([fitted("\n".join([head, *shown]), tokens), more, *labels])


def _that_fit(rows: list[str], room: int) -> list[str]:
    """Return as many rows as there is room for, but one at least."""
    sizes = itertools.accumulate(len(row) + 1 for row in rows)
    return rows[: max(1, sum(size <= room for size in sizes))]


def _row(values: list[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(values)
    return written.getvalue()


def _labels(labels: dict[str, str]) -> str:
    return ", ".join(f"{code} = {text}" for code, text in labels.items())


def _sessions(answer: SessionList) -> str:
    rows = [_session(each) for each in answer.sessions]
    free = f"{answer.available_slots} of {answer.max_sessions} sessions can still be created"
    return "\n".join([*rows, answer.message or free])


def _session(info: SessionInfo) -> str:
    running = f", runs command {info.running}" if info.running else ""
    queued = f", {info.queued} queued" if info.queued else ""
    hint = f" ({info.hint})" if info.hint else ""
    warning = f"; {info.warning}" if info.warning else ""
    return (
        f"{info.session_id}: {info.state}{hint}{running}{queued}, {info.commands} commands so far, "
        f"epoch {info.epoch}, idle {info.idle_s:.0f} s{warning}"
    )


def _filled(value: Any) -> Any:
    """Return a value without the empty parts of its objects."""
    if not isinstance(value, dict):
        return value
    parts = {key: _filled(each) for key, each in value.items()}
    return {key: each for key, each in parts.items() if each not in (None, "", {}, [])}


def _text(text: str) -> Object:
    return {"type": "text", "text": text}
