"""Starting a deployment and reporting how it ended."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Execution, LaneMode, Policy
from gatepost_domain.deployments.deployment import (
    Deployment,
)
from gatepost_domain.deployments.errors import (
    ReviewerMayNotStart,
    TransitionRefused,
)
from gatepost_domain.deployments.review import (
    reviewed,
)
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.context import Situation
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.gates.evaluation import gates_of
from gatepost_domain.gates.gate import Gate
from gatepost_domain.gates.lane import lane_gate
from gatepost_domain.lifecycle.transitions import Moved, authorize_action, check_move, move
from gatepost_domain.status import (
    Action,
    Status,
    allowed_actions,
)


def start(
    deployment: Deployment, policy: Policy, around: Situation, command: Command, *, build_id: UUID
) -> Moved:
    """Begin the rollout; in a worker-run environment, queue it for the workers.

    Raises:
        TransitionRefused: it is not approved.
        ReviewerMayNotStart: the policy wants another person than its reviewers.
        GateNotOpen: the lane is busy, or a later deployment went ahead. A worker-run lane only
            refuses while it is busy, and only where its policy says so: gates are asked at the
            claim.
    """
    check_move(deployment, Action.START, command)
    if not policy.reviewer_may_start and reviewed(deployment, *command.identities):
        raise ReviewerMayNotStart(
            command.on_behalf_of or command.actor.name, deployment.environment
        )
    if policy.execution is Execution.WORKER:
        if policy.lane is LaneMode.REJECT:
            _check_gate(deployment, lane_gate(deployment, policy, around))
        return move(
            replace(deployment, queued_at=command.at, build_id=build_id),
            Action.START,
            Status.QUEUED,
            EventKind.QUEUED,
            command,
            data={"build_id": str(build_id)},
        )
    gates = _check_gates(deployment, policy, around)
    return move(
        replace(deployment, started_at=command.at, deployed_by=command.speaker),
        Action.START,
        Status.STARTED,
        EventKind.STARTED,
        command,
        data={"gates": gates},
    )


def start_if_open(
    deployment: Deployment, policy: Policy, around: Situation, command: Command, *, build_id: UUID
) -> Moved | None:
    """Start, or none if a gate makes it wait."""
    try:
        return start(deployment, policy, around, command, build_id=build_id)
    except GateNotOpen:
        return None


def claim(deployment: Deployment, policy: Policy, around: Situation, command: Command) -> Moved:
    """Let a worker begin the rollout of a queued deployment.

    Raises:
        TransitionRefused: it is not queued.
        GateNotOpen: it is frozen, the lane is busy, or a later deployment went ahead.
    """
    check_move(deployment, Action.CLAIM, command)
    gates = _check_gates(deployment, policy, around)
    claimed = replace(
        deployment,
        started_at=command.at,
        deployed_by=command.speaker,
        worker=command.actor.name,
        attempt=deployment.attempt + 1,
    )
    data = {"attempt": claimed.attempt, "gates": gates}
    return move(claimed, Action.CLAIM, Status.STARTED, EventKind.STARTED, command, data=data)


def take_over(deployment: Deployment, command: Command, *, left_by: str) -> Moved:
    """Let a worker go on with a rollout that another one has left; it is another attempt.

    Raises:
        TransitionRefused: it is not under way.
    """
    authorize_action(deployment, Action.CLAIM, command.actor)
    if deployment.status is not Status.STARTED:
        allowed = allowed_actions(deployment.status)
        raise TransitionRefused(deployment.status, Action.CLAIM, allowed)
    after = replace(
        deployment,
        deployed_by=command.speaker,
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
        note=f"Worker {left_by} did not renew its claim in time.",
        data={"attempt": after.attempt},
    )
    return after, event


def succeed(deployment: Deployment, command: Command) -> Moved:
    """Record that the rollout worked; from now on the version stands in the environment.

    Raises:
        TransitionRefused: it is not started.
    """
    return move(
        replace(deployment, finished_at=command.at, deployed_at=command.at),
        Action.SUCCEED,
        Status.SUCCEEDED,
        EventKind.SUCCEEDED,
        command,
    )


def fail(deployment: Deployment, command: Command) -> Moved:
    """Record that the rollout ran and did not work.

    Raises:
        TransitionRefused: it is not started.
        Invalid: there is no note.
    """
    return move(
        replace(deployment, finished_at=command.at),
        Action.FAIL,
        Status.FAILED,
        EventKind.FAILED,
        command,
    )


def roll_back(deployment: Deployment, command: Command, *, by: UUID | None = None) -> Moved:
    """Record that what was rolled out has been reverted; `by` is what redeploys, where it does.

    Raises:
        TransitionRefused: it never started, or is rolled back already.
        Invalid: there is no note.
    """
    return move(
        replace(
            deployment,
            finished_at=deployment.finished_at or command.at,
            rolled_back_at=command.at,
            rolled_back_by=by,
        ),
        Action.ROLLBACK,
        Status.ROLLED_BACK,
        EventKind.ROLLED_BACK,
        command,
        data=None if by is None else {"rolled_back_by": str(by)},
    )


def _check_gates(
    deployment: Deployment, policy: Policy, around: Situation
) -> list[dict[str, object]]:
    """What the event of the start tells of the gates that let it pass; none is asked again."""
    gates = gates_of(deployment, policy, around)
    for gate in gates:
        _check_gate(deployment, gate)
    return [gate.told() for gate in gates]


def _check_gate(deployment: Deployment, gate: Gate) -> None:
    if not gate.lets_through:
        raise GateNotOpen(gate, deployment.status, allowed_actions(deployment.status))
