"""How many generated examples a test tries: few in each check, many when asked.

``pytest --hypothesis-profile long --timeout 0 FILE`` tries forty times as many.
"""

from __future__ import annotations

from hypothesis import settings

USUAL, LONG = 100, 4000

settings.register_profile("house", deadline=None, max_examples=USUAL)
settings.register_profile("long", deadline=None, max_examples=LONG)


def examples(usual: int) -> int:
    """Return how many examples of a kind to try, under the profile in force."""
    return usual * settings().max_examples // USUAL
