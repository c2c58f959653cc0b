"""Refusals of workers' claims and reports."""

from __future__ import annotations

from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.errors import Refusal
from gatepost_domain.status_transitions import Status


class ClaimLost(ActionRefused):
    """The worker no longer holds the claim, so its report changes nothing."""

    code = "claim_lost"

    def __init__(self, number: str, status: Status, *, worker: str | None) -> None:
        reason = f"{worker} holds it now" if status is Status.STARTED else f"its status is {status}"
        super().__init__(
            f"This claim on {number} is no longer valid: {reason}.", status=status, allowed=()
        )
        self.worker = worker


class WorkerNameTaken(Refusal):
    """Another worker with the same name is waiting for a task."""

    code = "worker_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Another worker named {name} is waiting for a task. Give each worker a name of its "
            "own, or start it without a name."
        )
        self.name = name
