"""Responses for the review of a deployment."""

from __future__ import annotations

from typing import Self

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.deployments.deployment import Deployment, consent_digest
from gatepost_domain.deployments.review import (
    StageProgress,
    has_waived_production_review,
    review_label,
    review_progress,
)


class Approval(ResponseModel):
    """One reviewer's approval."""

    actor: str
    """The reviewer who approved."""
    at: Instant
    """When the reviewer approved."""
    note: str | None
    """The reviewer's note. Null if there is none."""


class ReviewStage(ResponseModel):
    """The progress of one approval stage."""

    name: str
    """The name of the stage."""
    required: int
    """The number of approvals required."""
    approvals: list[Approval]
    """The approvals that count in this stage."""
    satisfied: bool
    """Whether all rules of the stage are satisfied."""

    @classmethod
    def from_domain(cls, progress: StageProgress) -> Self:
        """Map the progress of a domain stage to its response."""
        return cls(
            name=progress.stage.name,
            required=progress.stage.required,
            approvals=[
                Approval(actor=approval.actor, at=approval.at, note=approval.note)
                for approval in progress.approvals
            ],
            satisfied=progress.satisfied,
        )


class WaivedReview(ResponseModel):
    """The policy version that let a production deployment start without a human's approval."""

    policy_version: int
    """The version of the policy that waived the review."""
    set_by: str
    """Who set this version of the policy."""
    set_at: Instant
    """When this version of the policy was set."""


class Review(ResponseModel):
    """The progress of the review that the deployment's policy version requires."""

    label: str
    """The label of the review: `requested`; `approved_by_<stage>` for the stage satisfied most
    recently; `approved_by_policy` if the policy requires no approval; `break_glass` if approval was
    bypassed; `rejected`; `executed` once the deployment has succeeded, even if it was rolled back
    later."""
    stages: list[ReviewStage]
    """The stages in order. A stage opens when the previous one is satisfied."""
    digest: str
    """The SHA-256 digest of everything that a reviewer approves. Approvals are bound to it."""
    policy_version: int
    """The version of the policy under which the deployment was requested."""
    waived: WaivedReview | None
    """The policy that waived the review, if the deployment started without a human's approval and
    the environment's tier was `production` when the deployment started or at any earlier time. Null
    otherwise, and after break-glass."""

    @classmethod
    def from_domain(cls, deployment: Deployment, policy: PolicyVersion) -> Self:
        """Map the review of a domain deployment under its policy to its response."""
        digest = consent_digest(deployment)
        progress = review_progress(deployment, policy.policy, digest=digest)
        return cls(
            label=review_label(deployment),
            stages=[ReviewStage.from_domain(stage) for stage in progress.stages],
            digest=digest,
            policy_version=deployment.policy_version,
            waived=_waived(deployment, policy),
        )


def _waived(deployment: Deployment, policy: PolicyVersion) -> WaivedReview | None:
    if not has_waived_production_review(deployment):
        return None
    return WaivedReview(
        policy_version=policy.version, set_by=policy.created_by, set_at=policy.created_at
    )
