"""Starting rollouts, taking them over, and recording their outcomes and rollbacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import ExecutionMode, LaneMode, Policy
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.errors.transitions import ReviewerCannotStart, TransitionRefused
from gatepost_domain.deployments.review import has_approved
from gatepost_domain.errors import ResourceArchived
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import Gate
from gatepost_domain.gates.lane import lane_gate
from gatepost_domain.lifecycle.transitions import (
    Transition,
    authorize_action,
    require_authorized_transition,
    transition,
)
from gatepost_domain.status_transitions import Action, Status, actions_to_suggest


def start(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    command: Command,
    *,
    build_id: UUID,
) -> Transition:
    """Start the rollout or, in a worker-run environment, queue it for the workers.

    Raises:
        TransitionRefused: the deployment is not approved.
        ReviewerCannotStart: the policy does not let its reviewers start it.
        ResourceArchived: the service or environment is archived.
        GateNotOpen: a gate is not open. Queueing is refused only if the lane is busy and its mode
            is `reject`; the other gates are evaluated when a worker claims the deployment.
    """
    require_authorized_transition(deployment, Action.START, command)
    if not policy.reviewer_may_start and has_approved(deployment, *command.identities):
        raise ReviewerCannotStart(command.effective_actor_name, deployment.environment)
    context.require_not_archived()
    if policy.execution is ExecutionMode.WORKER:
        if policy.lane is LaneMode.REJECT:
            _require_gate_open(deployment, lane_gate(deployment, policy, context))
        return transition(
            replace(deployment, queued_at=command.at, build_id=build_id),
            Action.START,
            Status.QUEUED,
            EventKind.QUEUED,
            command,
            data={"build_id": str(build_id)},
        )
    gates = _require_gates_open(deployment, policy, context)
    return transition(
        replace(
            deployment,
            started_at=command.at,
            started_in_production=context.was_production or None,
            deployed_by=command.effective_actor_name,
            build_id=build_id,
            attempt=1,
        ),
        Action.START,
        Status.STARTED,
        EventKind.STARTED,
        command,
        data={"build_id": str(build_id), "gates": gates, **_tier_data(context)},
    )


def start_if_gates_open(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    command: Command,
    *,
    build_id: UUID,
) -> Transition | None:
    """Start or queue the deployment; return None if a gate or an archived resource prevents it."""
    try:
        return start(deployment, policy, context, command, build_id=build_id)
    except (GateNotOpen, ResourceArchived):
        return None


def start_for_worker(
    deployment: Deployment, policy: Policy, context: GateContext, command: Command
) -> Transition:
    """Start the rollout of a queued deployment for a worker.

    Raises:
        TransitionRefused: the deployment is not queued.
        ResourceArchived: the service or environment is archived.
        GateNotOpen: a gate is not open.
    """
    require_authorized_transition(deployment, Action.CLAIM, command)
    context.require_not_archived()
    gates = _require_gates_open(deployment, policy, context)
    claimed = replace(
        deployment,
        started_at=command.at,
        started_in_production=context.was_production or None,
        deployed_by=command.effective_actor_name,
        worker=command.actor.name,
        attempt=deployment.attempt + 1,
    )
    data = {"attempt": claimed.attempt, "gates": gates, **_tier_data(context)}
    return transition(claimed, Action.CLAIM, Status.STARTED, EventKind.STARTED, command, data=data)


def take_over(deployment: Deployment, command: Command, *, previous_worker: str) -> Transition:
    """Let a worker continue a rollout whose worker was lost, as the next attempt.

    Raises:
        TransitionRefused: the deployment is not started.
    """
    authorize_action(deployment, Action.CLAIM, command.actor)
    if deployment.status is not Status.STARTED:
        allowed = actions_to_suggest(deployment.status)
        raise TransitionRefused(deployment.status, Action.CLAIM, allowed)
    after = replace(
        deployment,
        deployed_by=command.effective_actor_name,
        worker=command.actor.name,
        attempt=deployment.attempt + 1,
        revision=deployment.revision + 1,
    )
    event = Event(
        kind=EventKind.TAKEN_OVER,
        actor=command.actor.name,
        at=command.at,
        deployment_id=deployment.id,
        from_status=Status.STARTED,
        to_status=Status.STARTED,
        note=f"Worker {previous_worker} did not renew its claim in time.",
        data={"attempt": after.attempt},
    )
    return after, event


def succeed(deployment: Deployment, command: Command) -> Transition:
    """Record that the rollout worked, so the version is now live.

    Raises:
        TransitionRefused: the deployment is not started.
    """
    return transition(
        replace(deployment, finished_at=command.at, deployed_at=command.at),
        Action.SUCCEED,
        Status.SUCCEEDED,
        EventKind.SUCCEEDED,
        command,
    )


def fail(deployment: Deployment, command: Command) -> Transition:
    """Record that the rollout ran and did not work.

    Raises:
        TransitionRefused: the deployment is not started.
        ValidationFailed: the note is missing.
    """
    return transition(
        replace(deployment, finished_at=command.at),
        Action.FAIL,
        Status.FAILED,
        EventKind.FAILED,
        command,
    )


def roll_back(
    deployment: Deployment,
    command: Command,
    *,
    redeployed_by: UUID | None = None,
    later_number: int | None = None,
) -> Transition:
    """Record that the change was reverted; `redeployed_by` is the new deployment, if any.

    `later_number` is the number of a later deployment in the lane; with it, nothing is redeployed.

    Raises:
        TransitionRefused: the deployment never started, or is already rolled back.
        ValidationFailed: the note is missing.
    """
    return transition(
        replace(
            deployment,
            finished_at=deployment.finished_at or command.at,
            rolled_back_at=command.at,
            rolled_back_by=redeployed_by,
        ),
        Action.ROLLBACK,
        Status.ROLLED_BACK,
        EventKind.ROLLED_BACK,
        command,
        data=_redeployment_data(redeployed_by, later_number),
    )


def _redeployment_data(
    redeployed_by: UUID | None, later_number: int | None
) -> dict[str, object] | None:
    if redeployed_by is not None:
        return {"rolled_back_by": str(redeployed_by)}
    if later_number is not None:
        return {
            "not_redeployed": f"{format_number(later_number)} came after this deployment, so "
            "nothing is redeployed."
        }
    return None


def _require_gates_open(
    deployment: Deployment, policy: Policy, context: GateContext
) -> list[dict[str, object]]:
    """Require that all gates are open, and return their data for the start event."""
    gates = evaluate_gates(deployment, policy, context)
    for gate in gates:
        _require_gate_open(deployment, gate)
    return [gate.to_event_data() for gate in gates]


def _tier_data(context: GateContext) -> Mapping[str, object]:
    return {"was_production": True} if context.was_production else {}


def _require_gate_open(deployment: Deployment, gate: Gate) -> None:
    if not gate.allows_start:
        raise GateNotOpen(gate, deployment.status, actions_to_suggest(deployment.status))
