"""Why a deployment waits and what somebody may do about it, told by the rules that decide it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency import Verdict
from gatepost_domain.errors import Refusal
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import Gate
from gatepost_domain.lifecycle import (
    approval,
    cancellation,
    creation,
    overrides,
    rollout,
)
from gatepost_domain.status import HUMAN_ACTIONS, Action, Status

_PLACEHOLDER_ID: Final = UUID(int=0)
"""Stands for the build id of a start that is only tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailableAction:
    """Whether somebody may take an action now."""

    action: Action
    allowed: bool
    reason: str | None
    """Why not, in a sentence; none where it is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that stands between a deployment and its start, and what the caller can do."""

    can_start: bool
    gates: tuple[Gate, ...]
    actions: tuple[AvailableAction, ...]


_DryRun = Callable[[Deployment, Policy, GateContext, Command], object]

_DRY_RUNS: Final[Mapping[Action, _DryRun]] = {
    Action.APPROVE: lambda deployment, policy, _, command: approval.approve(
        deployment, policy, command
    ),
    Action.REJECT: lambda deployment, policy, _, command: approval.reject(
        deployment, policy, command
    ),
    Action.START: lambda deployment, policy, context, command: rollout.start(
        deployment, policy, context, command, build_id=_PLACEHOLDER_ID
    ),
    Action.SUCCEED: lambda deployment, _, __, command: rollout.succeed(deployment, command),
    Action.FAIL: lambda deployment, _, __, command: rollout.fail(deployment, command),
    Action.ROLLBACK: lambda deployment, _, __, command: rollout.roll_back(deployment, command),
    Action.CANCEL: lambda deployment, _, __, command: cancellation.cancel(deployment, command),
    Action.PROMOTE: lambda deployment, _, __, ___: creation.require_promotable(deployment),
    Action.OVERRIDE: overrides.override_first_closed_gate,
    Action.BREAK_GLASS: partial(overrides.break_glass, incident="tried out"),
    Action.AFTER_REVIEW: lambda deployment, policy, _, command: overrides.close_after_review(
        deployment, policy, command, verdict=Verdict.JUSTIFIED
    ),
}
"""Each action as the rules would decide it; nothing is kept of the outcome."""


def explain(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    *,
    actor: Actor,
    at: datetime,
    promote: Callable[[Command], object] | None = None,
) -> Explanation:
    """Tell an actor what the deployment waits for and which actions they may take.

    An action is offered exactly if the rule that decides it would let it pass, given a note, and
    whatever else it asks for. To `promote` takes more than is known here; where it is not given,
    only the deployment itself is asked.
    """
    command = Command(actor=actor, at=at, note="only tried out")
    gates = evaluate_gates(deployment, policy, context)
    return Explanation(
        can_start=deployment.status in {Status.APPROVED, Status.QUEUED}
        and all(gate.allows_start for gate in gates),
        gates=gates,
        actions=tuple(
            _try_action(action, partial(promote, command))
            if action is Action.PROMOTE and promote is not None
            else _try_action(
                action, partial(_DRY_RUNS[action], deployment, policy, context, command)
            )
            for action in HUMAN_ACTIONS
        ),
    )


def _try_action(action: Action, attempt: Callable[[], object]) -> AvailableAction:
    try:
        attempt()
    except Refusal as refusal:
        return AvailableAction(action=action, allowed=False, reason=str(refusal))
    return AvailableAction(action=action, allowed=True, reason=None)
