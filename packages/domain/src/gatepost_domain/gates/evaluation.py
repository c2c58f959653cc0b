"""Every gate of a deployment: pure functions that tell whether it is open, why, and who can act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.after_review import after_review_gate
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.freeze import freeze_gate
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.lane import lane_gate
from gatepost_domain.gates.order import order_gate
from gatepost_domain.gates.promotion import promotion_gate
from gatepost_domain.gates.soak import soak_gate
from gatepost_domain.status import WAITING_STATUSES, Status

Evaluate: TypeAlias = Callable[[Deployment, Policy, GateContext], Gate]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """How a kind of gate is evaluated, and whether it can be overridden."""

    kind: GateKind
    evaluate: Evaluate
    never_overridden: str | None = None
    """Why the gate can never be overridden, and what to do instead; None if it can."""


GATES: Final = (
    GateRule(
        kind=GateKind.APPROVAL,
        evaluate=approval_gate,
        never_overridden="The approval gate cannot be overridden; in an emergency, break glass.",
    ),
    GateRule(kind=GateKind.PROMOTION, evaluate=promotion_gate),
    GateRule(kind=GateKind.SOAK, evaluate=soak_gate),
    GateRule(kind=GateKind.FREEZE, evaluate=freeze_gate),
    GateRule(
        kind=GateKind.LANE,
        evaluate=lane_gate,
        never_overridden="The lane gate cannot be overridden, or two rollouts would run at once; "
        "end the one in progress.",
    ),
    GateRule(kind=GateKind.ORDER, evaluate=order_gate),
    GateRule(kind=GateKind.AFTER_REVIEW, evaluate=after_review_gate),
)
"""Every gate, in evaluation order: the first closed gate is the one a start is refused by."""

NEVER_OVERRIDDEN: Final[Mapping[GateKind, str]] = {
    rule.kind: rule.never_overridden for rule in GATES if rule.never_overridden is not None
}
"""Why each gate that cannot be overridden cannot be."""

OVERRIDABLE: Final = frozenset(GateKind) - NEVER_OVERRIDDEN.keys()
"""The gates that a person with the `emergency` role can override with a reason."""


def evaluate_gates(
    deployment: Deployment, policy: Policy, context: GateContext
) -> tuple[Gate, ...]:
    """Every gate between the deployment and its start.

    Once it has started, or can start no more, there is none; a rejected one shows its review.
    """
    if deployment.status is Status.REJECTED:
        return (approval_gate(deployment, policy, context),)
    if deployment.status not in WAITING_STATUSES:
        return ()
    return tuple(
        _apply_override(deployment, rule.evaluate(deployment, policy, context)) for rule in GATES
    )


def _apply_override(deployment: Deployment, gate: Gate) -> Gate:
    """The gate, overridden where somebody passed it as it is and it would keep the deployment."""
    if gate.allows_start:
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
