"""Toy data: variable names, a count of observations, and whether they changed."""


class Data:
    """A dataset without values."""

    def __init__(self) -> None:
        self.variables: list[str] = []
        self.count = 0
        self.changed = False
        self.hoard: list[bytes] = []

    def clear(self) -> None:
        """Drop everything."""
        self.hoard.clear()
        self.variables, self.count, self.changed = [], 0, False

    def write(self, path: str) -> None:
        """Save as two rows of text."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{self.count}\n{' '.join(self.variables)}\n")
        self.changed = False

    def read(self, path: str) -> None:
        """Read what ``write`` wrote; any other file gives ten observations of x."""
        with open(path, "rb") as file:
            rows = file.read(4096).decode("utf-8", "replace").split("\n")
        ours = len(rows) > 1 and rows[0].isdigit()
        self.count = int(rows[0]) if ours else 10
        self.variables = rows[1].split() if ours else ["x"]
        self.changed = False
