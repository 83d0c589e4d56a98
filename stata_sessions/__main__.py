"""Run the command line as ``python -m stata_sessions``."""

from stata_sessions.cli import main

if __name__ == "__main__":
    main(prog_name="stata-sessions")
