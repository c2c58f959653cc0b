"""The execution of deployments, as the API returns it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import pytest

from gatepost_api.deployments.responses import Deployment, DeploymentExecution, ExecutionState
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment, an_id

POLICY: Final = PolicyVersion(
    environment="production",
    version=1,
    policy=QA_THEN_DEVOPS,
    created_at=NOON,
    created_by="owner",
)


@pytest.mark.parametrize(
    ("status", "deployed_at", "state"),
    [
        (Status.QUEUED, None, ExecutionState.QUEUED),
        (Status.STARTED, None, ExecutionState.RUNNING),
        (Status.SUCCEEDED, NOON, ExecutionState.SUCCESS),
        (Status.FAILED, None, ExecutionState.FAILED),
        (Status.ROLLED_BACK, NOON, ExecutionState.SUCCESS),
        (Status.ROLLED_BACK, None, ExecutionState.FAILED),
    ],
)
def test_execution_state_follows_the_status(
    status: Status, deployed_at: datetime | None, state: ExecutionState
) -> None:
    """The status becomes a state in the terms of build servers.

    A rolled-back deployment succeeded if it was ever deployed.
    """
    built = replace(a_deployment(), build_id=an_id(), attempt=2, worker="worker:one")
    deployment = replace(built, status=status, deployed_at=deployed_at)

    execution = Deployment.from_domain(deployment, POLICY).execution
    assert execution == DeploymentExecution(state=state, attempt=2, worker="worker:one")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.APPROVED},
        {"status": Status.CANCELLED, "build_id": an_id()},
        {"status": Status.SUCCEEDED, "kind": DeploymentKind.RECORD},
    ],
)
def test_deployment_without_a_rollout_has_no_execution(changes: dict[str, Any]) -> None:
    """A deployment has no execution before its start, if it was cancelled, or if it is a record."""
    deployment = replace(a_deployment(), **changes)

    assert Deployment.from_domain(deployment, POLICY).execution is None
