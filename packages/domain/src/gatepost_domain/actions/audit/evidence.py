"""Gathering the evidence for a deployment."""

from __future__ import annotations

from gatepost_domain.actions.catalog.target_settings_for_rollout import load_consented_target
from gatepost_domain.audit.evidence import EventInclusion, Evidence
from gatepost_domain.deployments.deployment import DeploymentReference
from gatepost_domain.ports.unit_of_work import UnitOfWork


def gather_evidence(uow: UnitOfWork, reference: DeploymentReference) -> Evidence:
    """Return the evidence for a deployment as of one instant.

    Raises:
        NotFound: there is no such deployment.
    """
    deployment = uow.deployments.get(reference)
    last = uow.event_log.last_entry()
    if last is None:  # pragma: no cover  # a deployment is never stored without an event
        raise AssertionError(deployment.id)
    entries = uow.event_log.entries_of(deployment.id)
    policy = uow.environments.policy_version(deployment.environment, deployment.policy_version)
    policy_entry = uow.event_log.policy_entry(policy)
    head = uow.event_log.head()
    proved = (*entries, last, *(() if policy_entry is None else (policy_entry,)))
    return Evidence(
        deployment=deployment,
        policy=policy,
        policy_entry=policy_entry,
        target=load_consented_target(uow, deployment),
        state=uow.deployments.recorded_columns(deployment.number),
        steps=uow.claims.steps(deployment.id),
        entries=entries,
        last_entry=last,
        head=head,
        inclusions=tuple(
            EventInclusion(seq, uow.event_log.inclusion_proof(seq, size=head.size))
            for seq in sorted({entry.seq for entry in proved})
        ),
    )
