"""Approving and rejecting a deployment, and withdrawing an approval."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.auto_start import auto_start_if_gates_open
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.event import EventKind
from gatepost_domain.gates.archival import require_not_archived
from gatepost_domain.lifecycle import approval, approval_withdrawal
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision


def approve_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    stage: str | None,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Approve a deployment.

    With automatic start, the deployment is then started or queued if it is fully approved and its
    gates allow it. A denied attempt is recorded.

    Raises: the same errors as `load_deployment` and `lifecycle.approval.approve`, and
        ResourceArchived: the service or environment is archived.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(
        command, deployment, denial_kind=EventKind.REVIEW_DENIED
    ) as resolved:
        approved, event = approval.approve(deployment, policy, resolved, stage=stage)
    require_not_archived(uow, deployment.service, deployment.environment)
    uow.deployments.save(approved, event)
    return auto_start_if_gates_open(uow, approved, policy, at=command.at, new_id=new_id)


def reject_deployment(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: ExpectedRevision
) -> Deployment:
    """Reject a deployment. A denied attempt is recorded.

    Raises: the same errors as `load_deployment` and `lifecycle.approval.reject`.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(
        command, deployment, denial_kind=EventKind.REVIEW_DENIED
    ) as resolved:
        rejected, event = approval.reject(deployment, policy, resolved)
    uow.deployments.save(rejected, event)
    return rejected


def withdraw_approval(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: ExpectedRevision
) -> Deployment:
    """Withdraw the actor's approvals of a deployment. A denied attempt is recorded.

    Raises: the same errors as `load_deployment` and `lifecycle.approval_withdrawal.withdraw`.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(
        command, deployment, denial_kind=EventKind.REVIEW_DENIED
    ) as resolved:
        withdrawn, event = approval_withdrawal.withdraw(deployment, policy, resolved)
    uow.deployments.save(withdrawn, event)
    return withdrawn
