"""Going back: marking what was rolled back and, where asked, redeploying what stood before."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.auto_start import resume_lane
from gatepost_domain.actions.deployments.context import load
from gatepost_domain.actions.deployments.request import keep, terms_for
from gatepost_domain.deployments.deployment import Deployment, Reference
from gatepost_domain.deployments.errors import NoKnownGood
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.restrictions import VersionBlock
from gatepost_domain.lifecycle import creation, rollout
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.status import allowed_actions


def roll_back_deployment(
    work: Work,
    reference: Reference,
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
    found, _ = load(work, reference, revision)
    by = new_id() if redeploy else None
    with attempting(command, found) as wish:
        rolled_back, event = rollout.roll_back(found, wish, by=by)
    good = None if by is None else _known_good(work, found)
    work.deployments.save(rolled_back, event)
    if by is not None and good is not None:
        _block(work, rolled_back, wish)
        terms = terms_for(work, good.service, good.environment, good.version, id=by)
        moved = creation.redeploy(rolled_back, good, wish, terms)
        keep(work, moved, terms.policy, wish, new_id=new_id)
    resume_lane(work, found.service, found.environment, at=command.at, new_id=new_id)
    return rolled_back


def _known_good(work: Work, bad: Deployment) -> Deployment:
    service, environment = bad.service, bad.environment
    but = {bad.version, *work.restrictions.blocked(service, environment)}
    good = work.deployments.last_good(service, environment, but=but)
    if good is None:
        where, allowed = f"{service} in {environment}", allowed_actions(bad.status)
        raise NoKnownGood(where, bad.version, bad.status, allowed)
    return good


def _block(work: Work, rolled_back: Deployment, command: Command) -> None:
    block = VersionBlock(
        service=rolled_back.service,
        environment=rolled_back.environment,
        version=rolled_back.version,
        at=command.at,
        by=command.speaker,
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
    work.restrictions.block(block, event)
