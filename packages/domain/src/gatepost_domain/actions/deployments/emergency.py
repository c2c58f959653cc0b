"""The ways round, as actions: pass a gate, break the glass, judge that afterwards."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments.auto_start import resume_all_lanes, start_automatically
from gatepost_domain.actions.deployments.context import gate_context, load_deployment
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.emergency import Verdict
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.lifecycle import overrides
from gatepost_domain.ports.unit_of_work import UnitOfWork


def override_gate(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    gate: GateKind,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Pass one gate of a deployment; see `breaking_glass.override`. It starts if it shall."""
    found, policy = load_deployment(uow, reference, revision)
    situation = gate_context(uow, found, policy, command.at)
    with audit_denials(command, found) as wish:
        passed, event = overrides.override(found, policy, situation, wish, gate=gate)
    uow.deployments.save(passed, event)
    return start_automatically(uow, passed, policy, at=command.at, new_id=new_id)


def break_glass(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    incident: str,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Approve without the reviewers; see `breaking_glass.break_glass`.

    A denied attempt is recorded. It starts if it shall.
    """
    found, policy = load_deployment(uow, reference, revision)
    situation = gate_context(uow, found, policy, command.at)
    with audit_denials(command, found, denial_kind=EventKind.BREAK_GLASS_DENIED) as wish:
        broken, event = overrides.break_glass(found, policy, situation, wish, incident=incident)
    uow.deployments.save(broken, event)
    return start_automatically(uow, broken, policy, at=command.at, new_id=new_id)


def close_after_review(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    verdict: Verdict,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Judge a break-glass afterwards; see `breaking_glass.close_after_review`.

    A denied attempt is recorded. What waited for the judgement goes on.
    """
    found, policy = load_deployment(uow, reference, revision)
    with audit_denials(command, found, denial_kind=EventKind.REVIEW_DENIED) as wish:
        closed, event = overrides.close_after_review(found, policy, wish, verdict=verdict)
    uow.deployments.save(closed, event)
    resume_all_lanes(uow, at=command.at, new_id=new_id)
    return closed
