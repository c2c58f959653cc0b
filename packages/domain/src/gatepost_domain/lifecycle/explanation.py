"""Explaining why a deployment is waiting and what an actor can do, by running the actual rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.errors import Refusal
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import Gate
from gatepost_domain.lifecycle import (
    approval,
    approval_withdrawal,
    cancellation_and_expiry,
    creation,
    execution,
    overrides_and_break_glass,
    rollback_retry,
)
from gatepost_domain.status_transitions import HUMAN_ACTIONS, Action, Status

_DRY_RUN_NOTE: Final = "only a dry run"
_PLACEHOLDER_ID: Final = UUID(int=0)
"""The build id for dry-run starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAvailability:
    """Whether an actor can take an action now."""

    action: Action
    allowed: bool
    reason: str | None
    """A sentence that explains why the action is not allowed; None if it is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A deployment's gates, and the actions that an actor can take."""

    can_start: bool
    gates: tuple[Gate, ...]
    actions: tuple[ActionAvailability, ...]
    newer_target_version: int | None = None
    """The current version of the target's settings, if the waiting deployment keeps an older
    one."""
    redeployed_target_message: str | None = None
    """A message stating that the rollback does not use the target settings with which its version
    last ran; None if it uses them, if either settings are unknown, or if this is not a rollback."""

    @property
    def newer_target_message(self) -> str | None:
        """A message about the newer version of the target's settings; None if there is none."""
        version = self.newer_target_version
        if version is None:
            return None
        return (
            "The target's settings were changed after this deployment was requested; "
            f"to use version {version} of the settings, create a new request."
        )


_DryRun = Callable[[Deployment, Policy, GateContext, Command], object]


def _dry_run_approval(
    deployment: Deployment, policy: Policy, context: GateContext, command: Command
) -> None:
    approval.approve(deployment, policy, command)
    context.require_not_archived()


def _dry_run_break_glass(
    deployment: Deployment, policy: Policy, context: GateContext, command: Command
) -> None:
    overrides_and_break_glass.break_glass(deployment, policy, context, command, incident="dry run")
    context.require_not_archived()


_DRY_RUNS: Final[Mapping[Action, _DryRun]] = {
    Action.APPROVE: _dry_run_approval,
    Action.REJECT: lambda deployment, policy, _, command: approval.reject(
        deployment, policy, command
    ),
    Action.WITHDRAW: lambda deployment, policy, _, command: approval_withdrawal.withdraw(
        deployment, policy, command
    ),
    Action.START: lambda deployment, policy, context, command: execution.start(
        deployment, policy, context, command, build_id=_PLACEHOLDER_ID
    ),
    Action.SUCCEED: lambda deployment, _, __, command: execution.succeed(deployment, command),
    Action.FAIL: lambda deployment, _, __, command: execution.fail(deployment, command),
    Action.ROLLBACK: lambda deployment, _, __, command: execution.roll_back(deployment, command),
    Action.CANCEL: lambda deployment, _, __, command: cancellation_and_expiry.cancel(
        deployment, command
    ),
    Action.PROMOTE: lambda deployment, _, __, ___: creation.require_promotable(deployment),
    Action.RETRY: lambda deployment, _, __, command: rollback_retry.require_retryable(
        deployment, command
    ),
    Action.OVERRIDE: overrides_and_break_glass.override_first_closed_gate,
    Action.BREAK_GLASS: _dry_run_break_glass,
    Action.AFTER_REVIEW: lambda deployment, policy, _, command: (
        overrides_and_break_glass.close_after_review(
            deployment, policy, command, verdict=Verdict.JUSTIFIED
        )
    ),
}
"""Maps each action to a function that runs its rule; the result is discarded."""

NO_DRY_RUNS: Final[Mapping[Action, Callable[[Command], object]]] = {}


def explain(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    *,
    actor: Actor,
    at: datetime,
    dry_runs: Mapping[Action, Callable[[Command], object]] = NO_DRY_RUNS,
) -> Explanation:
    """Return what the deployment is waiting for, and which actions the actor can take.

    An action is allowed if and only if its rule would accept it with a note and all other required
    input. `dry_runs` run the rules of actions that depend on more than the deployment, such as the
    promotion to another environment; for those not given, only the deployment itself is checked.
    """
    command = Command(actor=actor, at=at, note=_DRY_RUN_NOTE)
    gates = evaluate_gates(deployment, policy, context)
    return Explanation(
        can_start=deployment.status in {Status.APPROVED, Status.QUEUED}
        and context.archived is None
        and all(gate.allows_start for gate in gates),
        gates=gates,
        actions=tuple(
            _try_action(action, partial(dry_runs[action], command))
            if action in dry_runs
            else _try_action(
                action, partial(_DRY_RUNS[action], deployment, policy, context, command)
            )
            for action in HUMAN_ACTIONS
        ),
    )


def determine_action_availability(
    actions: Iterable[Action],
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    *,
    actor: Actor,
    at: datetime,
) -> tuple[ActionAvailability, ...]:
    """Return whether the actor can take each of these actions, by the same rules as `explain`."""
    command = Command(actor=actor, at=at, note=_DRY_RUN_NOTE)
    return tuple(
        _try_action(action, partial(_DRY_RUNS[action], deployment, policy, context, command))
        for action in actions
    )


def _try_action(action: Action, attempt: Callable[[], object]) -> ActionAvailability:
    try:
        attempt()
    except Refusal as refusal:
        return ActionAvailability(action=action, allowed=False, reason=str(refusal))
    return ActionAvailability(action=action, allowed=True, reason=None)
