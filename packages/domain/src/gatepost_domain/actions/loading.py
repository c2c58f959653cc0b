"""How every action on a deployment begins."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.deployment import Deployment, Reference
from gatepost_domain.errors import Stale
from gatepost_domain.freezing import verdict
from gatepost_domain.gate import Situation
from gatepost_domain.policy import Policy
from gatepost_domain.ports import Work


def around(work: Work, deployment: Deployment, at: datetime) -> Situation:
    """What goes on around a deployment at this instant."""
    service, environment = deployment.service, deployment.environment
    return Situation(
        lane=work.deployments.lane(service, environment),
        blocked=verdict(work.freezes.standing(at), service, environment, deployment.tier, at),
    )


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
