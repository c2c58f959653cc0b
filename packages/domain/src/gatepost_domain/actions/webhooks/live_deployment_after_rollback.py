"""For webhooks: which deployment a rollback without redeployment makes live again, if any."""

from __future__ import annotations

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.unit_of_work import UnitOfWork


def rollback_changed_live_deployment(uow: UnitOfWork, deployment: Deployment) -> bool:
    """Return whether a deployment's rollback changed what is live, without a redeployment.

    A rollback that redeploys changes what is live only when the new deployment succeeds. A
    deployment that never succeeded, or that was followed by another one, was not live.
    """
    if deployment.rolled_back_by is not None or deployment.deployed_at is None:
        return False
    lane = deployment.service, deployment.environment
    newest = uow.deployments.find_last_good(*lane, exclude=())
    return newest is None or (newest.deployed_at or newest.created_at) < deployment.deployed_at


def find_live_again(uow: UnitOfWork, rolled_back: Deployment) -> Deployment | None:
    """Return the deployment that a rollback made live again, or None if nothing is live."""
    lane, deployed_at = (rolled_back.service, rolled_back.environment), rolled_back.deployed_at
    before = None if deployed_at is None else uow.deployments.find_live_before(*lane, deployed_at)
    if before is None or before.deployed_at is None:
        return None
    is_retired = any(
        at >= before.deployed_at for at in uow.retirements.list_retirement_times(*lane)
    )
    return None if is_retired else before
