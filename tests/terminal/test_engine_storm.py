"""Whatever is done to sessions, in whatever order: each answers for itself and leaves nothing."""

from __future__ import annotations

import random
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.soak.storm import WEIGHTS, storm

pytestmark = pytest.mark.timeout(120)

# Creating is its own rule, so that a failing example names few sessions.
ACTIONS = sorted(set(WEIGHTS) - {"create"})


class Weather(RuleBasedStateMachine):
    """A storm step by step, from one thread, so that what fails can be made small."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._storm = self._stack.enter_context(storm(sessions=3))

    @rule()
    def create(self) -> None:
        self._storm.step("create", random.Random(0))

    @rule(action=strategies.sampled_from(ACTIONS), seed=strategies.integers(0, 999))
    def act(self, action: str, seed: int) -> None:
        self._storm.step(action, random.Random(seed))

    @invariant()
    def nothing_is_wrong(self) -> None:
        assert self._storm.violations == []

    def teardown(self) -> None:
        self._storm.calm_down()
        self._stack.close()
        assert self._storm.violations == []


TestWeather = Weather.TestCase
TestWeather.settings = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
