"""The data on which a deployment's gates depend, and loading it.

Only this module reads this data from storage; the gates are pure functions of a `GateContext`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import User
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.lane_state import EMPTY_LANE, LaneState
from gatepost_domain.errors import ResourceArchived
from gatepost_domain.freezes.evaluation import FreezeBlock, find_freeze_block
from gatepost_domain.gates.archival import find_archival_refusal
from gatepost_domain.gates.trusted_records import find_objection
from gatepost_domain.gates.upstream_status import (
    UpstreamStatus,
    evaluate_upstream,
    find_successes,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueAfterReview:
    """An after-review that was not closed in time."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """The data on which a deployment's gates depend, at one instant."""

    lane: LaneState = EMPTY_LANE
    freeze_block: FreezeBlock | None = None
    """The freeze that blocks the deployment from starting; None if there is none."""
    upstream: tuple[UpstreamStatus, ...] = ()
    """The version's status in each environment that the policy requires."""
    version_block: VersionBlock | None = None
    """The block on the version in the environment; None if there is none."""
    promotion_hold: AutoPromotionHold | None = None
    """The hold on automatic promotion; None if there is none."""
    overdue_review: OverdueAfterReview | None = None
    """The environment's overdue after-review; None if there is none or it does not affect the
    deployment."""
    reviewers: tuple[User, ...] | None = None
    """The people who may be able to review; None unless an explanation needs them."""
    archived: ResourceArchived | None = None
    """The refusal to raise for an archived service or environment; None if neither is archived."""
    was_production: bool = False
    """Whether the environment is, or ever was, of tier `production`; no gate depends on it."""

    def require_not_archived(self) -> None:
        """Refuse an approval or a start in an archived service or environment.

        Raises:
            ResourceArchived: the service or environment is archived.
        """
        if self.archived is not None:
            raise ResourceArchived(self.archived.kind, self.archived.name)


def load_context_with_reviewers(
    uow: UnitOfWork, deployment: Deployment, policy: Policy, at: datetime
) -> GateContext:
    """Load the gates' data, including the people who can give the missing approvals."""
    context = load_gate_context(uow, deployment, policy, at)
    if deployment.status is not Status.PENDING_APPROVAL:
        return context
    return replace(context, reviewers=uow.users.list_people_with(Role.REVIEWER))


def load_gate_context(
    uow: UnitOfWork, deployment: Deployment, policy: Policy, at: datetime
) -> GateContext:
    """Load the data on which a deployment's gates depend, as of an instant."""
    service, environment = deployment.service, deployment.environment
    automatic = deployment.automatic
    needs_reviews = automatic or deployment.status is Status.PENDING_APPROVAL
    return GateContext(
        lane=uow.deployments.lane_state(service, environment),
        freeze_block=find_freeze_block(
            uow.freezes.list_current_and_future(at), service, environment, deployment.tier, at
        ),
        upstream=tuple(
            _load_upstream_status(uow, deployment, policy, name, at) for name in policy.requires
        ),
        version_block=uow.restrictions.find_block(service, environment, deployment.version),
        promotion_hold=uow.restrictions.find_hold(service, environment) if automatic else None,
        overdue_review=find_overdue_after_review(uow, environment, at) if needs_reviews else None,
        archived=find_archival_refusal(uow, service, environment),
        was_production=uow.environments.get(environment).was_production,
    )


def find_overdue_after_review(
    uow: UnitOfWork, environment: str, at: datetime
) -> OverdueAfterReview | None:
    """Return the after-review that has been overdue longest in an environment, or None."""
    deployment = uow.deployments.find_overdue_after_review(environment, at)
    if deployment is None or deployment.after_review is None:
        return None
    return OverdueAfterReview(number=deployment.number, due_at=deployment.after_review.due_at)


def _load_upstream_status(
    uow: UnitOfWork, deployment: Deployment, policy: Policy, environment: str, at: datetime
) -> UpstreamStatus:
    service, version = deployment.service, deployment.version
    target = uow.target_settings.find(service, environment)
    has_required_checks = target is not None and any(
        check.required for check in target.settings.checks
    )

    def objection(record: Deployment) -> str | None:
        return find_objection(
            record, deployment, policy, uow.users.find_by_recorded_name(record.requester)
        )

    history = uow.deployments.list_ever_deployed(service, environment, version)
    successes = find_successes(
        history, has_required_checks=has_required_checks, objection=objection
    )
    since = successes.first_at if policy.soak_s else None
    return evaluate_upstream(
        environment,
        successes,
        () if since is None else uow.deployments.list_deployed_since(service, environment, since),
        () if since is None else uow.retirements.list_retirement_times(service, environment),
        version=version,
        policy=policy,
        at=at,
        objection=objection,
    )
