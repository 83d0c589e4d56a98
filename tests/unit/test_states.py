"""The tables of states: every move is listed, and nothing comes back from an end."""

from __future__ import annotations

import pytest

from stata_sessions.states import (
    COMMAND_MOVES,
    ENDED_COMMANDS,
    ENDED_SESSIONS,
    SESSION_MOVES,
    CommandState,
    IllegalMove,
    SessionState,
    move_command,
    move_session,
)


def test_every_state_has_its_row() -> None:
    assert set(SESSION_MOVES) == set(SessionState)
    assert set(COMMAND_MOVES) == set(CommandState)


@pytest.mark.parametrize("old", SessionState)
@pytest.mark.parametrize("new", SessionState)
def test_sessions_move_as_the_table_says(old: SessionState, new: SessionState) -> None:
    if new in SESSION_MOVES[old]:
        assert move_session(old, new) is new
    else:
        with pytest.raises(IllegalMove, match=f"{old} to {new}"):
            move_session(old, new)


@pytest.mark.parametrize("old", CommandState)
@pytest.mark.parametrize("new", CommandState)
def test_commands_move_as_the_table_says(old: CommandState, new: CommandState) -> None:
    if new in COMMAND_MOVES[old]:
        assert move_command(old, new) is new
    else:
        with pytest.raises(IllegalMove, match=f"{old} to {new}"):
            move_command(old, new)


def test_an_ended_command_stays_ended() -> None:
    assert {"finished", "broken", "lost", "cancelled"} == ENDED_COMMANDS
    assert not any(COMMAND_MOVES[state] for state in ENDED_COMMANDS)


def test_every_living_session_may_be_closed_or_lost() -> None:
    for state in set(SessionState) - ENDED_SESSIONS:
        assert SESSION_MOVES[state] >= ENDED_SESSIONS


def test_every_state_can_be_reached() -> None:
    reached = {new for moves in SESSION_MOVES.values() for new in moves}
    assert reached == set(SessionState)
