"""Retrying a rollback that failed, was rejected or was cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.deployments.rollback import (
    find_later_deployment_number,
    request_redeployment,
    require_last_known_good,
)
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.gates.archival import require_not_archived
from gatepost_domain.lifecycle import rollback_retry
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision

_NO_ID: Final = UUID(int=0)
"""The placeholder id of the deployment that a dry run would create."""


def retry_rollback(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Request the last known good version again, under the rules of the rollback being retried.

    Return the new deployment. Its notes are the command's note or, if there is none, the notes of
    the rollback.

    Raises: the same errors as `load_deployment` and `record_rollback_retry`, and
        ResourceArchived: the service or environment is archived.
        NoKnownGood: there is no version to redeploy any more.
    """
    rollback, _ = load_deployment(uow, reference, revision)
    redeployment_id = new_id()
    with resolve_actor_and_audit_denials(command, rollback) as resolved:
        (rolled_back, event), last_good = _build_retry(uow, rollback, resolved, id=redeployment_id)
    uow.deployments.save(rolled_back, event)
    return request_redeployment(
        uow,
        rolled_back,
        last_good,
        replace(resolved, note=resolved.note or rollback.notes),
        id=redeployment_id,
        new_id=new_id,
    )


def dry_run_retry(uow: UnitOfWork, rollback: Deployment, command: Command) -> None:
    """Raise what `retry_rollback` would raise. Nothing is stored."""
    _build_retry(uow, rollback, command, id=_NO_ID)


def _build_retry(
    uow: UnitOfWork,
    rollback: Deployment,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> tuple[Transition, Deployment]:
    """Return the transition of the rolled-back deployment, and the deployment to redeploy."""
    rolled_back = uow.deployments.get(rollback_retry.require_retryable(rollback, command))
    retried = rollback_retry.record_rollback_retry(
        rollback,
        rolled_back,
        command,
        redeployed_by=id,
        later_number=_find_replacement(uow, rollback, rolled_back),
    )
    require_not_archived(uow, rollback.service, rollback.environment)
    return retried, require_last_known_good(uow, rolled_back, rollback.status)


def _find_replacement(uow: UnitOfWork, rollback: Deployment, rolled_back: Deployment) -> int | None:
    """Return the number of the deployment that already replaces the rollback, or None.

    It is a retry of the rollback, or a later deployment.
    """
    latest = rolled_back.rolled_back_by
    if latest is not None and latest != rollback.id:
        return uow.deployments.get(latest).number
    return find_later_deployment_number(uow, rolled_back)
