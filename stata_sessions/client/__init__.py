"""Our own client: what a Python program needs to run Stata code on a server.

    from stata_sessions import Client

    stata = Client()
    result = stata.execute("sysuse auto\\nregress price mpg")
    print(result.output, result.return_code)

Only the standard library is used. The functions below work on the server that the variable
``STATA_SESSIONS_URL`` names, or on this machine's; a ``Client`` can be told another.
"""

from stata_sessions.client.answers import (
    Command,
    Data,
    Dataset,
    Matrix,
    Page,
    Place,
    Result,
    Results,
    ResultSet,
    Session,
    Stopped,
    Variable,
)
from stata_sessions.client.client import Client
from stata_sessions.client.guide import create_session, destroy_session, execute
from stata_sessions.client.stream import CommandStream, Stream

__all__ = [
    "Client",
    "Command",
    "CommandStream",
    "Data",
    "Dataset",
    "Matrix",
    "Page",
    "Result",
    "ResultSet",
    "Results",
    "Place",
    "Session",
    "Stopped",
    "Stream",
    "Variable",
    "create_session",
    "destroy_session",
    "execute",
]
