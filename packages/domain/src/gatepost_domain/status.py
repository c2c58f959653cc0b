"""Where a deployment stands, what can be done to it, and the one table of moves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a deployment stands."""

    PENDING_APPROVAL = "pending_approval"
    """It waits for its reviewers; nothing has been touched."""
    APPROVED = "approved"
    """Every stage has consented; it may start when its gates are open."""
    QUEUED = "queued"
    """It waits for a worker, which starts it when its gates are open."""
    STARTED = "started"
    """The rollout is under way; its lane is taken until it ends."""
    SUCCEEDED = "succeeded"
    """The rollout worked. Final, unless a rollback is recorded."""
    FAILED = "failed"
    """It ran and did not work. Final, unless a rollback is recorded."""
    REJECTED = "rejected"
    """A reviewer said no. Terminal: ask again with a new deployment."""
    CANCELLED = "cancelled"
    """It ended before it started; `cancel_reason` says why. Terminal."""
    ROLLED_BACK = "rolled_back"
    """What it changed was reverted. Terminal."""


class Action(StrEnum):
    """What an actor does to a deployment."""

    APPROVE = "approve"
    """A reviewer consents, for the stage that is open."""
    REJECT = "reject"
    """A reviewer refuses; one refusal ends the deployment."""
    START = "start"
    """The rollout begins, or is handed to the workers where the environment is worker-run."""
    CLAIM = "claim"
    """A worker takes a queued deployment and starts it; never a person's action."""
    SUCCEED = "succeed"
    """The rollout is reported to have worked."""
    FAIL = "fail"
    """The rollout is reported not to have worked."""
    ROLLBACK = "rollback"
    """What was rolled out is reported to have been reverted."""
    CANCEL = "cancel"
    """It is withdrawn before it starts."""
    PROMOTE = "promote"
    """The same version is asked for in the next environment."""
    OVERRIDE = "override"
    """One gate is passed, with a reason that stays."""
    BREAK_GLASS = "break_glass"
    """It is approved without its reviewers, who look at it afterwards."""
    AFTER_REVIEW = "after_review"
    """A reviewer judges a break-glass afterwards."""


class CancelReason(StrEnum):
    """Why a deployment ended before it started."""

    WITHDRAWN = "withdrawn"
    """A person took it back."""
    SUPERSEDED = "superseded"
    """A newer deployment of the same lane went ahead."""
    EXPIRED = "expired"
    """Nobody acted on it within the time its policy allows."""


TRANSITIONS: Final[Mapping[tuple[Status, Action], frozenset[Status]]] = {
    (Status.PENDING_APPROVAL, Action.APPROVE): frozenset(
        {Status.PENDING_APPROVAL, Status.APPROVED}
    ),
    (Status.PENDING_APPROVAL, Action.REJECT): frozenset({Status.REJECTED}),
    (Status.PENDING_APPROVAL, Action.CANCEL): frozenset({Status.CANCELLED}),
    (Status.PENDING_APPROVAL, Action.BREAK_GLASS): frozenset({Status.APPROVED}),
    (Status.APPROVED, Action.START): frozenset({Status.STARTED, Status.QUEUED}),
    (Status.APPROVED, Action.CANCEL): frozenset({Status.CANCELLED}),
    (Status.QUEUED, Action.CLAIM): frozenset({Status.STARTED}),
    (Status.QUEUED, Action.CANCEL): frozenset({Status.CANCELLED}),
    (Status.STARTED, Action.SUCCEED): frozenset({Status.SUCCEEDED}),
    (Status.STARTED, Action.FAIL): frozenset({Status.FAILED}),
    (Status.STARTED, Action.ROLLBACK): frozenset({Status.ROLLED_BACK}),
    (Status.SUCCEEDED, Action.ROLLBACK): frozenset({Status.ROLLED_BACK}),
    (Status.FAILED, Action.ROLLBACK): frozenset({Status.ROLLED_BACK}),
}
"""Every move there is: (status, action) to the statuses it may lead to; all else is refused."""

ACTIONS_REQUIRING_NOTE: Final = frozenset(
    {Action.REJECT, Action.FAIL, Action.ROLLBACK, Action.CANCEL}
)
"""Actions whose reason must be told; a note is welcome on all others."""

HUMAN_ACTIONS: Final = tuple(action for action in Action if action is not Action.CLAIM)
"""What a person can be offered, in the order of the lifecycle; what is out of the ordinary last."""

WAITING_STATUSES: Final = frozenset({Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED})
"""Statuses in which a deployment still waits to start."""


def allowed_actions(status: Status) -> tuple[Action, ...]:
    """How a person may move a deployment on from this status, in the order of the lifecycle.

    The way round its reviewers is no next step that anybody is pointed to.
    """
    return tuple(
        action
        for action in HUMAN_ACTIONS
        if (status, action) in TRANSITIONS and action is not Action.BREAK_GLASS
    )
