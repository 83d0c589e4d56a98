"""Ways in which a command can end other than well."""


class Failure(Exception):
    """An error with its return code; the message has been shown already."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Broken(Failure):
    """A break, which is return code 1."""

    def __init__(self) -> None:
        super().__init__(1)


class LeaveFile(Exception):
    """``exit`` within a do-file or program, without an error."""


class Quit(Exception):
    """The end of the program, with its exit status."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(status)
        self.status = status


class TerminalGone(Exception):
    """End of file or an I/O error on the terminal."""
