"""The moves of a deployment: from what stands to what follows, and the one event of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Actor, may_be_one_human, same_person
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.catalog.policy import Execution, LaneMode, Policy
from gatepost_domain.deployments.deployment import (
    Approval,
    Deployment,
    Kind,
    digest_of,
    number_text,
)
from gatepost_domain.deployments.review import (
    check_counts_once,
    check_reviewer,
    review_of,
    reviewed,
)
from gatepost_domain.errors import (
    Fault,
    GateNotOpen,
    Invalid,
    RecordIsImmutable,
    ReviewerMayNotStart,
    SelfReview,
    TransitionRefused,
)
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.evaluation import gates_of, lane_gate
from gatepost_domain.gates.gate import Gate, Situation
from gatepost_domain.status import (
    MOVES,
    NOTE_REQUIRED,
    WAITING,
    Action,
    CancelReason,
    Status,
    allowed_actions,
)

RIGHT_TO: Final[Mapping[Action, Right]] = {
    Action.APPROVE: Right.REVIEW,
    Action.REJECT: Right.REVIEW,
    Action.START: Right.OPERATE,
    Action.CLAIM: Right.CARRY_OUT,
    Action.SUCCEED: Right.OPERATE,
    Action.FAIL: Right.OPERATE,
    Action.ROLLBACK: Right.OPERATE,
    Action.CANCEL: Right.CANCEL,
    Action.OVERRIDE: Right.OVERRIDE,
    Action.BREAK_GLASS: Right.BREAK_GLASS,
    Action.AFTER_REVIEW: Right.REVIEW,
}
"""What each action needs where the deployment is; to promote it needs `REQUEST` where it goes.

What happens by policy is the system's, which has every right."""

Moved = tuple[Deployment, Event]
"""A deployment after a move, and the one event that says so."""


def approve_by_policy(deployment: Deployment, command: Command) -> Moved:
    """Approve what its policy lets through without a review; the event names the policy."""
    return move(
        approved(deployment, command.at),
        Action.APPROVE,
        Status.APPROVED,
        EventKind.APPROVED,
        command,
        note=f"Policy version {deployment.policy_version} of {deployment.environment} "
        "asks for no review.",
        data={"policy_version": deployment.policy_version},
    )


def approve(
    deployment: Deployment, policy: Policy, command: Command, *, stage: str | None = None
) -> Moved:
    """Record a reviewer's consent, for the stage that is open.

    The deployment is approved once every stage is satisfied; until then it stays pending.

    Raises:
        TransitionRefused: it waits for no review.
        ReviewDenied: this person may not review it, or has done so.
        StageNotOpen: `stage` is not the open one.
    """
    check_move(deployment, Action.APPROVE, command)
    open_stage, rules = check_reviewer(deployment, policy, actor=command.actor, stage=stage)
    check_counts_once(deployment, policy, actor=command.actor, stage=open_stage)
    approval = Approval(
        stage=open_stage.name,
        actor=command.actor.name,
        at=command.at,
        note=command.note,
        digest=digest_of(deployment),
        rules=rules,
        identity=command.actor.identity,
    )
    after = replace(deployment, approvals=(*deployment.approvals, approval))
    data = {"digest": approval.digest, "policy_version": deployment.policy_version}
    if review_of(after, policy).open_stage is not None:
        return move(
            after,
            Action.APPROVE,
            Status.PENDING_APPROVAL,
            EventKind.APPROVED,
            command,
            stage=open_stage.name,
            data=data,
        )
    complete = replace(
        approved(after, command.at), reviewed_by=command.actor.name, reviewed_at=command.at
    )
    return move(
        complete,
        Action.APPROVE,
        Status.APPROVED,
        EventKind.APPROVED,
        command,
        stage=open_stage.name,
        data=data,
    )


def approved(deployment: Deployment, at: datetime) -> Deployment:
    """As it is once approved: it has as long to start as it had to be approved."""
    until = deployment.expires_at
    return replace(
        deployment,
        approved_at=at,
        expires_at=None if until is None else at + (until - deployment.created_at),
    )


def reject(deployment: Deployment, policy: Policy, command: Command) -> Moved:
    """Record a reviewer's refusal, which ends the deployment.

    Raises:
        TransitionRefused: it waits for no review.
        ReviewDenied: this person may not review it.
        Invalid: there is no note.
    """
    check_move(deployment, Action.REJECT, command)
    open_stage, _ = check_reviewer(deployment, policy, actor=command.actor, stage=None)
    return move(
        replace(deployment, reviewed_by=command.actor.name, reviewed_at=command.at),
        Action.REJECT,
        Status.REJECTED,
        EventKind.REJECTED,
        command,
        stage=open_stage.name,
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


def cancel(
    deployment: Deployment, command: Command, *, reason: CancelReason = CancelReason.WITHDRAWN
) -> Moved:
    """End a deployment before it starts.

    Raises:
        TransitionRefused: it has started or ended.
        Invalid: there is no note.
    """
    return move(
        replace(deployment, finished_at=command.at, cancel_reason=reason),
        Action.CANCEL,
        Status.CANCELLED,
        EventKind.CANCELLED,
        command,
        data={"reason": reason},
    )


def expire(deployment: Deployment, command: Command) -> Moved:
    """End a deployment that nobody acted on in time.

    Raises:
        TransitionRefused: it has started or ended.
    """
    waited = "start" if deployment.approved_at else "be approved"
    note = f"It waited to {waited} for as long as the policy of {deployment.environment} allows."
    return cancel(deployment, replace(command, note=note), reason=CancelReason.EXPIRED)


def supersede(deployment: Deployment, newer: Deployment, command: Command) -> Moved:
    """End a deployment that still waits because a newer one of its lane went ahead.

    Raises:
        TransitionRefused: it has started or ended.
    """
    number = number_text(newer.number)
    return move(
        replace(
            deployment,
            finished_at=command.at,
            cancel_reason=CancelReason.SUPERSEDED,
            superseded_by=newer.id,
        ),
        Action.CANCEL,
        Status.CANCELLED,
        EventKind.CANCELLED,
        replace(command, note=f"{number} ({newer.version}), asked for later, went ahead."),
        data={"reason": CancelReason.SUPERSEDED, "superseded_by": str(newer.id)},
    )


def authorize_action(deployment: Deployment, action: Action, actor: Actor) -> None:
    """Refuse an action to somebody who has no right to it on this deployment.

    Raises:
        SelfReview: they asked for it, and so may never review it.
        Forbidden: no role of theirs allows it there; a requester cancels only their own.
    """
    own = any(may_be_one_human(actor.identity, who) for who in deployment.identities)
    right = RIGHT_TO[action]
    if own and right is Right.REVIEW:
        same = same_person(actor.name, deployment.requester)
        raise SelfReview(deployment.requester, behind=None if same else actor.name)
    if right is Right.CANCEL and not own:
        right = Right.OPERATE
    authorize(actor, right, service=deployment.service, environment=deployment.environment)


def check_attempt(deployment: Deployment, action: Action, command: Command) -> None:
    """Refuse what nobody may do to a record, and what this actor may not do to anything there.

    Raises:
        RecordIsImmutable: it happened elsewhere.
        Denied: they have no right to it.
    """
    if deployment.kind is Kind.RECORD:
        raise RecordIsImmutable(number_text(deployment.number), deployment.status)
    authorize_action(deployment, action, command.actor)


def check_move(deployment: Deployment, action: Action, command: Command) -> None:
    """Refuse a move that this actor may not make, or that the status does not admit.

    Raises:
        RecordIsImmutable: it happened elsewhere.
        Denied: they have no right to it.
        TransitionRefused: it is no move from this status.
    """
    check_attempt(deployment, action, command)
    if (deployment.status, action) not in MOVES:
        raise TransitionRefused(deployment.status, action, allowed_actions(deployment.status))


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


def _check_note(action: Action, note: str | None) -> None:
    if action in NOTE_REQUIRED and not (note or "").strip():
        raise Invalid(
            Fault(
                field="note",
                code="note_required",
                detail=f"Say why, in note: to {action} a deployment needs its reason.",
            )
        )


def move(
    deployment: Deployment,
    action: Action,
    to: Status,
    kind: EventKind,
    command: Command,
    *,
    stage: str | None = None,
    note: str | None = None,
    data: Mapping[str, object] | None = None,
) -> Moved:
    """Make one move of the table, with the one event that says so.

    `deployment` has what the move changes besides, but still the status that it moves from.
    """
    check_move(deployment, action, command)
    _check_note(action, command.note)
    after = replace(
        deployment,
        status=to,
        revision=deployment.revision + 1,
        expires_at=deployment.expires_at if to in WAITING else None,
    )
    event = Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=deployment.id,
        from_status=deployment.status,
        to_status=to,
        stage=stage,
        note=command.note if note is None else note,
        data=data or {},
    )
    return after, event
