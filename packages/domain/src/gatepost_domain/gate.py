"""What a deployment waits for: each gate a pure function that tells why, and who can act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gatepost_domain.deployment import Deployment, Kind
from gatepost_domain.event import utc_text
from gatepost_domain.freeze import Effect
from gatepost_domain.freezing import Blocked
from gatepost_domain.policy import Policy
from gatepost_domain.review import review_of
from gatepost_domain.status import WAITING, Status


class GateKind(StrEnum):
    """What is waited for."""

    APPROVAL = "approval"
    """Reviewers."""
    FREEZE = "freeze"
    """The end of a time in which nothing may start, or the beginning of one in which it may."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What goes on around a deployment at one instant, as far as its gates are concerned."""

    lane: Lane = Lane()
    blocked: Blocked | None = None
    """By which freeze nothing may start there; none if by none."""


def approval_gate(deployment: Deployment, policy: Policy, _around: Situation) -> Gate:
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


def lane_gate(deployment: Deployment, _policy: Policy, around: Situation) -> Gate:
    """Open while nothing is started in the lane."""
    busy = around.lane.started
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


def order_gate(deployment: Deployment, _policy: Policy, around: Situation) -> Gate:
    """Open unless a later deployment went ahead: an old approval never undoes a new release.

    One that failed or was rolled back does not count, and a rollback goes back on purpose.
    """
    newer = around.lane.newest
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


def freeze_gate(deployment: Deployment, _policy: Policy, around: Situation) -> Gate:
    """Open while no freeze says no. A rollback passes: it goes back to what is known to work."""

    def gate(state: GateState, code: str, message: str, blocked: Blocked | None = None) -> Gate:
        return Gate(
            kind=GateKind.FREEZE,
            state=state,
            code=code,
            message=message,
            since=None if blocked is None else blocked.since,
            opens_at=None if blocked is None else blocked.opens_at,
            who_can_act=() if blocked is None else ("operator",),
        )

    blocked = around.blocked
    where = f"{deployment.service} in {deployment.environment}"
    if blocked is None:
        return gate(GateState.OPEN, "not_frozen", f"No freeze covers {where} now.")
    if deployment.kind is Kind.ROLLBACK:
        return gate(GateState.OPEN, "freeze_passed", "A rollback passes every freeze.")
    freeze, opens = blocked.freeze, "until it is lifted"
    if blocked.opens_at is not None:
        opens = f"until {utc_text(blocked.opens_at)}"
    if freeze.effect is Effect.ALLOW:
        sentence = f"{where} may start in certain windows only, and none is open"
        return gate(
            GateState.WAITING, "outside_window", f"{sentence}, {opens}: {freeze.reason}", blocked
        )
    sentence = f"{freeze.created_by} froze {where}, {opens}"
    return gate(GateState.WAITING, "frozen", f"{sentence}: {freeze.reason}", blocked)


GATES: Final[tuple[Callable[[Deployment, Policy, Situation], Gate], ...]] = (
    approval_gate,
    freeze_gate,
    lane_gate,
    order_gate,
)
"""In the order in which a start is refused by them."""


def gates_of(deployment: Deployment, policy: Policy, around: Situation) -> tuple[Gate, ...]:
    """Every gate between the deployment and its start.

    Once it has started, or can start no more, there is none; a rejected one shows its review.
    """
    if deployment.status is Status.REJECTED:
        return (approval_gate(deployment, policy, around),)
    if deployment.status not in WAITING:
        return ()
    return tuple(gate(deployment, policy, around) for gate in GATES)
