"""Gathering what an auditor is handed about a deployment."""

from __future__ import annotations

from gatepost_domain.audit.evidence import Evidence
from gatepost_domain.deployments.deployment import DeploymentReference
from gatepost_domain.ports.unit_of_work import UnitOfWork


def gather_evidence(uow: UnitOfWork, reference: DeploymentReference) -> Evidence:
    """Everything about one deployment, all of it as of the same instant.

    Raises:
        Unknown: there is no such deployment.
    """
    found = uow.deployments.get(reference)
    last = uow.event_log.last_entry()
    if last is None:  # pragma: no cover  # a deployment is never kept without an event
        raise AssertionError(found.id)
    return Evidence(
        deployment=found,
        policy=uow.environments.policy_version(found.environment, found.policy_version),
        steps=uow.claims.steps(found.id),
        entries=uow.event_log.entries_of(found.id),
        last_entry=last,
    )
