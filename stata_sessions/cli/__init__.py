"""The command line: ``stata-sessions serve`` for operators, everything else for users."""

from stata_sessions.cli.group import CommandLine, Row

# What a command is for stands here too, so that --help need not import any of them; a test
# compares it with the commands themselves.
ROWS = {
    "serve": Row("serve", "Serve Stata sessions over HTTP and MCP."),
    "doctor": Row("doctor", "Find Stata, start it once, and report how it behaves."),
    "version": Row("version", "Print the version."),
}

main = CommandLine(
    ROWS,
    name="stata-sessions",
    help="Many live Stata sessions behind one server.",
    epilog="Exit status: 0 done, 1 Stata's return code was not 0, 2 wrong usage or configuration, "
    "3 not possible as asked, 4 no server, no access or no Stata, 70 a fault of ours.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
