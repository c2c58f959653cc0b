"""An independent copy of the lifecycle's specification, and transitions that follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import ExecutionMode, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.gates.context import GateContext
from gatepost_domain.lifecycle import (
    approval,
    approval_withdrawal,
    cancellation_and_expiry,
    creation,
    execution,
    overrides_and_break_glass,
    rollback_retry,
)
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.status_transitions import Action, Status
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
        Action.WITHDRAW: frozenset({Status.PENDING_APPROVAL}),
    },
    Status.APPROVED: {
        Action.START: frozenset({Status.STARTED, Status.QUEUED}),
        Action.CANCEL: frozenset({Status.CANCELLED}),
        Action.WITHDRAW: frozenset({Status.PENDING_APPROVAL, Status.APPROVED}),
    },
    Status.QUEUED: {
        Action.CLAIM: frozenset({Status.STARTED}),
        Action.CANCEL: frozenset({Status.CANCELLED}),
        Action.WITHDRAW: frozenset({Status.PENDING_APPROVAL, Status.QUEUED}),
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
"""The actions that each status allows, with the status that each action leads to."""

NON_TRANSITION_ACTIONS: Final = {
    Action.PROMOTE,
    Action.RETRY,
    Action.OVERRIDE,
    Action.AFTER_REVIEW,
}
"""Actions outside the lifecycle. They change no status and have their own refusals."""

TRANSITION_ACTIONS: Final = tuple(
    action for action in Action if action not in NON_TRANSITION_ACTIONS
)
"""The actions in the transition table."""

NEEDS_NOTE: Final = {Action.REJECT, Action.WITHDRAW, Action.FAIL, Action.ROLLBACK, Action.CANCEL}
"""Actions that require a note."""

NEEDS_REASON: Final = {Action.OVERRIDE, Action.BREAK_GLASS}
"""Actions that require a longer reason, which has its own field."""

WORKER_POLICY: Final = a_policy(*QA_THEN_DEVOPS.approval_stages, execution=ExecutionMode.WORKER)
"""A policy with the stages of `QA_THEN_DEVOPS` and worker execution."""

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
"""The actions that lead to each status with the stages qa and devops."""


_Rule = Callable[[Deployment, Policy, GateContext, Command], Transition]

_RULES: Final[Mapping[Action, _Rule]] = {
    Action.APPROVE: lambda deployment, policy, _, command: approval.approve(
        deployment, policy, command
    ),
    Action.REJECT: lambda deployment, policy, _, command: approval.reject(
        deployment, policy, command
    ),
    Action.WITHDRAW: lambda deployment, policy, _, command: approval_withdrawal.withdraw(
        deployment, policy, command
    ),
    Action.START: lambda deployment, policy, context, command: execution.start(
        deployment, policy, context, command, build_id=an_id()
    ),
    Action.CLAIM: execution.start_for_worker,
    Action.SUCCEED: lambda deployment, _, __, command: execution.succeed(deployment, command),
    Action.FAIL: lambda deployment, _, __, command: execution.fail(deployment, command),
    Action.ROLLBACK: lambda deployment, _, __, command: execution.roll_back(deployment, command),
    Action.CANCEL: lambda deployment, _, __, command: cancellation_and_expiry.cancel(
        deployment, command
    ),
    Action.PROMOTE: lambda deployment, _, __, command: creation.create_promotion(
        deployment, "production", command, creation_terms(), risk=None
    ),
    Action.RETRY: lambda deployment, _, __, command: rollback_retry.record_rollback_retry(
        deployment, deployment, command, redeployed_by=an_id(), later_number=None
    ),
    Action.OVERRIDE: overrides_and_break_glass.override_first_closed_gate,
    Action.BREAK_GLASS: partial(overrides_and_break_glass.break_glass, incident="INC-1"),
    Action.AFTER_REVIEW: lambda deployment, policy, _, command: (
        overrides_and_break_glass.close_after_review(
            deployment, policy, command, verdict=Verdict.JUSTIFIED
        )
    ),
}
"""The lifecycle rule for each action."""


def transition(
    deployment: Deployment,
    action: Action,
    *,
    policy: Policy = QA_THEN_DEVOPS,
    around: GateContext = GateContext(),  # noqa: B008  # the default is immutable
    by: Actor | str | None = None,
    note: str | None = "Because it must be.",
) -> Transition:
    """Perform an action, by default as an eligible actor.

    To withdraw an approval of a pending deployment that has none, one is added first.
    """
    is_pending = deployment.status is Status.PENDING_APPROVAL
    if action is Action.WITHDRAW and is_pending and not deployment.approvals:
        approved, _ = transition(deployment, Action.APPROVE, policy=policy)
        deployment = replace(approved, revision=deployment.revision)
    command = a_command(by or _actor_for(deployment, action), note=note)
    return _RULES[action](deployment, policy, around, command)


def deployment_with_status(
    status: Status, *, policy: Policy | None = None, number: int = 1, **fields: Any
) -> Deployment:
    """Build a deployment with this status through real transitions in qa and devops stages."""
    effective = policy or (WORKER_POLICY if status is Status.QUEUED else QA_THEN_DEVOPS)
    deployment = a_deployment(policy=effective, number=number, **fields)
    for action in ACTIONS_TO_REACH[status]:
        deployment, _ = transition(deployment, action, policy=effective)
    return deployment


def _actor_for(deployment: Deployment, action: Action) -> str:
    if action is Action.CLAIM:
        return "worker:one"
    if action is Action.WITHDRAW:
        return "reviewer-1"
    if action is Action.APPROVE:
        return f"reviewer-{len(deployment.approvals) + 1}"
    return "olga"
