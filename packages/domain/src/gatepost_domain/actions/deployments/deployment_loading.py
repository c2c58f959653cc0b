"""Loading a deployment with its policy and the people behind it."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.actions.access.triggering_person import resolve_triggering_person
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision


def load_deployment(
    uow: UnitOfWork, reference: DeploymentReference, revision: ExpectedRevision
) -> tuple[Deployment, Policy]:
    """Return a deployment and its policy.

    Raises:
        NotFound: there is no such deployment.
        StaleRevision: `revision` is not the current one.
    """
    deployment = uow.deployments.get(reference)
    require_revision(revision, deployment.revision)
    policy = uow.environments.policy(deployment.environment, deployment.policy_version)
    return refresh_people(uow, deployment), policy


def refresh_people(uow: UnitOfWork, deployment: Deployment) -> Deployment:
    """Return the deployment with current information about the people behind it."""
    names = uow.users.current_name_by_key()
    found = resolve_triggering_person(uow, deployment)
    return replace(found, current_name_by_key=names) if names else found
