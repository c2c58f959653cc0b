"""Refusals about check runs."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.check_runs.check_run import CheckRun, CheckRunState
from gatepost_domain.errors import Refusal


class NoChecks(Refusal):
    """The target has no checks that could be run."""

    code = "no_checks"

    def __init__(self, service: str, environment: str) -> None:
        super().__init__(
            f"{service} in {environment} has no checks. Add a base URL and checks to the settings "
            "of the target first."
        )
        self.service = service
        self.environment = environment


class CheckRunOpen(Refusal):
    """The target's checks are already queued or running."""

    code = "check_run_open"

    def __init__(self, run: CheckRun) -> None:
        super().__init__(
            f"The checks of {run.service} in {run.environment} are already {run.state}: "
            f"{run.requested_by} requested them. Wait for the results of check run {run.id}."
        )
        self.run_id: UUID = run.id


class CheckRunClaimLost(Refusal):
    """The worker no longer holds the check run, so its report changes nothing."""

    code = "check_run_claim_lost"

    def __init__(self, run: CheckRun) -> None:
        reason = (
            f"{run.worker} holds it now"
            if run.state is CheckRunState.RUNNING
            else f"it is {run.state}"
        )
        super().__init__(f"This claim on check run {run.id} is no longer valid: {reason}.")
        self.state = run.state
