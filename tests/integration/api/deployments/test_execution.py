"""The execution of deployments by workers, as the API returns it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from gatepost_api.deployments.responses import Deployment, DeploymentExecution, ExecutionState
from gatepost_domain.status import Status
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment, an_id


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
    """The state uses the terms of build servers and names the attempt and the worker."""
    built = replace(a_deployment(), build_id=an_id(), attempt=2, worker="worker:one")
    deployment = replace(built, status=status, deployed_at=deployed_at)

    execution = Deployment.from_domain(deployment, QA_THEN_DEVOPS).execution
    assert execution == DeploymentExecution(state=state, attempt=2, worker="worker:one")


@pytest.mark.parametrize(
    ("status", "has_build"), [(Status.CANCELLED, True), (Status.STARTED, False)]
)
def test_deployment_without_a_worker_has_no_execution(status: Status, *, has_build: bool) -> None:
    """A deployment has no execution if it was cancelled in the queue or is run by an operator."""
    build_id = an_id() if has_build else None
    deployment = replace(a_deployment(), status=status, build_id=build_id)

    assert Deployment.from_domain(deployment, QA_THEN_DEVOPS).execution is None
