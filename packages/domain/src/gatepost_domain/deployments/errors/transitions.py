"""Refusals of actions that the deployment's status or policy does not allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_domain.errors import Refusal
from gatepost_domain.status_transitions import TRANSITIONS, Action, Status

_LIFECYCLE: Final = (
    Status.PENDING_APPROVAL,
    Status.APPROVED,
    Status.QUEUED,
    Status.STARTED,
    Status.SUCCEEDED,
)
"""The statuses that a successful deployment passes through, in order."""

_FIRST_STATUS: Final[Mapping[Action, Status]] = {
    action: next(status for status in _LIFECYCLE if (status, action) in TRANSITIONS)
    for _, action in TRANSITIONS
} | {Action.PROMOTE: Status.SUCCEEDED}
"""Maps each action to the first status in the lifecycle in which it is available."""


class ActionRefused(Refusal):
    """The deployment does not allow the action now; `allowed` lists what its status allows."""

    def __init__(self, message: str, *, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(message)
        self.status = status
        self.allowed = allowed


class TransitionRefused(ActionRefused):
    """The deployment's status does not allow the action."""

    code = "transition_refused"

    def __init__(self, status: Status, action: Action, allowed: tuple[Action, ...]) -> None:
        available = (
            f"available now: {', '.join(allowed)}" if allowed else "no other action is available"
        )
        reason = _describe_unavailability(status, action)
        super().__init__(
            f"This action is not available {reason}; {available}.",
            status=status,
            allowed=allowed,
        )
        self.action = action


def _describe_unavailability(status: Status, action: Action) -> str:
    first = _FIRST_STATUS.get(action)
    if status in _LIFECYCLE and first in _LIFECYCLE[_LIFECYCLE.index(status) + 1 :]:
        if first is Status.SUCCEEDED:
            return "until the deployment has succeeded"
        return f"until the deployment is {first}"
    return f"in status {status.replace('_', ' ')}"


class ReviewerCannotStart(Refusal):
    """The policy does not let a reviewer of a deployment start it."""

    code = "reviewer_may_not_start"

    def __init__(self, actor: str, environment: str) -> None:
        super().__init__(
            f"{actor} approved this deployment; the policy of {environment} "
            "requires somebody else to start it."
        )
        self.actor = actor
