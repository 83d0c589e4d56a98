"""Stata's return codes and the rows that announce them."""

from __future__ import annotations

# Of text that is put together in one go, in characters.
_LONGEST = 2**24


class Outcome(Exception):
    """What a command may end in on purpose."""


class StataError(Outcome):
    """A command's failure: Stata's return code and the rows it prints before `r(N);`."""

    def __init__(self, code: int, *rows: str) -> None:
        super().__init__(code, *rows)
        self.code, self.rows = code, rows
        # The rows are printed once, where the error arose, however many levels it then climbs.
        self.shown = False


class Break(StataError):
    """The user interrupted the running command."""

    def __init__(self) -> None:
        super().__init__(1, "--Break--")


class ExitFile(Outcome):
    """`exit` in a do-file or program: it ends, and nothing failed."""


class ExitConsole(Outcome):
    """The end of the console."""


class LeaveLoop(Outcome):
    """`continue`: the loop goes on with its next turn, or ends."""

    def __init__(self, *, for_good: bool) -> None:
        super().__init__(for_good)
        self.for_good = for_good


def repeated(text: str, times: float) -> str:
    """Return text so many times over, as long as that is not absurd.

    Raises:
        StataError: r(909) if it is.
    """
    if len(text) * times > _LONGEST:
        raise no_memory()
    return text * max(0, int(times))


def no_memory() -> StataError:
    """Return the error for what would not fit into memory."""
    return StataError(909, "op. sys. refuses to provide memory")


def internal(error: Exception) -> StataError:
    """Return the error for what a command did not mean to fail with: the console goes on."""
    if isinstance(error, RecursionError):
        return StataError(1000, "system limit exceeded - see manual")
    if isinstance(error, MemoryError):
        return no_memory()
    return StataError(9999, f"stand-in failed: {type(error).__name__}: {error}")


def outside_loop() -> StataError:
    """Return the error for `continue` where no loop is."""
    return StataError(198, "continue not allowed outside of a loop")


def invalid_syntax() -> StataError:
    """Return the error for a command that cannot be read."""
    return StataError(198, "invalid syntax")


def invalid(text: str) -> StataError:
    """Return the error for a piece of text that does not belong where it stands."""
    return StataError(198, f"invalid '{text}' ")


def option_not_allowed(name: str) -> StataError:
    """Return the error for an option that the command does not have."""
    return StataError(198, f"option {name} not allowed")


def option_required(name: str) -> StataError:
    """Return the error for an option that the command cannot do without."""
    return StataError(198, f"option {name} required")


def not_found(name: str) -> StataError:
    """Return the error for a name inside an expression that means nothing."""
    return StataError(111, f"{name} not found")


def variable_not_found(name: str) -> StataError:
    """Return the error for a name in a list of variables that is not one."""
    return StataError(111, f"variable {name} not found")


def already_defined(name: str, kind: str = "variable") -> StataError:
    """Return the error for a name that is taken."""
    return StataError(110, f"{kind} {name} already defined")


def unrecognized(word: str) -> StataError:
    """Return the error for a command that we do not have."""
    return StataError(199, f"command {word} is unrecognized")


def unknown_function(name: str) -> StataError:
    """Return the error for a function that we do not have."""
    return StataError(133, f"unknown function {name}()")


def type_mismatch() -> StataError:
    """Return the error for a string where a number belongs, or the reverse."""
    return StataError(109, "type mismatch")


def file_not_found(path: str) -> StataError:
    """Return the error for a file that is not there."""
    return StataError(601, f"file {path} not found")


def file_exists(path: str) -> StataError:
    """Return the error for a file that is in the way."""
    return StataError(602, f"file {path} already exists")


def operators_not_allowed() -> StataError:
    """Return the error for `i.x` or `L.x` where a plain variable belongs."""
    return StataError(101, "factor-variable and time-series operators not allowed")


def too_few_variables() -> StataError:
    """Return the error for a list of variables that is too short."""
    return StataError(102, "too few variables specified")


def too_many_variables() -> StataError:
    """Return the error for a list of variables that is too long."""
    return StataError(103, "too many variables specified")


def no_observations() -> StataError:
    """Return the error for a sample without observations."""
    return StataError(2000, "no observations")


def weights_not_allowed() -> StataError:
    """Return the error for weights given to a command that takes none."""
    return StataError(101, "weights not allowed")


def changed_data() -> StataError:
    """Return the error that protects unsaved data."""
    return StataError(4, "no; dataset in memory has changed since last saved")
