"""Loading a deployment with its policy."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.access.actor import UNKNOWN_PERSON
from gatepost_domain.access.users import Account, identity_through
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.errors import StaleRevision
from gatepost_domain.ports.unit_of_work import UnitOfWork


def load_deployment(
    uow: UnitOfWork, reference: DeploymentReference, revision: int | None
) -> tuple[Deployment, Policy]:
    """Return a deployment and its policy.

    Raises:
        NotFound: there is no such deployment.
        StaleRevision: `revision` is not the current one.
    """
    deployment = uow.deployments.get(reference)
    if revision is not None and revision != deployment.revision:
        raise StaleRevision(revision, deployment.revision)
    policy = uow.environments.policy(deployment.environment, deployment.policy_version)
    return find_people(uow, deployment), policy


def find_people(uow: UnitOfWork, deployment: Deployment) -> Deployment:
    """Return the deployment with what is known now about the people behind it."""
    names = uow.users.present_names()
    found = find_trigger(uow, deployment)
    return replace(found, present_names=names) if names else found


def find_trigger(uow: UnitOfWork, deployment: Deployment) -> Deployment:
    """Return the deployment with the person who triggered its pipeline, if a login says so now."""
    name, issuer = deployment.triggered_by, deployment.unmapped_issuer
    if name is None or name == UNKNOWN_PERSON or issuer is None:
        return deployment
    account = Account.of_name(issuer, name)
    person = uow.users.find_by_account(account)
    login = None if person is None else person.find_login(account)
    if person is None or login is None:
        return replace(deployment, trigger_mapped_to=None)
    return replace(deployment, trigger_mapped_to=identity_through(person, login))
