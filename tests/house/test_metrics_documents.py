"""Every metric stands in the manual, and the samples ask for none that is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, ProcessCollector

from tests.house.metrics_documents import DOCUMENT, Family, families, with_table
from tests.house.source import ROOT

ALERTS = ROOT / "conf" / "alerts.yml"
SCRAPING = ROOT / "conf" / "prometheus.yml"
NAME = re.compile(r"\b(?:stata_sessions\w*|process_\w+)")


@pytest.fixture(scope="module")
def shown() -> list[Family]:
    return families()


def test_the_table_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == with_table(text), "run python -m tests.house.metrics_documents"


def test_every_word_of_a_label_is_in_the_manual(shown: list[Family]) -> None:
    manual = DOCUMENT.read_text(encoding="utf-8")
    words = {
        word
        for family in shown
        for label, values in family.labels.items()
        if label not in ("limit", "state", "version")  # kinds and states have tables of their own
        for word in values
    }
    assert {word for word in words if f"``{word}``" not in manual} == set()


def test_names_follow_prometheus(shown: list[Family]) -> None:
    for family in shown:
        unit = family.name.rsplit("_", 1)[-1]
        assert unit not in ("ms", "milliseconds", "minutes", "kb", "mb", "total", "count")
        if family.type == "histogram":
            assert unit == "seconds"


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_alerts_ask_for_metrics_that_are_there(shown: list[Family]) -> None:
    process = CollectorRegistry()
    ProcessCollector(registry=process)
    known = {name for family in shown for name in family.shown_names}
    known |= {sample.name for family in process.collect() for sample in family.samples}
    assert len(rules()) > 5
    for rule in rules():
        asked = set(NAME.findall(rule["expr"]))
        assert asked and asked <= known, rule["alert"]


def test_alerts_ask_for_labels_that_are_there(shown: list[Family]) -> None:
    values = {family.name: family.labels for family in shown}
    for rule in rules():
        for name, label, value in re.findall(r'(\w+)\{(\w+)=~?"([^"]*)"', rule["expr"]):
            family = re.sub(r"_(total|bucket|sum|count)$", "", name)
            given = values[family][label]
            assert not given or set(value.split("|")) <= set(given), rule["alert"]


def test_an_alert_says_what_to_do() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "description"}


def test_the_sample_scrapes_with_a_token_and_reads_the_alerts() -> None:
    sample = yaml.safe_load(SCRAPING.read_text(encoding="utf-8"))
    assert [each.rpartition("/")[2] for each in sample["rule_files"]] == [ALERTS.name]
    [job] = sample["scrape_configs"]
    assert job["authorization"]["type"] == "Bearer"
    assert job.get("metrics_path", "/metrics") == "/metrics"
