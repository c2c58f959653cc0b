"""Verification of the tier that each `started` event records for its environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gatepost_domain.verification.faults import Fault

ProductionSince = dict[str, int]
"""Maps each environment to the `seq` of the event that first recorded it as production."""


def add_environment_item(since: ProductionSince, item: Mapping[str, Any], seq: int) -> None:
    """Add what an item of `data.state` records about an environment."""
    columns = item["row"] if "row" in item else item.get("changes", {})
    if columns.get("was_production"):
        since.setdefault(item["key"][0], seq)


def find_starts_with_wrong_tier(
    values: Mapping[str, Any], events: Sequence[Mapping[str, Any]], since: ProductionSince
) -> Iterator[Fault]:
    """Yield a fault for each start that wrongly records whether its environment was production."""
    environment, subject = values["environment"], f"DEP-{values['number']}"
    production_since = since.get(environment)
    for event in events:
        if event["kind"] != "started":
            continue
        expected = production_since is not None and production_since < event["seq"]
        if bool(event["data"].get("was_production")) != expected:
            known = f"event {production_since}" if expected else "no earlier event"
            detail = (
                f"Event {event['seq']} records that {environment} "
                f"{'was never' if expected else 'was'} a production environment, but {known} "
                "made it one."
            )
            yield Fault("tier_differs", "deployments", subject, "started_in_production", detail)
