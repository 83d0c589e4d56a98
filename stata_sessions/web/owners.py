"""One application for each name, so that nothing of one can be reached through another's.

Not only sessions are apart, but also what is remembered of them between requests: runs by their
callers' ids, pictures, assistants' calls. Nothing below has to know that there are names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request

from stata_sessions.sessions import Manager, OwnSessions
from stata_sessions.web.auth import token_shown
from stata_sessions.web.tokens import Holder, Tokens

Make = Callable[[OwnSessions, str], Flask]


class Owners:
    """Sends a request to the application of the name whose token it carries.

    Each application checks its requests itself, token included; this only chooses one.
    """

    def __init__(
        self, everything: WSGIApplication, manager: Manager, tokens: Tokens, make: Make
    ) -> None:
        self._everything, self._manager = everything, manager
        self._tokens, self._make = tokens, make
        self._lock = Lock()
        self._owned: dict[str, tuple[OwnSessions, Flask]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        holder = self._tokens.holder(token_shown(Request(environ)))
        if holder is None or holder.is_admin:
            return self._everything(environ, start_response)
        return self._application_of(holder)(environ, start_response)

    def _application_of(self, holder: Holder) -> Flask:
        with self._lock:
            if holder.name not in self._owned:
                own = OwnSessions(self._manager, holder.name, holder.max_sessions)
                self._owned[holder.name] = own, self._make(own, holder.name)
            own, application = self._owned[holder.name]
            own.quota = holder.max_sessions  # it may have been read again
        return application
