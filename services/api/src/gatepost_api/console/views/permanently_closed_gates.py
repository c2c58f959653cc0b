"""Gates that will never open again for deployments waiting for a review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from gatepost_domain.actions.deployments.inbox import ReviewableDeployment
from gatepost_domain.gates.context import load_gate_context
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import WAITING_STATUSES


def find_permanently_closed_gates(
    uow: UnitOfWork, reviews: Iterable[ReviewableDeployment], at: datetime
) -> Mapping[int, Gate]:
    """Return the first permanently closed gate of each deployment that has one, by number.

    A review of such a deployment has no effect.
    """
    closed: dict[int, Gate] = {}
    for review in reviews:
        deployment, policy = review.deployment, review.policy.policy
        if deployment.status not in WAITING_STATUSES:
            continue
        context = load_gate_context(uow, deployment, policy, at)
        for gate in evaluate_gates(deployment, policy, context):
            if gate.state is GateState.CLOSED:
                closed.setdefault(deployment.number, gate)
    return closed
