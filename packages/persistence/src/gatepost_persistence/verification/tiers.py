"""Verification of what starts say about the tier of their environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gatepost_domain.verification.faults import Fault

ProductionSince = dict[str, int]
"""The `seq` of the event that first recorded the environment as a production environment."""


def add_environment_item(since: ProductionSince, item: Mapping[str, Any], seq: int) -> None:
    """Add what an item of `data.state` records about an environment."""
    columns = item["row"] if "row" in item else item.get("changes", {})
    if columns.get("was_production"):
        since.setdefault(item["key"][0], seq)


def find_tier_faults(
    values: Mapping[str, Any], events: Sequence[Mapping[str, Any]], since: ProductionSince
) -> Iterator[Fault]:
    """Yield a fault unless a start says whether the environment had ever been in production."""
    environment, subject = values["environment"], f"DEP-{values['number']}"
    production_since = since.get(environment)
    for event in events:
        if event["kind"] != "started":
            continue
        expected = production_since is not None and production_since < event["seq"]
        if bool(event["data"].get("was_production")) != expected:
            known = f"event {production_since}" if expected else "no earlier event"
            detail = (
                f"Event {event['seq']} says that {environment} "
                f"{'was never' if expected else 'was'} a production environment, but {known} "
                "made it one."
            )
            yield Fault("tier_differs", "deployments", subject, "started_in_production", detail)
