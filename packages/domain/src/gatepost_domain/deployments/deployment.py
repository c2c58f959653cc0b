"""The deployment: the one record from request to outcome, and the rules for asking for one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.emergency import AfterReview, BreakGlass, Override
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import canonical_json
from gatepost_domain.status import CancelReason, Status

MAX_WORK_REFERENCES: Final = 20
MAX_REFERENCE_DIGITS: Final = 18
"""What a signed 64-bit integer holds for certain."""

DeploymentReference = UUID | int
"""How a deployment is addressed: by its id, or by the number in `DEP-42`."""


def format_number(number: int) -> str:
    """A deployment's number as people say it: `DEP-42`."""
    return f"DEP-{number}"


def parse_reference(text: str) -> DeploymentReference | None:
    """Read an id, a `DEP-42` or a bare `42`; none if it is none of these."""
    digits = text[4:] if text[:4].upper() == "DEP-" else text
    if digits.isascii() and digits.isdigit() and len(digits) <= MAX_REFERENCE_DIGITS:
        return int(digits)
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None  # UUID() also reads other spellings


class DeploymentKind(StrEnum):
    """Where a deployment came from."""

    REQUEST = "request"
    """Somebody asked for it here."""
    PROMOTION = "promotion"
    """It was asked for because the same version did well in an earlier environment."""
    ROLLBACK = "rollback"
    """It redeploys the last version known to be good."""
    RECORD = "record"
    """It happened elsewhere and was told afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One reviewer's yes to exactly what was asked."""

    stage: str
    actor: str
    at: datetime
    note: str | None
    digest: str
    """The `consent_digest` the deployment that the reviewer consented to."""
    rules: tuple[int, ...]
    """Which rules of the stage, by position, the reviewer was eligible for at that instant."""
    identity: Identity
    """Which human consented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HideDecision:
    """Why a record is taken for an error: it is still told, but it never stood anywhere."""

    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedPromotion:
    """Why what should have been promoted by itself was not."""

    environment: str
    """Where it should have gone."""
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRequest:
    """What a requester asks for. None of it ever changes afterwards."""

    service: str
    environment: str
    version: str
    work_references: tuple[str, ...]
    """Issues, pull requests and the like: what planned work this carries out."""
    rollback_plan: str
    risk: str | None = None
    notes: str | None = None
    auto_start: bool | None = None
    """Whether to start by itself once approved; none leaves it to the policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment as it stands."""

    id: UUID
    number: int
    kind: DeploymentKind
    service: str
    environment: str
    tier: Tier
    version: str
    artifact_digest: str | None
    requester: str
    on_behalf_of: str | None
    identities: tuple[Identity, ...]
    """Which humans asked: the requester and, where another spoke for them, that one too."""
    work_references: tuple[str, ...]
    risk: str | None
    rollback_plan: str
    notes: str | None
    policy_version: int
    """The version of the environment's policy that was in force when it was asked for."""
    auto_start: bool
    created_at: datetime
    promoted_from: UUID | None = None
    """The deployment of the same version, in an earlier environment, that this one follows."""
    automatic: bool = False
    """Whether a policy asked for it, and not a person."""
    rolls_back: UUID | None = None
    """The deployment that this one undoes."""
    revision: int
    """Counts its changes from 1."""
    status: Status
    cancel_reason: CancelReason | None = None
    superseded_by: UUID | None = None
    """The newer deployment that went ahead and ended it, where one did."""
    approvals: tuple[Approval, ...] = ()
    """In the order given."""
    overrides: tuple[Override, ...] = ()
    """In the order given."""
    break_glass: BreakGlass | None = None
    after_review: AfterReview | None = None
    promotion_blocked: BlockedPromotion | None = None
    rolled_back_by: UUID | None = None
    """The deployment that redeployed what stood before, where one did."""
    expires_at: datetime | None = None
    """When it is cancelled if it still waits; none where its policy waits for ever."""
    reviewed_by: str | None = None
    """Who gave the deciding review, whichever way it went; `status` says which."""
    reviewed_at: datetime | None = None
    build_id: UUID | None = None
    """One per hand-over to the workers, whatever the number of attempts."""
    attempt: int = 0
    worker: str | None = None
    approved_at: datetime | None = None
    queued_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    deployed_at: datetime | None = None
    """When the version stood in the environment: the instant it succeeded, or is said to have."""
    deployed_by: str | None = None
    """Who carried it out: whoever started it, or is said to have; none where nobody told."""
    rolled_back_at: datetime | None = None
    external_id: str | None = None
    """What a record is known by where it comes from; no two records share one."""
    unreviewed: bool = False
    """Whether it is a record from an environment whose policy would have asked for a review, or a
    rollback to what only such a record tells of."""
    import_seq: int | None = None
    """The event of the import that brought it, where one did."""
    hidden: HideDecision | None = None


def consent_digest(deployment: Deployment) -> str:
    """What an approval binds to: SHA-256 of everything a reviewer consents to."""
    return hashlib.sha256(
        canonical_json(
            {
                "service": deployment.service,
                "environment": deployment.environment,
                "version": deployment.version,
                "artifact_digest": deployment.artifact_digest,
                "risk": deployment.risk,
                "rollback_plan": deployment.rollback_plan,
                "work_references": deployment.work_references,
                "policy_version": deployment.policy_version,
            }
        )
    ).hexdigest()


def validate_request(request: DeploymentRequest, tier: Tier) -> None:
    """Apply the creation rules; they are checked now and never again.

    Raises:
        Invalid: naming every rule that the request breaks.
    """
    faults = [
        FieldError(field=name, code=f"{name}_required", detail=f"A deployment needs {what}.")
        for name, what, given in (
            ("service", "a service", request.service),
            ("environment", "an environment", request.environment),
            ("version", "a version", request.version),
            ("rollback_plan", "a rollback plan: how to go back", request.rollback_plan),
        )
        if not given.strip()
    ]
    if not 1 <= len(request.work_references) <= MAX_WORK_REFERENCES:
        faults.append(
            FieldError(
                field="work_references",
                code="work_references_required",
                detail=f"A deployment needs 1 to {MAX_WORK_REFERENCES} work references.",
            )
        )
    faults += (
        FieldError(
            field=f"work_references/{index}",
            code="work_reference_blank",
            detail="A work reference says what work is carried out; this one is blank.",
        )
        for index, reference in enumerate(request.work_references)
        if not reference.strip()
    )
    if tier is Tier.PRODUCTION and not (request.risk or "").strip():
        faults.append(
            FieldError(
                field="risk",
                code="risk_required",
                detail=f"{request.environment} is a production environment: "
                "say what risk is taken, in risk.",
            )
        )
    if faults:
        raise ValidationFailed(*faults)
