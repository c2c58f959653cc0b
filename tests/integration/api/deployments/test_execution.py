"""How far the workers are with a deployment, as it is told on the wire."""

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
def test_what_was_handed_to_workers_tells_how_far_they_are(
    status: Status, deployed_at: datetime | None, state: ExecutionState
) -> None:
    """In the words of build servers, with the attempt and whose it is."""
    handed_over = replace(a_deployment(), build_id=an_id(), attempt=2, worker="worker:one")
    deployment = replace(handed_over, status=status, deployed_at=deployed_at)

    told = Deployment.from_domain(deployment, QA_THEN_DEVOPS).execution
    assert told == DeploymentExecution(state=state, attempt=2, worker="worker:one")


@pytest.mark.parametrize(
    ("status", "handed_over"), [(Status.CANCELLED, True), (Status.STARTED, False)]
)
def test_what_no_worker_carries_out_has_no_execution(status: Status, *, handed_over: bool) -> None:
    """It was cancelled in the queue, or people carry it out."""
    build_id = an_id() if handed_over else None
    deployment = replace(a_deployment(), status=status, build_id=build_id)

    assert Deployment.from_domain(deployment, QA_THEN_DEVOPS).execution is None
