"""The command line: ``stata-sessions serve`` for operators, everything else for users."""

import click

from stata_sessions import __version__
from stata_sessions.cli.group import CommandLine, Row

# What a command is for stands here too, so that --help need not import any of them; a test
# compares it with the commands themselves.
ROWS = {
    "serve": Row("serve", "Serve Stata sessions over HTTP and MCP."),
    "health": Row("health", "Tell whether a server answers, and is ready for new sessions."),
    "doctor": Row("doctor", "Find Stata, start it once, and report how it behaves."),
    "run": Row("run", "Run do-files, several at once, each in a session of its own."),
    "exec": Row("run", "Run code in a session, and show its output.", "execute"),
    "sessions": Row("sessions", "List, open, show, close and restart sessions."),
    "stop": Row("orders", "Send a break to what a session runs; its data are kept."),
    "input": Row("orders", "Send a row to a session that waits for one.", "send_input"),
    "tail": Row("views", "Show the last rows of what a session printed, and follow it."),
    "history": Row("views", "Show what ran in a session, in order."),
    "results": Row("views", "Show r(), e() and s() of a session."),
    "data": Row("views", "Show rows of a session's data."),
    "open": Row("views", "Open the server's page in the browser.", "open_page"),
    "mcp": Row("mcp", "Speak MCP on standard input and output, for assistants."),
    "version": Row("version", "Print the version."),
}

main = click.version_option(__version__, message="stata-sessions %(version)s")(
    CommandLine(
        ROWS,
        name="stata-sessions",
        help="Many live Stata sessions behind one server.",
        epilog="Exit status: 0 done, 1 Stata's return code was not 0, 2 wrong usage or "
        "configuration, 3 not possible as asked, 4 no server, no access or no Stata, 70 a fault of "
        "ours.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
)
