"""Gathering what an auditor is handed about a deployment."""

from __future__ import annotations

from gatepost_domain.audit.evidence import Evidence
from gatepost_domain.deployments.deployment import Reference
from gatepost_domain.ports.unit_of_work import Work


def gather_evidence(work: Work, reference: Reference) -> Evidence:
    """Everything about one deployment, all of it as of the same instant.

    Raises:
        Unknown: there is no such deployment.
    """
    found = work.deployments.get(reference)
    last = work.history.last()
    if last is None:  # pragma: no cover  # a deployment is never kept without an event
        raise AssertionError(found.id)
    return Evidence(
        deployment=found,
        policy=work.environments.policy_version(found.environment, found.policy_version),
        steps=work.claims.steps(found.id),
        entries=work.history.of(found.id),
        last=last,
    )
