"""The lifecycle as the design tells it, written down a second time, and how to move by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import ExecutionMode, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency import Verdict
from gatepost_domain.gates.context import GateContext
from gatepost_domain.lifecycle import (
    approval,
    cancellation,
    creation,
    overrides,
    rollout,
)
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.status import Action, Status
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    an_id,
    creation_terms,
)

DESIGNED_TRANSITIONS: Final[Mapping[Status, Mapping[Action, frozenset[Status]]]] = {
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

NON_TRANSITION_ACTIONS: Final = {Action.PROMOTE, Action.OVERRIDE, Action.AFTER_REVIEW}
"""What is done beside the lifecycle: it moves no deployment on, and has its own refusals."""

TRANSITION_ACTIONS: Final = tuple(
    action for action in Action if action not in NON_TRANSITION_ACTIONS
)
"""The actions of the table."""

NEEDS_NOTE: Final = {Action.REJECT, Action.FAIL, Action.ROLLBACK, Action.CANCEL}
"""Actions whose reason must be told."""

NEEDS_REASON: Final = {Action.OVERRIDE, Action.BREAK_GLASS}
"""Actions whose reason must be told at some length, in a field of their own."""

WORKER_POLICY: Final = a_policy(*QA_THEN_DEVOPS.approval_stages, execution=ExecutionMode.WORKER)
"""As qa then devops, but workers start what is approved."""

ACTIONS_TO_REACH: Final[Mapping[Status, tuple[Action, ...]]] = {
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


_Rule = Callable[[Deployment, Policy, GateContext, Command], Transition]

_COLUMN_RULES: Final[Mapping[Action, _Rule]] = {
    Action.APPROVE: lambda which, policy, _, command: approval.approve(which, policy, command),
    Action.REJECT: lambda which, policy, _, command: approval.reject(which, policy, command),
    Action.START: lambda which, policy, around, command: rollout.start(
        which, policy, around, command, build_id=an_id()
    ),
    Action.CLAIM: rollout.claim,
    Action.SUCCEED: lambda which, _, __, command: rollout.succeed(which, command),
    Action.FAIL: lambda which, _, __, command: rollout.fail(which, command),
    Action.ROLLBACK: lambda which, _, __, command: rollout.roll_back(which, command),
    Action.CANCEL: lambda which, _, __, command: cancellation.cancel(which, command),
    Action.PROMOTE: lambda which, _, __, command: creation.create_promotion(
        which, "production", command, creation_terms(), risk=None
    ),
    Action.OVERRIDE: overrides.override_first_closed_gate,
    Action.BREAK_GLASS: partial(overrides.break_glass, incident="INC-1"),
    Action.AFTER_REVIEW: lambda which, policy, _, command: overrides.close_after_review(
        which, policy, command, verdict=Verdict.JUSTIFIED
    ),
}
"""Each action as the rules decide it."""


def transition(
    deployment: Deployment,
    action: Action,
    *,
    policy: Policy = QA_THEN_DEVOPS,
    around: GateContext = GateContext(),  # noqa: B008  # frozen
    by: str | None = None,
    note: str | None = "Because it must be.",
) -> Transition:
    """Take an action, by somebody who may unless told who."""
    command = a_command(by or _actor_for(deployment, action), note=note)
    return _COLUMN_RULES[action](deployment, policy, around, command)


def deployment_with_status(
    status: Status, *, policy: Policy | None = None, number: int = 1, **asked: Any
) -> Deployment:
    """A deployment that real moves have brought to a status; the policy asks qa, then devops."""
    rules = policy or (WORKER_POLICY if status is Status.QUEUED else QA_THEN_DEVOPS)
    deployment = a_deployment(policy=rules, number=number, **asked)
    for action in ACTIONS_TO_REACH[status]:
        deployment, _ = transition(deployment, action, policy=rules)
    return deployment


def _actor_for(deployment: Deployment, action: Action) -> str:
    if action is Action.CLAIM:
        return "worker:one"
    if action is Action.APPROVE:
        return f"reviewer-{len(deployment.approvals) + 1}"
    return "olga"
