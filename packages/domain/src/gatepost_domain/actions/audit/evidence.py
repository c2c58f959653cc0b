"""Gathering the evidence of a deployment."""

from __future__ import annotations

from gatepost_domain.audit.evidence import Evidence
from gatepost_domain.deployments.deployment import DeploymentReference
from gatepost_domain.ports.unit_of_work import UnitOfWork


def gather_evidence(uow: UnitOfWork, reference: DeploymentReference) -> Evidence:
    """Return the evidence of one deployment as of one instant.

    Raises:
        NotFound: there is no such deployment.
    """
    deployment = uow.deployments.get(reference)
    last = uow.event_log.last_entry()
    if last is None:  # pragma: no cover  # a deployment is never stored without an event
        raise AssertionError(deployment.id)
    return Evidence(
        deployment=deployment,
        policy=uow.environments.policy_version(deployment.environment, deployment.policy_version),
        steps=uow.claims.steps(deployment.id),
        entries=uow.event_log.entries_of(deployment.id),
        last_entry=last,
    )
