"""How every action on a deployment begins."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.errors import StaleRevision
from gatepost_domain.freezes.evaluation import find_freeze_block
from gatepost_domain.gates.context import GateContext, OverdueAfterReview
from gatepost_domain.gates.upstream import (
    UpstreamStatus,
    evaluate_upstream,
    last_success,
    live_since,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status


def gate_context(
    uow: UnitOfWork, deployment: Deployment, policy: Policy, at: datetime
) -> GateContext:
    """What goes on around a deployment at this instant, as far as its gates are concerned."""
    service, environment = deployment.service, deployment.environment
    automatic = deployment.automatic
    owed = automatic or deployment.status is Status.PENDING_APPROVAL
    return GateContext(
        lane=uow.deployments.lane_state(service, environment),
        freeze_block=find_freeze_block(
            uow.freezes.list_unexpired(at), service, environment, deployment.tier, at
        ),
        upstream=tuple(
            _upstream_status(uow, deployment, policy, name, at) for name in policy.requires
        ),
        version_block=uow.restrictions.find_block(service, environment, deployment.version),
        promotion_hold=uow.restrictions.find_hold(service, environment) if automatic else None,
        overdue_review=find_overdue_review(uow, environment, at) if owed else None,
    )


def find_overdue_review(
    uow: UnitOfWork, environment: str, at: datetime
) -> OverdueAfterReview | None:
    """The break-glass in an environment that was to be judged longest ago; none if none was."""
    found = uow.deployments.find_overdue_review(environment, at)
    if found is None or found.after_review is None:
        return None
    return OverdueAfterReview(number=found.number, due_at=found.after_review.due_at)


def load_deployment(
    uow: UnitOfWork, reference: DeploymentReference, revision: int | None
) -> tuple[Deployment, Policy]:
    """The deployment and the policy it was asked under.

    Raises:
        Unknown: there is no such deployment.
        Stale: the caller expected another revision than the one that stands.
    """
    found = uow.deployments.get(reference)
    if revision is not None and revision != found.revision:
        raise StaleRevision(revision, found.revision)
    return found, uow.environments.policy(found.environment, found.policy_version)


def _upstream_status(
    uow: UnitOfWork, deployment: Deployment, policy: Policy, environment: str, at: datetime
) -> UpstreamStatus:
    service, version = deployment.service, deployment.version
    target = uow.target_settings.find(service, environment)
    checked = target is not None and any(each.required for each in target.settings.checks)
    became = uow.deployments.list_of_version(service, environment, version)
    first = live_since(became) if policy.soak_s else None
    return evaluate_upstream(
        environment,
        last_success(became, has_required_checks=checked),
        () if first is None else uow.deployments.list_deployed_since(service, environment, first),
        () if first is None else uow.retirements.retirement_times(service, environment),
        version=version,
        policy=policy,
        at=at,
    )
