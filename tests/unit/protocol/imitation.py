"""A console without a terminal: typed bytes in, printed bytes out, in each of its ways."""

from __future__ import annotations

from dataclasses import dataclass

from stata_sessions.protocol import CommandFiles

PROMPT = ". "


@dataclass(frozen=True, slots=True)
class Manner:
    """How a console behaves around the code: what is unknown of the real one."""

    echo: str = "stata"  # who echoes the typed line: stata, tty, both, none
    echoes_files: bool = True
    include_end: str = ""  # what is printed behind an included file
    codes: int = 3  # rows with the code of an error in a file in a file
    blank: str = "\n"  # what stands before a prompt
    row_end: str = "\r\n"
    width: int = 0  # at which echo is folded, 0: never


@dataclass(frozen=True, slots=True)
class Run:
    """What code prints, and the return code it ends with."""

    printed: str
    return_code: int = 0


class Imitation:
    """One console at its prompt; each typed line is obeyed at once."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._runs: dict[str, tuple[CommandFiles, Run]] = {}

    def start(self) -> bytes:
        """Print the first prompt."""
        return self._bytes(self._manner.blank + PROMPT)

    def prepare(self, files: CommandFiles, run: Run) -> None:
        """Put files in place, and know what their code prints."""
        self._runs[files.line] = files, run

    def type(self, keys: bytes) -> bytes:
        """Obey typed lines."""
        lines = keys.decode("ascii").split("\n")
        assert lines.pop() == "", keys
        return self._bytes("".join(self._obey(line) for line in lines))

    def _bytes(self, text: str) -> bytes:
        return text.replace("\n", self._manner.row_end).encode()

    def _obey(self, line: str) -> str:
        manner = self._manner
        echoed = {"stata": line, "tty": line, "both": f"{line}^J{line}", "none": ""}[manner.echo]
        printed = self._folded(echoed, len(PROMPT)) + "\n"
        if not line:
            return printed + PROMPT
        if line in self._runs:
            printed += self._include(*self._runs[line])
        elif line.startswith("display as error "):
            printed += "".join(line.split('"')[1::2]) + "\n"
        return printed + manner.blank + PROMPT

    def _include(self, files: CommandFiles, run: Run) -> str:
        manner = self._manner
        if run.return_code:
            codes = f"r({run.return_code});\n" * manner.codes
            return self._echo(files.inner_line) + run.printed + codes
        printed = self._echo(files.inner_line) + run.printed + manner.include_end
        return printed + self._echo(files.sentinel.line) + files.sentinel.token + "\n"

    def _echo(self, line: str) -> str:
        if not self._manner.echoes_files:
            return ""
        return "\n" + self._folded(PROMPT + line, 0) + "\n"

    def _folded(self, text: str, taken: int) -> str:
        width = self._manner.width
        if not width:
            return text
        first, rest = text[: width - taken], text[width - taken :]
        rows = [rest[at : at + width - 2] for at in range(0, len(rest), width - 2)]
        return "\n> ".join([first, *rows])
