"""The lifecycle as the design tells it, written down a second time, and how to move by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gatepost_domain import asking, breaking_glass, lifecycle
from gatepost_domain.deployment import Deployment
from gatepost_domain.emergency import Verdict
from gatepost_domain.gate import Situation
from gatepost_domain.lifecycle import Moved
from gatepost_domain.policy import Execution, Policy
from gatepost_domain.status import Action, Status
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    an_id,
    some_terms,
)

NEXT: Final[Mapping[Status, Mapping[Action, frozenset[Status]]]] = {
    Status.PENDING_APPROVAL: {
        Action.APPROVE: frozenset({Status.PENDING_APPROVAL, Status.APPROVED}),
        Action.REJECT: frozenset({Status.REJECTED}),
        Action.CANCEL: frozenset({Status.CANCELLED}),
        Action.BREAK_GLASS: frozenset({Status.APPROVED}),
    },
    Status.APPROVED: {
        Action.START: frozenset({Status.STARTED, Status.QUEUED}),
        Action.CANCEL: frozenset({Status.CANCELLED}),
    },
    Status.QUEUED: {
        Action.CLAIM: frozenset({Status.STARTED}),
        Action.CANCEL: frozenset({Status.CANCELLED}),
    },
    Status.STARTED: {
        Action.SUCCEED: frozenset({Status.SUCCEEDED}),
        Action.FAIL: frozenset({Status.FAILED}),
        Action.ROLLBACK: frozenset({Status.ROLLED_BACK}),
    },
    Status.SUCCEEDED: {Action.ROLLBACK: frozenset({Status.ROLLED_BACK})},
    Status.FAILED: {Action.ROLLBACK: frozenset({Status.ROLLED_BACK})},
    Status.REJECTED: {},
    Status.CANCELLED: {},
    Status.ROLLED_BACK: {},
}
"""What each status leads to, by which action."""

NEEDS_NOTE: Final = {Action.REJECT, Action.FAIL, Action.ROLLBACK, Action.CANCEL}
"""Actions whose reason must be told."""

WORKER_RUN: Final = a_policy(*QA_THEN_DEVOPS.approval_stages, execution=Execution.WORKER)
"""As qa then devops, but workers start what is approved."""

PATHS: Final[Mapping[Status, tuple[Action, ...]]] = {
    Status.PENDING_APPROVAL: (),
    Status.APPROVED: (Action.APPROVE, Action.APPROVE),
    Status.QUEUED: (Action.APPROVE, Action.APPROVE, Action.START),
    Status.STARTED: (Action.APPROVE, Action.APPROVE, Action.START),
    Status.SUCCEEDED: (Action.APPROVE, Action.APPROVE, Action.START, Action.SUCCEED),
    Status.FAILED: (Action.APPROVE, Action.APPROVE, Action.START, Action.FAIL),
    Status.REJECTED: (Action.REJECT,),
    Status.CANCELLED: (Action.CANCEL,),
    Status.ROLLED_BACK: (Action.APPROVE, Action.APPROVE, Action.START, Action.ROLLBACK),
}
"""A way to each status where qa and then devops are asked."""


def moved(
    deployment: Deployment,
    action: Action,
    *,
    policy: Policy = QA_THEN_DEVOPS,
    around: Situation = Situation(),  # noqa: B008  # frozen
    by: str | None = None,
    note: str | None = "Because it must be.",
) -> Moved:
    """Take an action, by somebody who may unless told who."""
    command = a_command(by or _somebody_for(deployment, action), note=note)
    match action:
        case Action.APPROVE:
            return lifecycle.approve(deployment, policy, command)
        case Action.REJECT:
            return lifecycle.reject(deployment, policy, command)
        case Action.START:
            return lifecycle.start(deployment, policy, around, command, build_id=an_id())
        case Action.CLAIM:
            return lifecycle.claim(deployment, policy, around, command)
        case Action.SUCCEED:
            return lifecycle.succeed(deployment, command)
        case Action.FAIL:
            return lifecycle.fail(deployment, command)
        case Action.ROLLBACK:
            return lifecycle.roll_back(deployment, command)
        case Action.CANCEL:
            return lifecycle.cancel(deployment, command)
        case Action.PROMOTE:
            return asking.promote(deployment, "production", command, some_terms(), risk=None)
        case Action.OVERRIDE:
            return breaking_glass.override_whatever(deployment, policy, around, command)
        case Action.BREAK_GLASS:
            return breaking_glass.break_glass(deployment, policy, around, command, incident="INC-1")
        case Action.AFTER_REVIEW:
            return breaking_glass.close_after_review(
                deployment, policy, command, verdict=Verdict.JUSTIFIED
            )


def a_deployment_at(
    status: Status, *, policy: Policy | None = None, number: int = 1, **asked: Any
) -> Deployment:
    """A deployment that real moves have brought to a status; the policy asks qa, then devops."""
    rules = policy or (WORKER_RUN if status is Status.QUEUED else QA_THEN_DEVOPS)
    deployment = a_deployment(policy=rules, number=number, **asked)
    for action in PATHS[status]:
        deployment, _ = moved(deployment, action, policy=rules)
    return deployment


def _somebody_for(deployment: Deployment, action: Action) -> str:
    if action is Action.CLAIM:
        return "worker:one"
    if action is Action.APPROVE:
        return f"reviewer-{len(deployment.approvals) + 1}"
    return "olga"
