"""What every test folder shares; fixtures of one folder live in its own conftest.py."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

import tests.fuzzing  # noqa: F401  # registers the profiles

# Without a deadline: two cores shared with real consoles make single examples slow, not wrong.
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def no_history() -> Iterator[None]:
    """Have servers that inherit this environment leave nothing in anybody's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATA_SESSIONS_HISTORY_FILE", "off")
        yield
