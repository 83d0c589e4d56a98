"""Stata's own help, as text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stata_sessions.errors import InvalidInput, NoSuchSession, SessionGone, ViewFailed
from stata_sessions.operations.models import LenientArguments, OptionalSessionId
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.views import Question, ask, private_folder, whole

# What commands, functions and manual entries are called; nothing that could begin another command.
TOPIC = r"^[A-Za-z_#\[][A-Za-z0-9_ .#()\[\]-]{0,79}$"


class HelpArguments(LenientArguments):
    """Which topic, and in which form."""

    topic: Annotated[str, Field(pattern=TOPIC, description="A command, function or entry.")]
    format: Literal["text", "html"] = "text"
    session_id: OptionalSessionId = None
    wait_s: Annotated[float, Field(ge=0.1, le=600)] = 30


@operation(
    takes=HelpArguments,
    gives=None,
    route=Route("GET", "/help", media="text/plain", also=("text/html",), tag="existing clients"),
    errors=(NoSuchSession, SessionGone, ViewFailed, InvalidInput),
)
def show_help(context: Context, given: HelpArguments) -> str:
    """Show Stata's help on a topic, without changing anything."""
    session = context.manager.get(given.session_id)
    question = Question().tell("begin").guarded(f"help {given.topic}")
    with private_folder(context.settings) as folder:
        rows = ask(session, question, folder, given.wait_s)
    return_code = whole(rows.first("guard")[0])
    text = _between(rows.text, question.token)
    if return_code:
        raise InvalidInput(f"No help for {given.topic}: {text.strip() or f'r({return_code})'}")
    return text


def _between(text: str, token: str) -> str:
    """Return what was printed between the two rows of ours, without the echo of our lines."""
    rows = text.split("\n")
    places = [place for place, row in enumerate(rows) if row.startswith(token)]
    inside = rows[places[0] + 1 : places[1]] if len(places) > 1 else []
    kept = [row for row in inside if not row.startswith((". ", "> ")) or row.startswith(". help")]
    return "\n".join(row for row in kept if not row.startswith(". help")).strip("\n") + "\n"
