"""Every gate of a deployment: pure functions that tell whether it is open, why, and who can act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from gatepost_domain.catalog.policy import Policy, RequiresMode
from gatepost_domain.deployments.deployment import Deployment, Kind, number_text
from gatepost_domain.deployments.review import review_of
from gatepost_domain.event import spoken
from gatepost_domain.freezes.evaluation import Blocked
from gatepost_domain.freezes.freeze import Effect
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import Situation
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.upstream import Upstream
from gatepost_domain.status import WAITING, Status


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

    glass = deployment.break_glass
    if glass is not None:
        return gate(
            GateState.OVERRIDDEN,
            "broke_glass",
            f"{glass.actor} approved it without its reviewers, for {glass.incident}: "
            f"{glass.reason}",
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
    until = deployment.expires_at
    expires = "" if until is None else f" It is cancelled if it still waits at {spoken(until)}."
    return gate(
        GateState.WAITING,
        "approval_missing",
        f"Stage {progress.stage.name} still needs {wanted}; not from {deployment.requester}, "
        f"who asked for it.{expires}",
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
        who_can_act=("requester", "emergency"),
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
            who_can_act=() if blocked is None else ("operator", "emergency"),
        )

    blocked = around.blocked
    where = f"{deployment.service} in {deployment.environment}"
    if blocked is None:
        return gate(GateState.OPEN, "not_frozen", f"No freeze covers {where} now.")
    if deployment.kind is Kind.ROLLBACK:
        return gate(GateState.OPEN, "freeze_passed", "A rollback passes every freeze.")
    freeze, opens = blocked.freeze, "until it is lifted"
    if blocked.opens_at is not None:
        opens = f"until {spoken(blocked.opens_at)}"
    if freeze.effect is Effect.ALLOW:
        sentence = f"{where} may start in certain windows only, and none is open"
        return gate(
            GateState.WAITING, "outside_window", f"{sentence}, {opens}: {freeze.reason}", blocked
        )
    sentence = f"{freeze.created_by} froze {where}, {opens}"
    return gate(GateState.WAITING, "frozen", f"{sentence}: {freeze.reason}", blocked)


def promotion_gate(deployment: Deployment, policy: Policy, around: Situation) -> Gate:
    """Open when the version did well in the environments before, and nothing keeps it out here.

    A rollback passes: it goes back to what is known to work.
    """

    def gate(state: GateState, code: str, message: str, since: datetime | None, *who: str) -> Gate:
        return Gate(
            kind=GateKind.PROMOTION,
            state=state,
            code=code,
            message=message,
            since=since,
            opens_at=None,
            who_can_act=who,
        )

    where, version = f"{deployment.service} in {deployment.environment}", deployment.version
    block, hold, may_pass = around.version_block, around.hold, ("operator", "emergency")
    if block is not None:
        message = (
            f"{block.by} rolled {version} back in {deployment.environment} with "
            f"{number_text(block.number)}: {block.reason} An operator can unblock it there."
        )
        return gate(GateState.WAITING, "version_blocked", message, block.at, *may_pass)
    if deployment.kind is Kind.ROLLBACK:
        message = "A rollback goes back to what succeeded here before."
        return gate(GateState.OPEN, "promotion_passed", message, None)
    if deployment.automatic and hold is not None:
        message = (
            f"{hold.by} deployed {hold.version} of {where} by hand, so nothing is promoted there "
            "by itself until an operator releases the hold."
        )
        return gate(GateState.WAITING, "held", message, hold.at, *may_pass)
    if _enough(policy, [each.proven for each in around.upstream]):
        message = "No earlier environment is required."
        if around.upstream:
            message = f"{version} succeeded in {_all_of(around.upstream, lambda up: up.proven)}."
        since = max((up.succeeded_at for up in around.upstream if up.succeeded_at), default=None)
        return gate(GateState.OPEN, "promoted", message, since)
    missing = [up for up in around.upstream if not up.proven]
    who = ("requester", "operator", "emergency")
    if all(up.too_old for up in missing):
        names = _joined(policy, [up.environment for up in missing])
        message = (
            f"{version} succeeded in {names} longer ago than {deployment.environment} allows "
            f"({policy.max_age_s} s); deploy it there again."
        )
        return gate(GateState.WAITING, "upstream_too_old", message, None, *who)
    names = _joined(policy, [up.environment for up in missing])
    message = (
        f"{deployment.environment} requires {version} to have succeeded in {names} first, "
        "and it has not, or was rolled back since."
    )
    return gate(GateState.WAITING, "upstream_missing", message, None, *who)


def soak_gate(deployment: Deployment, policy: Policy, around: Situation) -> Gate:
    """Open when the version has stood long enough in the environments before."""

    def gate(state: GateState, code: str, message: str, opens_at: datetime | None) -> Gate:
        return Gate(
            kind=GateKind.SOAK,
            state=state,
            code=code,
            message=message,
            since=None,
            opens_at=opens_at,
            who_can_act=() if state is GateState.OPEN else ("emergency",),
        )

    if not policy.soak_s:
        return gate(GateState.OPEN, "no_soak", "A version need not stand anywhere first.", None)
    if deployment.kind is Kind.ROLLBACK:
        return gate(GateState.OPEN, "soak_passed", "A rollback need not stand anywhere.", None)
    upstream, long = _that_may_soak(policy, around.upstream), f"{policy.soak_s} s"
    if _enough(policy, [each.soaked for each in upstream]):
        names = _all_of(upstream, lambda up: up.soaked)
        return gate(GateState.OPEN, "soaked", f"It stood in {names} for {long}.", None)
    missing = [up for up in upstream if not up.soaked]
    ends = [up.soaked_at for up in missing if up.soaked_at is not None]
    known = bool(ends) and (policy.requires_mode is RequiresMode.ANY or len(ends) == len(missing))
    pick = min if policy.requires_mode is RequiresMode.ANY else max
    opens_at = pick(ends) if known else None
    until = "" if opens_at is None else f"; if nothing changes, until {spoken(opens_at)}"
    message = (
        f"{deployment.version} must stand in {_joined(policy, [up.environment for up in missing])} "
        f"for {long} without a break{until}."
    )
    return gate(GateState.WAITING, "soaking", message, opens_at)


def after_review_gate(deployment: Deployment, _policy: Policy, around: Situation) -> Gate:
    """Open unless a policy asked for the deployment while a break-glass there is overdue."""
    overdue = around.overdue
    if overdue is None or not deployment.automatic or deployment.kind is Kind.ROLLBACK:
        return Gate(
            kind=GateKind.AFTER_REVIEW,
            state=GateState.OPEN,
            code="nothing_owed",
            message="No after-review keeps it waiting.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.AFTER_REVIEW,
        state=GateState.WAITING,
        code="after_review_overdue",
        message=f"The after-review of {number_text(overdue.number)} was due "
        f"{spoken(overdue.due_at)}; until a reviewer gives it, nothing is promoted to "
        f"{deployment.environment} by itself.",
        since=overdue.due_at,
        opens_at=None,
        who_can_act=("reviewer", "emergency"),
    )


OVERRIDABLE: Final = frozenset(
    {
        GateKind.PROMOTION,
        GateKind.SOAK,
        GateKind.FREEZE,
        GateKind.ORDER,
        GateKind.AFTER_REVIEW,
    }
)
"""What may be passed with a reason. Reviewers are never passed so; nor is a lane, or two rollouts
would go on in it at once."""

GATES: Final[tuple[Callable[[Deployment, Policy, Situation], Gate], ...]] = (
    approval_gate,
    promotion_gate,
    soak_gate,
    freeze_gate,
    lane_gate,
    order_gate,
    after_review_gate,
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
    return tuple(_passed(deployment, gate(deployment, policy, around)) for gate in GATES)


def _passed(deployment: Deployment, gate: Gate) -> Gate:
    """The gate, overridden where somebody passed it as it is and it would keep the deployment."""
    if gate.lets_through:
        return gate
    passed = (each for each in deployment.overrides if each.gate is gate.kind)
    override = next((each for each in passed if each.code == gate.code), None)
    if override is None:
        return gate
    return replace(
        gate,
        state=GateState.OVERRIDDEN,
        message=f"{override.actor} passed this gate: {override.reason} ({gate.message})",
        since=override.at,
        who_can_act=(),
    )


def _that_may_soak(policy: Policy, upstream: Sequence[Upstream]) -> Sequence[Upstream]:
    """Where one environment is enough, the one it stood in is one it succeeded in, if there is."""
    proven = [each for each in upstream if each.proven]
    return proven if proven and policy.requires_mode is RequiresMode.ANY else upstream


def _enough(policy: Policy, each: Sequence[bool]) -> bool:
    """Whether so many environments say yes as the policy asks for; no wish is always granted."""
    return not each or (any(each) if policy.requires_mode is RequiresMode.ANY else all(each))


def _joined(policy: Policy, names: Sequence[str]) -> str:
    return (" or " if policy.requires_mode is RequiresMode.ANY else " and ").join(names)


def _all_of(upstream: Sequence[Upstream], says_yes: Callable[[Upstream], bool]) -> str:
    return " and ".join(each.environment for each in upstream if says_yes(each))
