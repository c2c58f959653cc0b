"""Responses for what reviewers approved: the consent and the target's settings."""

from __future__ import annotations

from typing import Any, Self

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.audit import evidence as domain
from gatepost_domain.catalog.target import Target, settings_digest, settings_to_json
from gatepost_domain.deployments.deployment import consent_digest


class ConsentedTo(ResponseModel):
    """What a reviewer approves: exactly the content that the digest covers."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: str
    """The version to deploy."""
    artifact_digest: str | None
    """The digest of the artifact, such as `sha256:…`. Null if unknown."""
    risk: str | None
    """The accepted risk. Null if none was stated."""
    rollback_plan: str
    """How the deployment can be undone."""
    work_references: list[str]
    """The tickets or changes that are deployed."""
    policy_version: int
    """The version of the environment's policy."""
    target_version: int | None
    """The version of the target's settings. Null if the target was not configured; the digest then
    does not cover this field or `target_digest`."""
    target_digest: str | None
    """The digest of the target's settings. Null if the target has none."""


class DigestedApproval(ResponseModel):
    """One reviewer's approval and the digest of what was approved."""

    stage: str
    """The stage in which the reviewer approved."""
    actor: str
    """Who approved."""
    at: Instant
    """When the reviewer approved."""
    note: str | None
    """The reviewer's note. Null if there is none."""
    digest: str
    """The digest of what was approved, at the time of the approval."""


class Consent(ResponseModel):
    """What was approved, and by whom."""

    to: ConsentedTo
    digest: str
    """The SHA-256 digest of the content in `to`."""
    approvals: list[DigestedApproval]
    """The approvals, in the order in which they were given. Empty if the deployment was approved
    by policy or through break-glass."""

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self:
        """Map the approvals in domain evidence to their response."""
        deployment = evidence.deployment
        return cls(
            to=ConsentedTo(
                service=deployment.service,
                environment=deployment.environment,
                version=deployment.version,
                artifact_digest=deployment.artifact_digest,
                risk=deployment.risk,
                rollback_plan=deployment.rollback_plan,
                work_references=list(deployment.work_references),
                policy_version=deployment.policy_version,
                target_version=deployment.target_version,
                target_digest=deployment.target_digest,
            ),
            digest=consent_digest(deployment),
            approvals=[
                DigestedApproval(
                    stage=approval.stage,
                    actor=approval.actor,
                    at=approval.at,
                    note=approval.note,
                    digest=approval.digest,
                )
                for approval in deployment.approvals
            ],
        )


class ConsentedTarget(ResponseModel):
    """The settings of the target with which the deployment is rolled out."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: int
    """The version of the target's settings."""
    set_at: Instant
    """When this version of the settings was set."""
    set_by: str
    """Who set this version of the settings."""
    settings: dict[str, Any]
    """The settings in the form from which `digest` is computed. The bodies and expected values of
    checks are JSON text."""
    digest: str
    """The SHA-256 digest of `settings`, which is part of what reviewers approve."""

    @classmethod
    def from_domain(cls, target: Target | None) -> Self | None:
        """Map the target stored with a deployment, if there is one, to its response."""
        if target is None:
            return None
        return cls(
            service=target.service,
            environment=target.environment,
            version=target.revision,
            set_at=target.changed_at,
            set_by=target.changed_by,
            settings=settings_to_json(target.settings),
            digest=settings_digest(target.settings),
        )
