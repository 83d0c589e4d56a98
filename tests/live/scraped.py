"""What /metrics tells of a live server."""

from __future__ import annotations

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.doors import BOUND_S
from tests.live.conftest import LiveServer

PREFIX = "stata_sessions"


def samples(live: LiveServer) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return every value by the name without our prefix and the values of its labels, in order."""
    answer = requests.get(f"{live.url}/metrics", timeout=BOUND_S)
    answer.raise_for_status()
    return {
        (each.name.removeprefix(PREFIX).lstrip("_"), tuple(each.labels.values())): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def value(live: LiveServer, name: str, *labels: str) -> float:
    """Return one value; 0 as long as there is no such series."""
    return samples(live).get((name, labels), 0.0)
