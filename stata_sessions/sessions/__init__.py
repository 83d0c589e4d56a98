"""The heart: sessions, their commands, and the threads that own their consoles."""

from stata_sessions.sessions.checks import check_path
from stata_sessions.sessions.command import Command
from stata_sessions.sessions.listener import Listener
from stata_sessions.sessions.manager import Manager
from stata_sessions.sessions.own import OwnSessions, Sessions
from stata_sessions.sessions.seats import LicenceView
from stata_sessions.sessions.session import Session
from stata_sessions.sessions.transcript import whole_characters
from stata_sessions.sessions.views import (
    CommandView,
    OutputPage,
    QueryResult,
    SessionView,
    StopReport,
)

__all__ = [
    "Command",
    "CommandView",
    "LicenceView",
    "Listener",
    "Manager",
    "OutputPage",
    "OwnSessions",
    "QueryResult",
    "Session",
    "SessionView",
    "Sessions",
    "StopReport",
    "check_path",
    "whole_characters",
]
