"""`python -m stata_sessions.standin`: the stand-in console."""

import os
import signal
import sys


def _start() -> int:
    # Until there is a console that could break, an interrupt means nothing; so nothing that
    # takes time is imported before this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from stata_sessions.standin.front import main

    return main(sys.argv[1:], os.environ)  # noqa: TID251 - a program's own front door


if __name__ == "__main__":
    raise SystemExit(_start())
