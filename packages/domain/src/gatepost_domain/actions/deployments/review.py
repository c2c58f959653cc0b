"""A reviewer's yes or no."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.auto_start import start_by_itself
from gatepost_domain.actions.deployments.context import load
from gatepost_domain.deployments.deployment import Deployment, Reference
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import approval
from gatepost_domain.ports.unit_of_work import Work


def approve_deployment(
    work: Work,
    reference: Reference,
    command: Command,
    *,
    stage: str | None,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Consent to a deployment; see `lifecycle.approve`. A denied attempt is recorded."""
    found, policy = load(work, reference, revision)
    with attempting(command, found, denied_as=EventKind.REVIEW_DENIED) as wish:
        approved, event = approval.approve(found, policy, wish, stage=stage)
    work.deployments.save(approved, event)
    return start_by_itself(work, approved, policy, at=command.at, new_id=new_id)


def reject_deployment(
    work: Work, reference: Reference, command: Command, *, revision: int | None
) -> Deployment:
    """Refuse a deployment; see `lifecycle.reject`. A denied attempt is recorded."""
    found, policy = load(work, reference, revision)
    with attempting(command, found, denied_as=EventKind.REVIEW_DENIED) as wish:
        rejected, event = approval.reject(found, policy, wish)
    work.deployments.save(rejected, event)
    return rejected
