"""The metrics as docs/operating.rst shows them.

``python -m tests.house.metrics_documents`` writes the table anew; a test compares it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.metrics import MetricWrapperBase

from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.metrics import PREFIX, Metrics
from tests.house.settings_documents import between_marks, simple_table
from tests.house.source import ROOT

DOCUMENT = ROOT / "docs" / "operating.rst"
BEGIN, END = ".. metrics begin\n", ".. metrics end\n"
# What a family's name goes on with where its values are shown.
SUFFIXES = {"counter": ("_total",), "info": ("_info",), "histogram": ("_bucket", "_sum", "_count")}


@dataclass(frozen=True)
class Family:
    """A metric as the server shows it, before anything has happened."""

    name: str
    type: str
    purpose: str
    labels: dict[str, list[str]]

    @property
    def shown_names(self) -> list[str]:
        """The names that a query may use."""
        return [self.name + suffix for suffix in SUFFIXES.get(self.type, ("",))]


def families() -> list[Family]:
    """Return the server's own metrics, by name."""
    manager = Manager(Settings(console="standin"), {})
    try:
        return sorted(_families(Metrics(manager)), key=lambda family: family.name)
    finally:
        manager.shutdown()


def _families(metrics: Metrics) -> Iterator[Family]:
    named = {
        each._name: each._labelnames  # labels without a value show nowhere else
        for each in vars(metrics).values()
        if isinstance(each, MetricWrapperBase)
    }
    for found in metrics.registry.collect():
        if not found.name.startswith(PREFIX):
            continue
        labels: dict[str, list[str]] = {label: [] for label in named.get(found.name, ())}
        for sample in found.samples:
            for label, value in sample.labels.items():
                if label != "le" and value not in labels.setdefault(label, []):
                    labels[label].append(value)
        yield Family(found.name, found.type, found.documentation, labels)


def metrics_table() -> str:
    """Render a row for each metric."""
    rows: list[tuple[str, ...]] = [("Metric", "Type", "Labels", "What it tells")]
    for each in families():
        name = each.name + (SUFFIXES[each.type][0] if each.type in ("counter", "info") else "")
        kind = "gauge" if each.type == "info" else each.type
        rows.append((f"``{name}``", kind, ", ".join(each.labels) or "none", each.purpose))
    return simple_table(rows)


def with_table(document: str) -> str:
    """Return the document with its table made anew."""
    return between_marks(document, BEGIN, metrics_table(), END)


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
