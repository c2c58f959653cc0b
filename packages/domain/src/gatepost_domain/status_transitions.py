"""The statuses of a deployment, the actions on it, and the table of all transitions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """The current status of a deployment."""

    PENDING_APPROVAL = "pending_approval"
    """Waiting for its reviewers; nothing has been deployed."""
    APPROVED = "approved"
    """The review is complete; the deployment may start when its gates are open."""
    QUEUED = "queued"
    """Waiting for a worker, which starts the deployment when its gates are open."""
    STARTED = "started"
    """The rollout is in progress; no other deployment in its lane can start."""
    SUCCEEDED = "succeeded"
    """The rollout worked. Final, unless a rollback is recorded."""
    FAILED = "failed"
    """The rollout ran and did not work. Final, unless a rollback is recorded."""
    REJECTED = "rejected"
    """A reviewer rejected it. Terminal: create a new deployment to try again."""
    CANCELLED = "cancelled"
    """The deployment ended before it started; `cancel_reason` is the reason. Terminal."""
    ROLLED_BACK = "rolled_back"
    """The change was reverted. Terminal."""


class Action(StrEnum):
    """An action on a deployment."""

    APPROVE = "approve"
    """A reviewer approves the open stage."""
    REJECT = "reject"
    """A reviewer rejects the deployment; one rejection ends it."""
    START = "start"
    """The rollout begins or, in a worker-run environment, is queued for a worker."""
    CLAIM = "claim"
    """A worker takes a queued deployment and starts it; not available to people."""
    SUCCEED = "succeed"
    """The rollout is reported as successful."""
    FAIL = "fail"
    """The rollout is reported as failed."""
    ROLLBACK = "rollback"
    """The change is reported as reverted."""
    CANCEL = "cancel"
    """The request is cancelled before it starts."""
    WITHDRAW = "withdraw"
    """A reviewer withdraws their own approval before the deployment starts."""
    PROMOTE = "promote"
    """The same version is requested in the next environment."""
    RETRY = "retry"
    """A rollback that did not succeed is requested again."""
    OVERRIDE = "override"
    """One gate is overridden, with a reason that is recorded permanently."""
    BREAK_GLASS = "break_glass"
    """The deployment is approved without its reviewers in an emergency, and reviewed afterwards."""
    AFTER_REVIEW = "after_review"
    """A reviewer closes the after-review of a break-glass approval."""


class CancelReason(StrEnum):
    """Why a deployment ended before it started."""

    WITHDRAWN = "withdrawn"
    """A person cancelled the deployment."""
    SUPERSEDED = "superseded"
    """A newer deployment in the same lane superseded the deployment."""
    EXPIRED = "expired"
    """The deployment was not approved or started within the time that its policy allows."""


TRANSITIONS: Final[Mapping[tuple[Status, Action], frozenset[Status]]] = {
    (Status.PENDING_APPROVAL, Action.APPROVE): frozenset(
        {Status.PENDING_APPROVAL, Status.APPROVED}
    ),
    (Status.PENDING_APPROVAL, Action.REJECT): frozenset({Status.REJECTED}),
    (Status.PENDING_APPROVAL, Action.WITHDRAW): frozenset({Status.PENDING_APPROVAL}),
    (Status.PENDING_APPROVAL, Action.CANCEL): frozenset({Status.CANCELLED}),
    (Status.PENDING_APPROVAL, Action.BREAK_GLASS): frozenset({Status.APPROVED}),
    (Status.APPROVED, Action.WITHDRAW): frozenset({Status.PENDING_APPROVAL, Status.APPROVED}),
    (Status.APPROVED, Action.START): frozenset({Status.STARTED, Status.QUEUED}),
    (Status.APPROVED, Action.CANCEL): frozenset({Status.CANCELLED}),
    (Status.QUEUED, Action.WITHDRAW): frozenset({Status.PENDING_APPROVAL, Status.QUEUED}),
    (Status.QUEUED, Action.CLAIM): frozenset({Status.STARTED}),
    (Status.QUEUED, Action.CANCEL): frozenset({Status.CANCELLED}),
    (Status.STARTED, Action.SUCCEED): frozenset({Status.SUCCEEDED}),
    (Status.STARTED, Action.FAIL): frozenset({Status.FAILED}),
    (Status.STARTED, Action.ROLLBACK): frozenset({Status.ROLLED_BACK}),
    (Status.SUCCEEDED, Action.ROLLBACK): frozenset({Status.ROLLED_BACK}),
    (Status.FAILED, Action.ROLLBACK): frozenset({Status.ROLLED_BACK}),
}
"""Maps (status, action) to the possible next statuses. All other transitions are refused."""

STATUSES_AFTER_VOIDING: Final[Mapping[Status, frozenset[Status]]] = {
    status: TRANSITIONS[status, Action.WITHDRAW]
    for status in (Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED)
}
"""Maps statuses to the possible next ones when Gatepost voids approvals."""

STATUS_WITHOUT_AUTO_START: Final[Mapping[Status, Status]] = {
    Status.PENDING_APPROVAL: Status.PENDING_APPROVAL,
    Status.APPROVED: Status.APPROVED,
    Status.QUEUED: Status.APPROVED,
}
"""Maps statuses to the next status when Gatepost cancels a deployment's automatic start."""

ACTIONS_REQUIRING_NOTE: Final = frozenset(
    {Action.REJECT, Action.WITHDRAW, Action.FAIL, Action.ROLLBACK, Action.CANCEL}
)
"""The actions that require a note with the reason; for all others, a note is optional."""

HUMAN_ACTIONS: Final = tuple(action for action in Action if action is not Action.CLAIM)
"""The actions available to people, in lifecycle order with the exceptional ones last."""

WAITING_STATUSES: Final = frozenset({Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED})
"""The statuses in which a deployment is still waiting to start."""

NEXT_ACTIONS: Final[Mapping[Status, tuple[Action, ...]]] = {
    Status.PENDING_APPROVAL: (Action.APPROVE, Action.REJECT),
    Status.APPROVED: (Action.START,),
    Status.STARTED: (Action.SUCCEED, Action.FAIL),
}
"""Maps statuses to the actions by which people take a deployment further. A queued deployment has
none: a worker takes it."""


def actions_to_suggest(status: Status) -> tuple[Action, ...]:
    """Return the transitions that a person can make from a status, in lifecycle order.

    Break-glass is left out, so that refusals do not suggest bypassing the reviewers.
    """
    return tuple(
        action
        for action in HUMAN_ACTIONS
        if (status, action) in TRANSITIONS and action is not Action.BREAK_GLASS
    )
