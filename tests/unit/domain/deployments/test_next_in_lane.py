"""Which deployment happens next in a lane."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.emergency_record import Override
from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.deployments.next_in_lane import (
    OUTDATED,
    OpenDeployment,
    find_next_in_lanes,
)
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.outdated_deployment import order_gate
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, a_deployment
from tests.support.domain.gates import NO_REQUIREMENTS

LANE = "shop", "production"


def an_open(
    number: int, status: Status = Status.PENDING_APPROVAL, **changes: Any
) -> OpenDeployment:
    fields: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": f"1.{number}.0",
        "kind": DeploymentKind.REQUEST,
        "auto_start": False,
        "queued_at": None,
        "overrides": (),
        "newest": None,
    }
    return OpenDeployment(number=number, status=status, **(fields | changes))


def an_override(gate: GateKind, code: str) -> Override:
    return Override(gate=gate, code=code, actor="emma", at=NOON, reason="It must be 1.4.1.")


def queued(number: int, minutes: int) -> OpenDeployment:
    return an_open(number, Status.QUEUED, queued_at=NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("deployments", "expected", "others"),
    [
        ([an_open(1), an_open(2)], 2, 1),
        ([an_open(1, Status.APPROVED), an_open(2)], 1, 1),
        ([an_open(1, Status.APPROVED), an_open(2, Status.APPROVED)], 2, 1),
        (
            [an_open(n, Status.APPROVED, auto_start=n < 3) for n in (1, 2, 3)],
            1,
            2,
        ),
        ([queued(1, minutes=2), queued(2, minutes=1), an_open(3, Status.APPROVED)], 2, 2),
        ([an_open(3), an_open(2, Status.STARTED, newest=2), queued(4, minutes=1)], 2, 2),
    ],
)
def test_most_advanced_deployment_happens_next(
    deployments: list[OpenDeployment], expected: int, others: int
) -> None:
    """Then those that start automatically, in queue order; then the newest."""
    following = find_next_in_lanes(deployments)[LANE]

    assert (following.deployment.number, following.others) == (expected, others)


def test_outdated_deployments_are_left_out() -> None:
    """They neither happen next nor wait, however advanced they are."""
    outdated = an_open(1, Status.APPROVED, newest=3)
    assert find_next_in_lanes([outdated]) == {}

    following = find_next_in_lanes([outdated, an_open(5, newest=3)])[LANE]

    assert (following.deployment.number, following.others) == (5, 0)


def test_override_names_the_code_of_the_closed_gate() -> None:
    """An override of the order applies to exactly this code."""
    newest = LaneDeployment(number=3, version="1.3.0", since=NOON)
    context = GateContext(lane=LaneState(newest=newest))

    assert order_gate(a_deployment(number=2), NO_REQUIREMENTS, context).code == OUTDATED


@pytest.mark.parametrize(
    ("changes", "can_start"),
    [
        ({}, False),
        ({"newest": 1}, True),
        ({"newest": None}, True),
        ({"kind": DeploymentKind.ROLLBACK}, True),
        ({"overrides": (an_override(GateKind.ORDER, "outdated"),)}, True),
        ({"overrides": (an_override(GateKind.FREEZE, "frozen"),)}, False),
    ],
)
def test_newer_deployment_prevents_a_start(changes: dict[str, Any], *, can_start: bool) -> None:
    """Rollbacks can start anyway, and so can a deployment whose order gate was overridden."""
    fields: dict[str, Any] = {"newest": 3, **changes}

    assert an_open(2, **fields).can_start is can_start
