"""The states of sessions and commands, and the moves that are legal.

This file imports nothing of ours: everything about transitions lives here, and nothing else does.
"""

from __future__ import annotations

from enum import StrEnum


class SessionState(StrEnum):
    """Where a session is; the value is the word on the wire."""

    __hash__ = str.__hash__  # that of an Enum is written in Python, and is felt at every command

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    STOPPING = "stopping"
    AWAITING_INPUT = "awaiting-input"
    CLOSED = "closed"
    LOST = "lost"


class CommandState(StrEnum):
    """Where a command is; the last four are final."""

    __hash__ = str.__hash__  # that of an Enum is written in Python, and is felt at every command

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    BROKEN = "broken"
    LOST = "lost"
    CANCELLED = "cancelled"


class IllegalMove(AssertionError):
    """A bug of ours: a move that the tables below do not allow."""


_S = SessionState
_C = CommandState

SESSION_MOVES: dict[SessionState, frozenset[SessionState]] = {
    _S.STARTING: frozenset({_S.READY, _S.CLOSED, _S.LOST}),
    _S.READY: frozenset({_S.BUSY, _S.CLOSED, _S.LOST}),
    _S.BUSY: frozenset({_S.READY, _S.STOPPING, _S.AWAITING_INPUT, _S.CLOSED, _S.LOST}),
    _S.STOPPING: frozenset({_S.READY, _S.CLOSED, _S.LOST}),
    _S.AWAITING_INPUT: frozenset({_S.BUSY, _S.READY, _S.STOPPING, _S.CLOSED, _S.LOST}),
    _S.CLOSED: frozenset(),
    # A restart brings a new Stata, in a new epoch, to the same name.
    _S.LOST: frozenset({_S.STARTING, _S.CLOSED}),
}

COMMAND_MOVES: dict[CommandState, frozenset[CommandState]] = {
    _C.QUEUED: frozenset({_C.RUNNING, _C.CANCELLED, _C.LOST}),
    _C.RUNNING: frozenset({_C.FINISHED, _C.BROKEN, _C.LOST}),
    _C.FINISHED: frozenset(),
    _C.BROKEN: frozenset(),
    _C.LOST: frozenset(),
    _C.CANCELLED: frozenset(),
}

ENDED_SESSIONS = frozenset({_S.CLOSED, _S.LOST})
ENDED_COMMANDS = frozenset(state for state, moves in COMMAND_MOVES.items() if not moves)


def move_session(old: SessionState, new: SessionState) -> SessionState:
    """Return ``new`` if a session may go there from ``old``; raise IllegalMove otherwise."""
    if new not in SESSION_MOVES[old]:
        raise IllegalMove(f"a session cannot go from {old} to {new}")
    return new


def move_command(old: CommandState, new: CommandState) -> CommandState:
    """Return ``new`` if a command may go there from ``old``; raise IllegalMove otherwise."""
    if new not in COMMAND_MOVES[old]:
        raise IllegalMove(f"a command cannot go from {old} to {new}")
    return new
