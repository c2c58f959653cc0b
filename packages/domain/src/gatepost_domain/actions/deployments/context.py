"""How every action on a deployment begins."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, Reference
from gatepost_domain.errors import Stale
from gatepost_domain.freezes.evaluation import verdict
from gatepost_domain.gates.context import Overdue, Situation
from gatepost_domain.gates.upstream import Upstream, judge, last_success, stands_since
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.status import Status


def around(work: Work, deployment: Deployment, policy: Policy, at: datetime) -> Situation:
    """What goes on around a deployment at this instant, as far as its gates are concerned."""
    service, environment = deployment.service, deployment.environment
    automatic = deployment.automatic
    owed = automatic or deployment.status is Status.PENDING_APPROVAL
    return Situation(
        lane=work.deployments.lane(service, environment),
        blocked=verdict(work.freezes.standing(at), service, environment, deployment.tier, at),
        upstream=tuple(_upstream(work, deployment, policy, name, at) for name in policy.requires),
        version_block=work.restrictions.block_of(service, environment, deployment.version),
        hold=work.restrictions.hold_on(service, environment) if automatic else None,
        overdue=overdue_in(work, environment, at) if owed else None,
    )


def overdue_in(work: Work, environment: str, at: datetime) -> Overdue | None:
    """The break-glass in an environment that was to be judged longest ago; none if none was."""
    found = work.deployments.overdue(environment, at)
    if found is None or found.after_review is None:
        return None
    return Overdue(number=found.number, due_at=found.after_review.due_at)


def load(work: Work, reference: Reference, revision: int | None) -> tuple[Deployment, Policy]:
    """The deployment and the policy it was asked under.

    Raises:
        Unknown: there is no such deployment.
        Stale: the caller expected another revision than the one that stands.
    """
    found = work.deployments.get(reference)
    if revision is not None and revision != found.revision:
        raise Stale(revision, found.revision)
    return found, work.environments.policy(found.environment, found.policy_version)


def _upstream(
    work: Work, deployment: Deployment, policy: Policy, environment: str, at: datetime
) -> Upstream:
    service, version = deployment.service, deployment.version
    target = work.target_settings.find(service, environment)
    checked = target is not None and any(each.required for each in target.settings.checks)
    became = work.deployments.of_version(service, environment, version)
    first = stands_since(became) if policy.soak_s else None
    return judge(
        environment,
        last_success(became, checked=checked),
        () if first is None else work.deployments.stood_since(service, environment, first),
        () if first is None else work.targets.retired(service, environment),
        version=version,
        policy=policy,
        at=at,
    )
