"""How code travels: as files in the session's private directory, run by one short typed line."""

from __future__ import annotations

from dataclasses import dataclass

from stata_sessions.protocol.sentinel import Sentinel, TokenSource


@dataclass(frozen=True)
class CommandFiles:
    """The two files of a command and the line that runs them.

    ``code_path`` holds the user's code, byte for byte, plus a final newline (old versions of Stata
    do not run a last line without one). ``wrapper_path`` includes it and then prints the sentinel:
    ``include``, so that local macros persist as they do for a person at the prompt.
    """

    code_path: str
    code: str
    wrapper_path: str
    sentinel: Sentinel

    @property
    def inner_line(self) -> str:
        """The first line of the wrapper."""
        return f'include "{self.code_path}"'

    @property
    def wrapper(self) -> str:
        """The text of the wrapper file."""
        return f"{self.inner_line}\n{self.sentinel.line}\n"

    @property
    def line(self) -> str:
        """What is typed at the prompt: short, ASCII, without anything an editor would act on."""
        return f'include "{self.wrapper_path}"'


def command_files(directory: str, name: str, code: str, new_token: TokenSource) -> CommandFiles:
    """Lay out the files of one command; ``directory`` must be short, ASCII, without blanks."""
    return CommandFiles(
        code_path=f"{directory}/cmd-{name}.do",
        code=code + "\n",
        wrapper_path=f"{directory}/run-{name}.do",
        sentinel=Sentinel.fresh(new_token),
    )
