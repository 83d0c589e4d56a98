"""Stata's own help, as text."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from stata_sessions.errors import NoSuchSession, NoSuchTopic, SessionGone, ViewFailed
from stata_sessions.operations.models import LenientArguments, OptionalSessionId
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.views import Question, ask, private_folder, whole

# What commands, functions and manual entries are called; nothing that could begin another command.
TOPIC = r"^[A-Za-z_#\[][A-Za-z0-9_ .#()\[\]-]{0,79}$"
# Rows of our own do-file; the examples in a help text are indented.
ECHO = re.compile(r"[.>] |\.$|do \"|end of do-file$|r; t=")


def _named(topic: str) -> str:
    if not re.fullmatch(TOPIC, topic):
        raise ValueError("name a command, a function or an entry, in at most 80 characters")
    return topic


class HelpArguments(LenientArguments):
    """Which topic, and in which form."""

    topic: Annotated[
        str,
        AfterValidator(_named),
        Field(description="A command, function or entry.", json_schema_extra={"pattern": TOPIC}),
    ]
    format: Literal["text", "html"] = "text"
    session_id: OptionalSessionId = None
    wait_s: Annotated[float, Field(ge=0.1, le=600)] = 30


@operation(
    takes=HelpArguments,
    gives=None,
    route=Route("GET", "/help", media="text/plain", also=("text/html",), tag="existing clients"),
    errors=(NoSuchSession, SessionGone, ViewFailed, NoSuchTopic),
)
def show_help(context: Context, given: HelpArguments) -> str:
    """Show Stata's help on a topic, without changing anything."""
    session = context.manager.get(given.session_id)
    question = Question().guarded(f"help {given.topic}")
    with private_folder(session) as folder:
        rows = ask(session, question, folder, given.wait_s)
    if whole(rows.first("guard")[0]):
        raise NoSuchTopic(given.topic, rows.refusal)
    return _without_echo(rows.text)


def _without_echo(text: str) -> str:
    kept = [row for row in text.split("\n") if not ECHO.match(row)]
    return "\n".join(kept).strip("\n") + "\n"
