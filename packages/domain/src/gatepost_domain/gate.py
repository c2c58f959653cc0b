"""What a deployment waits for: each gate a pure function that tells why, and who can act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gatepost_domain.deployment import Deployment, Kind
from gatepost_domain.policy import Policy
from gatepost_domain.review import review_of
from gatepost_domain.status import WAITING, Status


class GateKind(StrEnum):
    """What is waited for."""

    APPROVAL = "approval"
    """Reviewers."""
    LANE = "lane"
    """The end of what is started in the same service and environment."""
    ORDER = "order"
    """Nothing newer may have gone ahead in the lane."""


class GateState(StrEnum):
    """Whether the gate lets the deployment through."""

    OPEN = "open"
    WAITING = "waiting"
    """It will open when somebody acts or something ends."""
    CLOSED = "closed"
    """It will not open for this deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate of one deployment at one instant."""

    kind: GateKind
    state: GateState
    code: str
    """Stable, for programs; a start refused by this gate carries it."""
    message: str
    since: datetime | None
    """Since when it has been in this state, where that is known."""
    opens_at: datetime | None
    """When it opens by itself, where that is known."""
    who_can_act: tuple[str, ...]
    """`group:qa`, `user:ada`, `reviewer`, `operator`, `requester`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneMember:
    """A deployment of a lane, as far as the others are concerned."""

    number: int
    version: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What goes on in one service and environment."""

    started: LaneMember | None = None
    """The one rollout under way."""
    newest: LaneMember | None = None
    """The latest-numbered deployment that is started or has succeeded; `since` when it started.

    Imported history and hidden records went ahead of nothing.
    """


def approval_gate(deployment: Deployment, policy: Policy, _lane: Lane) -> Gate:
    """Open when every stage has consented to exactly what was asked."""

    def gate(state: GateState, code: str, message: str, *who: str) -> Gate:
        return Gate(
            kind=GateKind.APPROVAL,
            state=state,
            code=code,
            message=message,
            since=deployment.approved_at or deployment.reviewed_at or deployment.created_at,
            opens_at=None,
            who_can_act=who,
        )

    progress = review_of(deployment, policy).open_stage
    if deployment.status is Status.REJECTED:
        return gate(
            GateState.CLOSED, "rejected", f"{deployment.reviewed_by} rejected it; ask again."
        )
    if deployment.status is not Status.PENDING_APPROVAL or progress is None:
        by = f"by {deployment.reviewed_by}" if deployment.approvals else "by policy"
        return gate(GateState.OPEN, "approved", f"Approved {by}.")
    wanted = " and ".join(f"{rule.required} from {rule.wanted()}" for rule in progress.missing)
    return gate(
        GateState.WAITING,
        "approval_missing",
        f"Stage {progress.stage.name} still needs {wanted}; not from {deployment.requester}, "
        "who asked for it.",
        *(rule.wanted() for rule in progress.missing),
    )


def lane_gate(deployment: Deployment, _policy: Policy, lane: Lane) -> Gate:
    """Open while nothing is started in the lane."""
    busy = lane.started
    where = f"{deployment.service} in {deployment.environment}"
    if busy is None:
        return Gate(
            kind=GateKind.LANE,
            state=GateState.OPEN,
            code="lane_free",
            message=f"Nothing is under way for {where}.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.LANE,
        state=GateState.WAITING,
        code="lane_busy",
        message=f"DEP-{busy.number} ({busy.version}) is under way for {where}; "
        "it must succeed, fail or be rolled back first.",
        since=busy.since,
        opens_at=None,
        who_can_act=("operator",),
    )


def order_gate(deployment: Deployment, _policy: Policy, lane: Lane) -> Gate:
    """Open unless a later deployment went ahead: an old approval never undoes a new release.

    One that failed or was rolled back does not count, and a rollback goes back on purpose.
    """
    newer = lane.newest
    where = f"{deployment.service} in {deployment.environment}"
    if newer is None or newer.number <= deployment.number or deployment.kind is Kind.ROLLBACK:
        return Gate(
            kind=GateKind.ORDER,
            state=GateState.OPEN,
            code="in_order",
            message=f"Nothing newer went ahead for {where}.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.ORDER,
        state=GateState.CLOSED,
        code="outdated",
        message=f"DEP-{newer.number} ({newer.version}), asked for later, went ahead for {where}; "
        f"ask for {deployment.version} again if it is still wanted.",
        since=newer.since,
        opens_at=None,
        who_can_act=("requester",),
    )


GATES: Final[tuple[Callable[[Deployment, Policy, Lane], Gate], ...]] = (
    approval_gate,
    lane_gate,
    order_gate,
)
"""In the order in which a start is refused by them."""


def gates_of(deployment: Deployment, policy: Policy, lane: Lane) -> tuple[Gate, ...]:
    """Every gate between the deployment and its start.

    Once it has started, or can start no more, there is none; a rejected one shows its review.
    """
    if deployment.status is Status.REJECTED:
        return (approval_gate(deployment, policy, lane),)
    if deployment.status not in WAITING:
        return ()
    return tuple(gate(deployment, policy, lane) for gate in GATES)
