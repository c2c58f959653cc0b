"""The next actions that deployment lists offer on each deployment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.deployments.review import review_progress
from gatepost_domain.gates.context import GateContext, load_gate_context
from gatepost_domain.lifecycle.explanation import ActionAvailability, determine_action_availability
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import NEXT_ACTIONS, Status

_NO_CONTEXT: Final = GateContext()
"""A placeholder context for the actions whose rules do not use it: all except starting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextActions:
    """The next actions on one deployment, for one actor."""

    actions: tuple[ActionAvailability, ...]
    open_stage: str | None
    """The stage for which an approval would count now; None if no approval is needed."""


def find_next_actions(
    uow: UnitOfWork, deployments: Iterable[Deployment], command: Command
) -> Mapping[int, NextActions]:
    """Return the next actions by deployment number; records and ended deployments have none."""
    policies: dict[tuple[str, int], Policy] = {}

    def policy_of(deployment: Deployment) -> Policy:
        key = deployment.environment, deployment.policy_version
        if key not in policies:
            policies[key] = uow.environments.policy(*key)
        return policies[key]

    return {
        deployment.number: _next_actions(uow, deployment, policy_of(deployment), command)
        for deployment in deployments
        if deployment.status in NEXT_ACTIONS and deployment.kind is not DeploymentKind.RECORD
    }


def _next_actions(
    uow: UnitOfWork, deployment: Deployment, policy: Policy, command: Command
) -> NextActions:
    is_approved = deployment.status is Status.APPROVED
    context = load_gate_context(uow, deployment, policy, command.at) if is_approved else _NO_CONTEXT
    is_pending = deployment.status is Status.PENDING_APPROVAL
    open_stage = review_progress(deployment, policy).open_stage if is_pending else None
    return NextActions(
        actions=determine_action_availability(
            NEXT_ACTIONS[deployment.status],
            deployment,
            policy,
            context,
            actor=command.actor,
            at=command.at,
        ),
        open_stage=None if open_stage is None else open_stage.stage.name,
    )
