"""Ending a deployment with the result that GitHub reports for the job that waited for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.deployments.execution import fail_deployment, succeed_deployment
from gatepost_domain.actions.ingest.actor import find_actor
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState, link_deployment
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status

_ENDED = frozenset({Status.SUCCEEDED, Status.FAILED, Status.ROLLED_BACK})
"""The statuses of deployments that started and are no longer in progress."""


def apply_job_outcome(
    uow: UnitOfWork,
    source: IngestSource,
    reported: ReportedDeployment,
    delivery: IngestDelivery,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> IngestDelivery | None:
    """Give the deployment that a job waited for the same outcome as the job: success or failure.

    Return the delivery with its result. Return None if no job waited for the deployment, or if the
    job succeeded although the deployment had not started; the report is then recorded like any
    other.
    """
    if source.kind is not IngestSourceKind.GITHUB:
        return None
    answer = uow.protection_answers.find_by_external_id(reported.external_id)
    if answer is None:
        return None
    deployment = uow.deployments.get(answer.deployment_id)
    if deployment.status is Status.STARTED:
        ended = _end_started_deployment(uow, source, reported, deployment, at=at, new_id=new_id)
        return link_deployment(delivery, ended, IngestState.APPLIED, None)
    number = format_number(deployment.number)
    if deployment.status in _ENDED:
        reason = f"{number} has already ended: its status is {deployment.status}."
        return link_deployment(delivery, deployment, IngestState.IGNORED, reason)
    if reported.has_failed:
        reason = f"The job did not run, because {number} had not started."
        return link_deployment(delivery, deployment, IngestState.IGNORED, reason)
    return None


def _end_started_deployment(
    uow: UnitOfWork,
    source: IngestSource,
    reported: ReportedDeployment,
    deployment: Deployment,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Deployment:
    actor = _as_operator(find_actor(uow, source, reported), source, deployment)
    end, note = succeed_deployment, "GitHub reports that the job succeeded."
    if reported.has_failed:
        end, note = fail_deployment, "GitHub reports that the job failed."
    command = Command(actor=actor, at=at, note=note)
    end(uow, deployment.id, command, revision=None, new_id=new_id)
    return uow.deployments.get(deployment.id)


def _as_operator(actor: Actor, source: IngestSource, deployment: Deployment) -> Actor:
    """Return the actor with the source's name, as an operator in this deployment's lane only."""
    grant = Grant(
        role=Role.OPERATOR, service=deployment.service, environment=deployment.environment
    )
    return replace(actor, name=source.actor_name, grants=(grant,))
