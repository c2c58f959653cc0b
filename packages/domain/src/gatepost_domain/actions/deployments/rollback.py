"""Going back: marking what was rolled back and, where asked, redeploying what stood before."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments.auto_start import resume_lane
from gatepost_domain.actions.deployments.context import load_deployment
from gatepost_domain.actions.deployments.request import creation_context, save_new_deployment
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.errors import NoKnownGood
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.restrictions import VersionBlock
from gatepost_domain.lifecycle import creation, rollout
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import allowed_actions


def roll_back_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: int | None,
    new_id: Callable[[], UUID],
    redeploy: bool = False,
) -> Deployment:
    """Report that what was rolled out is reverted; see `lifecycle.roll_back`. The lane goes on.

    To `redeploy` is to ask, in the same breath, for the last known good version, and to let the one
    that was rolled back be deployed there no more until it is unblocked.

    Raises:
        NoKnownGood: it is to be redeployed, but nothing stood there; nothing has changed.
    """
    found, _ = load_deployment(uow, reference, revision)
    by = new_id() if redeploy else None
    with audit_denials(command, found) as wish:
        rolled_back, event = rollout.roll_back(found, wish, redeployed_by=by)
    good = None if by is None else _last_known_good(uow, found)
    uow.deployments.save(rolled_back, event)
    if by is not None and good is not None:
        _block_version(uow, rolled_back, wish)
        terms = creation_context(uow, good.service, good.environment, good.version, id=by)
        moved = creation.create_rollback(rolled_back, good, wish, terms)
        save_new_deployment(uow, moved, terms.policy, wish, new_id=new_id)
    resume_lane(uow, found.service, found.environment, at=command.at, new_id=new_id)
    return rolled_back


def _last_known_good(uow: UnitOfWork, bad: Deployment) -> Deployment:
    service, environment = bad.service, bad.environment
    but = {bad.version, *uow.restrictions.blocked_versions(service, environment)}
    good = uow.deployments.last_known_good(service, environment, exclude=but)
    if good is None:
        where, allowed = f"{service} in {environment}", allowed_actions(bad.status)
        raise NoKnownGood(where, bad.version, bad.status, allowed)
    return good


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
    uow.restrictions.add_block(block, event)
