"""Rolling a deployment back and, if requested, redeploying the last known good version."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.auto_start import auto_start_waiting_in_lane
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.deployments.request import (
    load_creation_context,
    save_and_advance_by_policy,
)
from gatepost_domain.deployments.blocks_and_holds import VersionBlock
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.errors.rollbacks import NoKnownGood
from gatepost_domain.deployments.review import was_reviewed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.lifecycle import creation, execution
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision
from gatepost_domain.status_transitions import Status, actions_to_suggest


def roll_back_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
    redeploy: bool = False,
) -> Deployment:
    """Mark a deployment as rolled back, and start the next deployment waiting in its lane.

    With `redeploy`, this also blocks the rolled-back version until it is unblocked, and requests
    the last known good version, unless a later deployment is already live.

    Raises: the same errors as `load_deployment` and `lifecycle.execution.roll_back`, and
        NoKnownGood: there is no version to redeploy; nothing is changed.
    """
    deployment, _ = load_deployment(uow, reference, revision)
    later_number = find_later_deployment_number(uow, deployment) if redeploy else None
    redeployment_id = new_id() if redeploy and later_number is None else None
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        rolled_back, event = execution.roll_back(
            deployment, resolved, redeployed_by=redeployment_id, later_number=later_number
        )
    last_good = (
        None
        if redeployment_id is None
        else require_last_known_good(uow, deployment, deployment.status)
    )
    uow.deployments.save(rolled_back, event)
    if redeploy:
        _block_version(uow, rolled_back, resolved)
    if redeployment_id is not None and last_good is not None:
        request_redeployment(
            uow, rolled_back, last_good, resolved, id=redeployment_id, new_id=new_id
        )
    auto_start_waiting_in_lane(
        uow, deployment.service, deployment.environment, at=command.at, new_id=new_id
    )
    return rolled_back


def request_redeployment(
    uow: UnitOfWork,
    rolled_back: Deployment,
    last_good: Deployment,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Deployment:
    """Request a deployment of the last known good version, to replace one that was rolled back.

    The actor of the command must be allowed to roll back `rolled_back`.
    """
    service, environment, version = last_good.service, last_good.environment, last_good.version
    context = load_creation_context(uow, service, environment, version, id=id)
    of_version = uow.deployments.list_ever_deployed(service, environment, version)
    transition = creation.create_rollback(
        rolled_back,
        last_good,
        command,
        context,
        was_reviewed=was_reviewed(last_good, of_version),
    )
    return save_and_advance_by_policy(uow, transition, context.policy, command, new_id=new_id)


def find_later_deployment_number(uow: UnitOfWork, deployment: Deployment) -> int | None:
    """Return the number of a later deployment that has replaced this one in its lane, or None.

    If another deployment has replaced it, its version is no longer live, so there is nothing to
    roll back.
    """
    newest = uow.deployments.lane_state(deployment.service, deployment.environment).newest
    if newest is None or newest.number <= deployment.number:
        return None
    deployed_at = uow.deployments.get(newest.number).deployed_at
    started_at = deployment.started_at or deployment.created_at
    is_backdated_record = deployed_at is not None and deployed_at < started_at
    return None if is_backdated_record else newest.number


def find_last_known_good(uow: UnitOfWork, deployment: Deployment) -> Deployment | None:
    """Return the deployment whose version a rollback can redeploy, or None if there is none."""
    service, environment, version = deployment.service, deployment.environment, deployment.version
    excluded = {version, *uow.restrictions.list_blocked_versions(service, environment)}
    return uow.deployments.find_last_good(service, environment, exclude=excluded)


def require_last_known_good(uow: UnitOfWork, deployment: Deployment, status: Status) -> Deployment:
    """Return the deployment whose version a rollback can redeploy.

    The refusal states `status`, which is that of the deployment on which the action was requested.

    Raises:
        NoKnownGood: there is no such deployment.
    """
    last_good = find_last_known_good(uow, deployment)
    if last_good is None:
        lane = f"{deployment.service} in {deployment.environment}"
        raise NoKnownGood(lane, deployment.version, status, actions_to_suggest(status))
    return last_good


def _block_version(uow: UnitOfWork, rolled_back: Deployment, command: Command) -> None:
    block = VersionBlock(
        service=rolled_back.service,
        environment=rolled_back.environment,
        version=rolled_back.version,
        at=command.at,
        by=command.effective_actor_name,
        reason=command.note or "",
        deployment_id=rolled_back.id,
        number=rolled_back.number,
    )
    event = Event(
        kind=EventKind.VERSION_BLOCKED,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=rolled_back.id,
        note=block.reason,
        data={
            "service": block.service,
            "environment": block.environment,
            "version": block.version,
        },
    )
    uow.restrictions.put_block(block, event)
