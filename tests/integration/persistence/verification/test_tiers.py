"""Verification names starts that say something else about production than the events before."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_persistence.verification.started_event_tiers import (
    ProductionSince,
    add_environment_item,
    find_starts_with_wrong_tier,
)


def since() -> ProductionSince:
    """Return that site is in production since event 5, as two of its three items say."""
    found = ProductionSince()
    items: list[tuple[int, dict[str, Any]]] = [
        (3, {"key": ["site"], "row": {"tier": "test"}}),
        (5, {"key": ["site"], "changes": {"tier": "production", "was_production": 1}}),
        (7, {"key": ["site"], "changes": {"tier": "test"}}),
        (9, {"key": ["site"], "changes": {"was_production": 1}}),
    ]
    for seq, item in items:
        add_environment_item(found, item, seq)
    return found


def faults(seq: int, *, environment: str = "site", says_so: bool = False) -> list[str]:
    """Return the faults of a deployment that was started by this event."""
    data = {"was_production": True} if says_so else {}
    events: list[dict[str, Any]] = [
        {"kind": "requested", "seq": 1, "data": {}},
        {"kind": "started", "seq": seq, "data": data},
    ]
    values = {"number": 7, "environment": environment}
    return [fault.detail for fault in find_starts_with_wrong_tier(values, events, since())]


@pytest.mark.parametrize("seq", [4, 6, 8, 10])
def test_start_says_what_the_events_before_say(seq: int) -> None:
    """From the event on that made it a production environment, whatever its tier is later."""
    was_production = seq > 5

    assert faults(seq, says_so=was_production) == []
    assert len(faults(seq, says_so=not was_production)) == 1


def test_faults_name_the_event() -> None:
    """The detail says which event made it a production environment, or that none did."""
    assert faults(6) == [
        "Event 6 records that site was never a production environment, but event 5 made it one."
    ]
    assert faults(6, environment="farm", says_so=True) == [
        "Event 6 records that farm was a production environment, but no earlier event made it one."
    ]
