"""What every test folder shares; fixtures of one folder live in its own conftest.py."""

from hypothesis import settings

# Two cores shared with real consoles make single examples slow without being wrong.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
