"""Refusals of requests and of promotions."""

from __future__ import annotations

from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.errors import Refusal
from gatepost_domain.status_transitions import Action, Status


class AlreadyPromoted(ActionRefused):
    """A deployment can be promoted to an environment only once."""

    code = "already_promoted"

    def __init__(
        self, number: str, to: str, promotion: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"{number} was already promoted to {to} as {promotion}; "
            "to deploy the version there again, create a new request.",
            status=status,
            allowed=allowed,
        )
        self.promotion = promotion


class TooManyOpenRequests(Refusal):
    """As many deployments as the environment's policy allows are already waiting to start."""

    code = "too_many_open_requests"

    def __init__(self, scope: str, limit: int, setting: str, environment: str) -> None:
        super().__init__(
            f"{limit} deployments of {scope} are waiting to start, which is the maximum "
            f"({setting} in the policy of {environment}). Cancel those that are no longer needed, "
            "or wait until some have started."
        )
        self.scope = scope
        self.limit = limit
        self.setting = setting
