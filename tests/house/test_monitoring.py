"""The alert rules, the dashboard and the operating guide name only metrics that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import yaml
from prometheus_client.parser import text_string_to_metric_families

from gatepost_api.observability.metrics import Metrics
from gatepost_domain.ports.monitoring import OPEN_STATUSES

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
METRIC: Final = re.compile(r"\b(?:gatepost|process)_[a-z0-9_]+")
LABELED: Final = re.compile(r"\b(gatepost_[a-z_]+)\{([^}]*)\}")
LABEL: Final = re.compile(r'(\w+)=~?"')


def known_names() -> set[str]:
    """Return the name of every metric and of the series of histograms."""
    text, _ = Metrics().encode("")
    names: set[str] = set()
    for family in text_string_to_metric_families(text.decode()):
        suffixes = ["_bucket", "_sum", "_count"] if family.type == "histogram" else [""]
        if family.type == "counter":
            suffixes = ["_total"]
        names |= {f"{family.name}{suffix}" for suffix in suffixes}
    return names


def labels_of(name: str) -> set[str]:
    """Return the labels of a metric."""
    registry: Any = Metrics().registry
    collector = registry._names_to_collectors[name]  # noqa: SLF001  # not offered otherwise
    return {*collector._labelnames}  # noqa: SLF001


def alert_rules() -> list[dict[str, Any]]:
    document = yaml.safe_load((DOCS / "monitoring" / "alerts.yml").read_text("utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def dashboard_expressions() -> list[str]:
    document = json.loads((DOCS / "monitoring" / "dashboard.json").read_text("utf-8"))
    return [target["expr"] for panel in document["panels"] for target in panel["targets"]]


def test_alerts_name_existing_metrics() -> None:
    """Every alert has a severity and texts, and would fire on metrics that exist."""
    rules = alert_rules()

    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert set(rule["annotations"]) == {"summary", "description"}
        assert set(METRIC.findall(rule["expr"])) <= known_names(), rule["alert"]


def test_dashboard_names_existing_metrics() -> None:
    """Every panel shows metrics that exist."""
    used = {name for text in dashboard_expressions() for name in METRIC.findall(text)}

    assert used <= known_names()


def test_every_metric_is_on_the_dashboard_or_in_an_alert() -> None:
    """An operator sees every metric of ours somewhere, and the guide describes it."""
    texts = [*dashboard_expressions(), *(rule["expr"] for rule in alert_rules())]
    used = {name for text in texts for name in METRIC.findall(text)}
    guide = set(METRIC.findall((DOCS / "operating.md").read_text("utf-8")))
    histograms = {name.removesuffix("_bucket") for name in known_names() if "_bucket" in name}
    others = {name for name in known_names() if name.startswith("gatepost_")}
    others -= {f"{name}{suffix}" for name in histograms for suffix in ("_bucket", "_sum", "_count")}

    assert others <= used
    assert others | histograms <= guide
    assert {name for name in guide if name.startswith("gatepost_")} <= (
        others | histograms | {"gatepost_api", "gatepost_worker", "gatepost_client"}
    )


def test_alerts_name_existing_labels() -> None:
    """The labels in the rules and on the dashboard are those of the metrics."""
    texts = [*dashboard_expressions(), *(rule["expr"] for rule in alert_rules())]
    for text in texts:
        for name, labels in LABELED.findall(text):
            known = labels_of(re.sub("_(bucket|sum|count)$", "", name))
            assert set(LABEL.findall(labels)) <= known, text
        statuses = re.findall(r'status="([a-z_]+)"', text)
        assert set(statuses) <= {status.value for status in OPEN_STATUSES}
