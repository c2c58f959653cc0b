"""The mapping between the client's models and the worker's tasks and steps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from gatepost_client import models
from gatepost_worker.executors.registry import executor_kind
from gatepost_worker.tasks import (
    Check,
    CheckReport,
    CheckTask,
    DeliveryTask,
    Deployment,
    DeploymentTask,
    NotificationTask,
    ProtectionAnswerTask,
    ReadinessProbe,
    StepReport,
    TargetSettings,
)


def task_to_domain(model: models.Task) -> DeploymentTask:
    """Return the task that the server handed out."""
    return DeploymentTask(
        claim_id=f"{model.id}",
        fencing_token=model.fencing_token,
        deployment=_deployment_to_domain(model),
        target=_target_to_domain(model.target),
        outgoing_allow=tuple(model.outgoing_allow),
        rolled_out=model.rolled_out,
        time_left=timedelta(seconds=model.time_left_s),
        lease=timedelta(seconds=model.lease_s),
    )


def check_task_to_domain(model: models.CheckTask) -> CheckTask:
    """Return the check task that the server handed out."""
    return CheckTask(
        check_run_id=f"{model.id}",
        fencing_token=model.fencing_token,
        service=model.check_run.service,
        environment=model.check_run.environment,
        base_url=model.base_url,
        checks=tuple(map(_check_to_domain, model.checks)),
        outgoing_allow=tuple(model.outgoing_allow),
        time_left=timedelta(seconds=model.time_left_s),
        lease=timedelta(seconds=model.lease_s),
    )


def delivery_task_to_domain(model: models.DeliveryTask) -> DeliveryTask:
    """Return the delivery task that the server handed out."""
    return DeliveryTask(
        delivery_id=f"{model.id}",
        fencing_token=model.fencing_token,
        url=model.url,
        headers={header.name: header.value for header in model.headers},
        body=model.body.encode(),
        timeout_s=model.timeout_s,
        outgoing_allow=tuple(model.outgoing_allow),
    )


def notification_task_to_domain(model: models.NotificationTask) -> NotificationTask:
    """Return the notification task that the server handed out."""
    return NotificationTask(
        channel_id=f"{model.id}",
        fencing_token=model.fencing_token,
        url=model.url,
        title=model.title,
        body=model.body,
        timeout_s=model.timeout_s,
        outgoing_allow=tuple(model.outgoing_allow),
    )


def answer_task_to_domain(model: models.ProtectionAnswerTask) -> ProtectionAnswerTask:
    """Return the answer task that the server handed out."""
    return ProtectionAnswerTask(
        answer_id=f"{model.id}",
        fencing_token=model.fencing_token,
        token_url=model.token_url,
        app_token=model.app_token,
        url=model.url,
        body=model.body.encode(),
        timeout_s=model.timeout_s,
        outgoing_allow=tuple(model.outgoing_allow),
    )


def reports_from_domain(reports: Sequence[CheckReport]) -> list[models.CheckResultBody]:
    """Return the results of checks as the server expects them."""
    return [
        models.CheckResultBody(
            at=report.at,
            name=report.name,
            state=models.CheckState(report.state.value),
            took_ms=report.took_ms,
            attempts=report.attempts,
            detail=report.detail,
        )
        for report in reports
    ]


def steps_from_domain(steps: Sequence[StepReport]) -> list[models.StepBody]:
    """Return the steps as the server expects them."""
    return [
        models.StepBody(
            at=step.at,
            kind=models.StepKind(step.kind.value),
            name=step.name,
            state=models.StepState(step.state.value),
            detail=step.detail,
            took_ms=step.took_ms,
            tried=step.attempt,
        )
        for step in steps
    ]


def _deployment_to_domain(model: models.Task) -> Deployment:
    deployment = model.deployment
    execution, build_id = deployment.execution, deployment.build_id
    return Deployment(
        id=f"{deployment.id}",
        number=deployment.number,
        service=deployment.service,
        environment=deployment.environment,
        version=deployment.version,
        artifact_digest=deployment.artifact_digest,
        previous_version=model.previous_version,
        requester=deployment.requester,
        approved_by=tuple(
            approval.actor for stage in deployment.review.stages for approval in stage.approvals
        ),
        build_id=f"{build_id if isinstance(build_id, UUID) else deployment.id}",
        attempt=1 if execution is None else execution.attempt,
    )


def _target_to_domain(model: models.TargetSettings) -> TargetSettings:
    return TargetSettings(
        base_url=model.base_url,
        executor=executor_kind(model.executor.kind).to_domain(model.executor),
        ready=None if model.ready is None else _readiness_to_domain(model.ready),
        checks=tuple(map(_check_to_domain, model.checks)),
    )


def _readiness_to_domain(model: models.Readiness) -> ReadinessProbe:
    return ReadinessProbe(path=model.path, timeout_s=model.timeout_s, interval_s=model.interval_s)


def _check_to_domain(model: models.TargetCheck) -> Check:
    expected = model.expect_json.additional_properties
    return Check(
        name=model.name,
        method=model.method.value,
        path=model.path,
        body=None if model.body is None else json.dumps(model.body),
        expect_status=model.expect_status,
        expect_json={pointer: json.dumps(value) for pointer, value in expected.items()},
        max_latency_ms=model.max_latency_ms,
        timeout_s=model.timeout_s,
        attempts=model.attempts,
        required=model.required,
    )
