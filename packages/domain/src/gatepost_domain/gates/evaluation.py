"""The table of all gates, and the evaluation of a deployment's gates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.freeze import freeze_gate
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.lane import lane_gate
from gatepost_domain.gates.outdated_deployment import order_gate
from gatepost_domain.gates.overdue_after_review import after_review_gate
from gatepost_domain.gates.promotion import promotion_gate
from gatepost_domain.gates.soak import soak_gate
from gatepost_domain.status_transitions import WAITING_STATUSES, Status

Evaluate: TypeAlias = Callable[[Deployment, Policy, GateContext], Gate]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """How a kind of gate is evaluated, and whether it can be overridden."""

    kind: GateKind
    evaluate: Evaluate
    never_overridden: str | None = None
    """Why the gate can never be overridden, and what to do instead; None if it can be
    overridden."""


GATES: Final = (
    GateRule(
        kind=GateKind.APPROVAL,
        evaluate=approval_gate,
        never_overridden="The approval gate cannot be overridden; in an emergency, use "
        "break-glass.",
    ),
    GateRule(kind=GateKind.PROMOTION, evaluate=promotion_gate),
    GateRule(kind=GateKind.SOAK, evaluate=soak_gate),
    GateRule(kind=GateKind.FREEZE, evaluate=freeze_gate),
    GateRule(
        kind=GateKind.LANE,
        evaluate=lane_gate,
        never_overridden="The lane gate cannot be overridden, because two rollouts would then "
        "run at once; finish the rollout in progress first.",
    ),
    GateRule(kind=GateKind.ORDER, evaluate=order_gate),
    GateRule(kind=GateKind.AFTER_REVIEW, evaluate=after_review_gate),
)
"""Every gate, in evaluation order. The first gate that is not open determines the refusal."""

NEVER_OVERRIDDEN: Final[Mapping[GateKind, str]] = {
    rule.kind: rule.never_overridden for rule in GATES if rule.never_overridden is not None
}
"""Maps each gate that can never be overridden to the reason."""

OVERRIDABLE: Final = frozenset(GateKind) - NEVER_OVERRIDDEN.keys()
"""The gates that a person with the `emergency` role can override with a reason."""


def evaluate_gates(
    deployment: Deployment, policy: Policy, context: GateContext
) -> tuple[Gate, ...]:
    """Return every gate between the deployment and its start.

    A deployment that has started or ended has no gates, except that a rejected deployment keeps its
    approval gate.
    """
    if deployment.status is Status.REJECTED:
        return (approval_gate(deployment, policy, context),)
    if deployment.status not in WAITING_STATUSES:
        return ()
    return tuple(
        _apply_override(deployment, rule.evaluate(deployment, policy, context)) for rule in GATES
    )


def _apply_override(deployment: Deployment, gate: Gate) -> Gate:
    """Return the gate, marked as overridden if it is not open and an override matches its code."""
    if gate.allows_start:
        return gate
    overrides = (
        override
        for override in deployment.overrides
        if override.gate is gate.kind and override.code == gate.code
    )
    if (override := next(overrides, None)) is None:
        return gate
    return replace(
        gate,
        state=GateState.OVERRIDDEN,
        message=f"Overridden by {override.actor}: {override.reason} ({gate.message})",
        since=override.at,
        who_can_act=(),
    )
