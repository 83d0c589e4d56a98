"""The operating system: shell, cd, pwd, ls, mkdir, erase, sleep."""

from __future__ import annotations

import glob
import os
import subprocess
from pathlib import Path

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, file_not_found, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.quoting import path_of, unquote
from stata_sessions.standin.syntax import CommandLine


@command("shell", shortest=2)
def shell(interp: Interpreter, line: CommandLine) -> None:
    """Run a command of the operating system on this terminal, or a subshell."""
    text = line.raw.strip()
    arguments = ["/bin/sh", "-c", text] if text else [interp.environ.get("SHELL", "/bin/sh")]
    interp.out.fresh_row()
    with interp.keyboard.lent():
        subprocess.run(arguments, check=False)
    if not interp.faults.on("shell_break"):
        interp.break_due = None


@command("sleep")
def sleep(interp: Interpreter, line: CommandLine) -> None:
    """Let milliseconds pass; a break ends it."""
    interp.wait(interp.whole(line.raw) / 1000)


@command("cd")
def cd(interp: Interpreter, line: CommandLine) -> None:
    """Change or show the working directory."""
    path = os.path.expanduser(unquote(line.raw) or ".")
    try:
        os.chdir(path)
    except OSError:
        raise StataError(170, f"unable to change to {path}") from None
    interp.out.row(os.getcwd())


@command("pwd", takes="nothing")
def pwd(interp: Interpreter, line: CommandLine) -> None:
    """Show the working directory."""
    interp.out.row(os.getcwd())


@command("mkdir", takes="")
def mkdir(interp: Interpreter, line: CommandLine) -> None:
    """Make a directory."""
    path = path_of(line.arguments)
    line.options.finish()
    try:
        path.mkdir()
    except OSError:
        raise StataError(693, f"could not create directory {path}") from None


@command("rmdir", takes="")
def rmdir(interp: Interpreter, line: CommandLine) -> None:
    """Remove an empty directory."""
    path = path_of(line.arguments)
    line.options.finish()
    try:
        path.rmdir()
    except OSError:
        raise StataError(693, f"could not remove directory {path}") from None


@command("erase", takes="")
@command("rm", takes="")
def erase(interp: Interpreter, line: CommandLine) -> None:
    """Delete a file."""
    path = path_of(line.arguments)
    line.options.finish()
    if not path.is_file():
        raise file_not_found(str(path))
    path.unlink()


@command("dir", takes="")
@command("ls", takes="")
def ls(interp: Interpreter, line: CommandLine) -> None:
    """List files."""
    pattern = unquote(line.arguments) or "*"
    folder = path_of(pattern)
    line.options.finish()
    found = folder.iterdir() if folder.is_dir() else map(Path, glob.glob(str(folder)))
    for path in sorted(found):
        interp.out.row(path.name + ("/" if path.is_dir() else ""))


@command("copy", shortest=3, takes="")
def copy(interp: Interpreter, line: CommandLine) -> None:
    """Copy a file."""
    if len(line.words) != 2:
        raise invalid_syntax()
    source, target = (path_of(word) for word in line.words)
    replace = line.options.flag("replace")
    line.options.finish()
    if not source.is_file():
        raise file_not_found(str(source))
    if target.is_dir():
        target /= source.name
    if target.exists() and not replace:
        raise StataError(602, f"file {target} already exists")
    target.write_bytes(source.read_bytes())
