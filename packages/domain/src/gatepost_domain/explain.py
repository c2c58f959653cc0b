"""Why a deployment waits and what somebody may do about it, told by the rules that decide it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_domain import lifecycle
from gatepost_domain.actor import Actor
from gatepost_domain.command import Command
from gatepost_domain.deployment import Deployment
from gatepost_domain.errors import Refusal
from gatepost_domain.gate import Gate, GateState, Situation, gates_of
from gatepost_domain.policy import Policy
from gatepost_domain.status import PEOPLES_ACTIONS, Action, Status

_UNUSED_ID: Final = UUID(int=0)
"""Stands for the build id of a start that is only tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
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
    actions: tuple[Offer, ...]


_Attempt = Callable[[Deployment, Policy, Situation, Command], object]

_ATTEMPTS: Final[Mapping[Action, _Attempt]] = {
    Action.APPROVE: lambda deployment, policy, _, command: lifecycle.approve(
        deployment, policy, command
    ),
    Action.REJECT: lambda deployment, policy, _, command: lifecycle.reject(
        deployment, policy, command
    ),
    Action.START: lambda deployment, policy, around, command: lifecycle.start(
        deployment, policy, around, command, build_id=_UNUSED_ID
    ),
    Action.SUCCEED: lambda deployment, _, __, command: lifecycle.succeed(deployment, command),
    Action.FAIL: lambda deployment, _, __, command: lifecycle.fail(deployment, command),
    Action.ROLLBACK: lambda deployment, _, __, command: lifecycle.roll_back(deployment, command),
    Action.CANCEL: lambda deployment, _, __, command: lifecycle.cancel(deployment, command),
}
"""Each action as the rules would decide it; nothing is kept of the outcome."""


def explain(
    deployment: Deployment, policy: Policy, around: Situation, *, actor: Actor, at: datetime
) -> Explanation:
    """Tell an actor what the deployment waits for and which actions they may take.

    An action is offered exactly if the rule that decides it would let it pass, given a note.
    """
    command = Command(actor=actor, at=at, note="tried out")
    gates = gates_of(deployment, policy, around)
    return Explanation(
        can_start=deployment.status in {Status.APPROVED, Status.QUEUED}
        and all(gate.state is GateState.OPEN for gate in gates),
        gates=gates,
        actions=tuple(
            _offer(action, partial(_ATTEMPTS[action], deployment, policy, around, command))
            for action in PEOPLES_ACTIONS
        ),
    )


def _offer(action: Action, attempt: Callable[[], object]) -> Offer:
    try:
        attempt()
    except Refusal as refusal:
        return Offer(action=action, allowed=False, reason=str(refusal))
    return Offer(action=action, allowed=True, reason=None)
