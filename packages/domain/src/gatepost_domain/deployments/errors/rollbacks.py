"""Refusals of rollbacks and of retries of them."""

from __future__ import annotations

from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.status_transitions import Action, Status


class NoKnownGood(ActionRefused):
    """There is no known good version to redeploy; the deployment is unchanged."""

    code = "no_known_good"

    def __init__(
        self, where: str, version: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"No known good version other than {version} exists for {where}; "
            "roll back without redeploying, or request the version you want.",
            status=status,
            allowed=allowed,
        )


class NotARollback(ActionRefused):
    """Only rollbacks can be retried; other deployments must be requested and reviewed again."""

    code = "not_a_rollback"

    def __init__(self, number: str, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(
            f"{number} is not a rollback, so it cannot be retried; request its version again.",
            status=status,
            allowed=allowed,
        )


class RollbackReplaced(ActionRefused):
    """A later deployment, such as another attempt, has taken the place of the rollback."""

    code = "rollback_replaced"

    def __init__(
        self, number: str, later: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"{later} came after {number} and has taken its place; continue with {later}, or "
            "request the version you want.",
            status=status,
            allowed=allowed,
        )
        self.later = later
