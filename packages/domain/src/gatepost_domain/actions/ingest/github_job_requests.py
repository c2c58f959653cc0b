"""Requesting deployments for GitHub jobs that wait for a deployment protection rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.catalog.create import register_version
from gatepost_domain.actions.deployments.request import preview_request, request_deployment
from gatepost_domain.actions.ingest.actor import find_actor
from gatepost_domain.actions.ingest.recording import find_or_build_version, resolve_lane
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest, format_number
from gatepost_domain.errors import Refusal
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState, link_deployment
from gatepost_domain.ingest.payload_interpretation import WaitingJob
from gatepost_domain.ingest.payload_values import MappingFault
from gatepost_domain.ingest.protection_answer import ProtectionAnswer
from gatepost_domain.ingest.source import IngestSource
from gatepost_domain.ports.unit_of_work import UnitOfWork


def request_deployment_for_job(
    uow: UnitOfWork,
    source: IngestSource,
    job: WaitingJob,
    delivery: IngestDelivery,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> IngestDelivery:
    """Let a job wait for a deployment: an open one of the same version, or a newly requested one.

    A newly requested deployment starts automatically once it is approved and its gates are open.
    The answer is stored now, and sent once the deployment has started or can no longer start.
    Return the delivery with its result. Everything is checked before the first write.

    Raises:
        MappingFault: the payload cannot be mapped, or the source may not request the deployment.
    """
    reported = job.deployment
    known = uow.protection_answers.find_by_external_id(reported.external_id)
    if known is not None:
        decides = uow.deployments.get(known.deployment_id)
        reason = f"{format_number(decides.number)} already decides this job."
        return link_deployment(delivery, decides, IngestState.IGNORED, reason)
    lane = resolve_lane(uow, source, reported)
    if lane is None:
        reason = f"The settings ignore the environment {reported.environment}."
        return replace(delivery, state=IngestState.IGNORED, reason=reason)
    actor = find_actor(uow, source, reported)
    _require_request_right(actor, *lane)
    command = Command(actor=actor, at=at)
    version, is_new = find_or_build_version(uow, lane[0], reported, source, command)
    deployment = _find_open_without_workers(uow, lane, version)
    if deployment is None:
        request = _build_request(source, job, lane, version)
        _require_acceptable_request(uow, request, command)
        if is_new:
            register_version(uow, version, command)
        deployment = request_deployment(uow, request, command, id=new_id(), new_id=new_id)
    uow.protection_answers.add(
        ProtectionAnswer(
            id=new_id(),
            delivery_id=delivery.id,
            deployment_id=deployment.id,
            external_id=reported.external_id,
            environment_name=job.environment_name,
            callback_url=job.callback_url,
            installation=job.installation,
            created_at=at,
            due_at=at,
        )
    )
    return link_deployment(delivery, deployment, IngestState.APPLIED, None)


def _find_open_without_workers(
    uow: UnitOfWork, lane: tuple[str, str], version: Version
) -> Deployment | None:
    """Return the newest deployment of a version that is pending or in progress, or None.

    Deployments that workers roll out are left out, because no GitHub job carries them out.
    """
    open_deployments = list(uow.deployments.list_waiting(*lane))
    started = uow.deployments.lane_state(*lane).started
    if started is not None:
        open_deployments.append(uow.deployments.get(started.number))
    found = [
        deployment
        for deployment in open_deployments
        if deployment.version == version.version and not _is_run_by_workers(uow, deployment)
    ]
    return max(found, key=lambda deployment: deployment.number, default=None)


def _is_run_by_workers(uow: UnitOfWork, deployment: Deployment) -> bool:
    policy = uow.environments.policy(deployment.environment, deployment.policy_version)
    return policy.execution is ExecutionMode.WORKER


def _build_request(
    source: IngestSource, job: WaitingJob, lane: tuple[str, str], version: Version
) -> DeploymentRequest:
    texts = source.settings.requests
    service, environment = lane
    return DeploymentRequest(
        service=service,
        environment=environment,
        version=version.version,
        work_references=job.work_references,
        rollback_plan="" if texts is None else texts.rollback_plan,
        risk=None if texts is None else texts.risk,
        notes=job.deployment.notes,
        auto_start=True,
    )


def _require_request_right(actor: Actor, service: str, environment: str) -> None:
    if not actor.may(Right.REQUEST, service=service, environment=environment):
        raise MappingFault(
            f"{actor.name} may not request deployments of {service} to {environment}. Give it the "
            "role requester there, then replay the delivery."
        )


def _require_acceptable_request(
    uow: UnitOfWork, request: DeploymentRequest, command: Command
) -> None:
    """Refuse a request that Gatepost would refuse, or that a worker would carry out.

    Raises:
        MappingFault: the request is not possible.
    """
    environment = uow.environments.get(request.environment)
    policy = uow.environments.policy(environment.name, environment.policy_version)
    if policy.execution is ExecutionMode.WORKER:
        raise MappingFault(
            f"Workers roll out to {environment.name}, so a GitHub job cannot wait for a deployment "
            "there. Set `execution` to `operator` in the policy, then replay the delivery."
        )
    try:
        preview_request(uow, request, command, assume_registered=True)
    except Refusal as refusal:
        raise MappingFault(
            f"The deployment cannot be requested: {refusal} Fix this, for example in `requests` in "
            "the settings, then replay the delivery."
        ) from refusal
