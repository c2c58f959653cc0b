"""The deployment, a single object from request to outcome, and its creation rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import TriggeringPerson
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.allowed_characters import is_blank
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.emergency_record import AfterReview, BreakGlass, Override
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.status_transitions import CancelReason, Status
from gatepost_domain.verification.event_hash import canonical_json

MAX_WORK_REFERENCES: Final = 20
MAX_REFERENCE_DIGITS: Final = 18
"""The maximum number of digits in a reference, so that it fits into a signed 64-bit integer."""

DeploymentReference = UUID | int
"""A deployment's id, or its number: 42 in `DEP-42`."""


def format_number(number: int) -> str:
    """Return a deployment number as it is displayed, such as `DEP-42`."""
    return f"DEP-{number}"


def parse_reference(text: str) -> DeploymentReference | None:
    """Parse an id, `DEP-42` or `42`; return None for anything else."""
    digits = text[4:] if text[:4].upper() == "DEP-" else text
    if digits.isascii() and digits.isdigit() and len(digits) <= MAX_REFERENCE_DIGITS:
        return int(digits)
    try:
        deployment_id = UUID(text)
    except ValueError:
        return None
    # UUID() also accepts other spellings.
    return deployment_id if str(deployment_id) == text.lower() else None


class DeploymentKind(StrEnum):
    """How a deployment was created."""

    REQUEST = "request"
    """Requested by a person or program."""
    PROMOTION = "promotion"
    """Requested in another environment after the same version succeeded in an earlier one."""
    ROLLBACK = "rollback"
    """Redeploys the last known good version."""
    RECORD = "record"
    """Deployed elsewhere and recorded in Gatepost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """Why a reviewer is not independent of another person behind the deployment."""

    reviewer: str
    of: str
    """The requester, an earlier reviewer, or the person who used break-glass."""
    through: tuple[str, ...]
    """The normalized names of people who could have acted both as the reviewer and as the other
    person; they can include one of these two."""
    by: Means
    """How these people became able to act as both."""

    def to_event_data(self) -> dict[str, object]:
        """Return the dependence as it is recorded in event data."""
        through = list(self.through)
        return {"reviewer": self.reviewer, "of": self.of, "through": through, "by": self.by}


@dataclass(frozen=True, slots=True, kw_only=True)
class Independence:
    """The permanent mark on a deployment whose reviewers were not all independent."""

    dependent: tuple[Dependence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One reviewer's approval of exactly what was requested."""

    stage: str
    actor: str
    at: datetime
    note: str | None
    digest: str
    """The `consent_digest` of what the reviewer approved."""
    rules: tuple[int, ...]
    """The positions of the stage's rules that accepted the reviewer at that instant."""
    identity: Identity
    """The identity of the person who approved."""
    dependencies: tuple[Dependence, ...] = ()
    """The reviewer's dependences on other people at the time of approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HideDecision:
    """Who hid a record as wrong, and why; a hidden record never counts as live."""

    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedAutoPromotion:
    """Why an automatic promotion was not possible."""

    environment: str
    """The environment to which the deployment would have been promoted."""
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRequest:
    """The content of a request, which never changes afterwards."""

    service: str
    environment: str
    version: str
    work_references: tuple[str, ...]
    """The issues, pull requests and other planned work that the deployment delivers."""
    rollback_plan: str
    risk: str | None = None
    notes: str | None = None
    auto_start: bool | None = None
    """Whether it starts automatically once approved; None to use the policy's setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment at its current revision."""

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
    """The people behind the request: the requester and anyone who acted for them."""
    triggered_by: str | None = None
    """Who triggered the pipeline that requested it: a user's name or, if the reported name belonged
    to no user's login, that name. None if no pipeline requested it, or if the pipeline reported no
    name."""
    unmapped_issuer: str | None = None
    """The issuer that reported `triggered_by`; None if a user had a login with this issuer and
    name."""
    work_references: tuple[str, ...]
    risk: str | None
    rollback_plan: str
    notes: str | None
    policy_version: int
    """The version of the policy that was in force when the deployment was created."""
    target_version: int | None = None
    """The revision of the target's settings when the deployment was created; the rollout uses these
    settings. None if the target was not configured, or if an older version of Gatepost created the
    deployment."""
    target_digest: str | None = None
    """The `settings_digest` of these settings."""
    target_set_at: datetime | None = None
    """When these settings were set."""
    auto_start: bool
    """Whether it starts automatically once it is approved and its gates are open."""
    created_at: datetime
    promoted_from: UUID | None = None
    """The deployment to an earlier environment that was promoted to create this one."""
    automatic: bool = False
    """Whether a policy requested it automatically, rather than a person."""
    rolls_back: UUID | None = None
    """The deployment that this one rolls back."""
    revision: int
    """Starts at 1 and increases with every change."""
    status: Status
    cancel_reason: CancelReason | None = None
    superseded_by: UUID | None = None
    """The newer deployment that superseded it, if it was superseded."""
    approvals: tuple[Approval, ...] = ()
    """The approvals, in the order in which they were given."""
    independence: Independence | None = None
    """The reviewers who were not independent, and why; None if all were independent."""
    approved_stage: str | None = None
    """The last stage in the review whose approvals are complete."""
    overrides: tuple[Override, ...] = ()
    """The overrides, in the order in which they were made."""
    break_glass: BreakGlass | None = None
    after_review: AfterReview | None = None
    promotion_blocked: BlockedAutoPromotion | None = None
    rolled_back_by: UUID | None = None
    """The deployment that redeployed the last known good version in its place, if any."""
    expires_at: datetime | None = None
    """When it is cancelled if it is still waiting by then; None if it never expires."""
    reviewed_by: str | None = None
    """Who gave the deciding approval or the rejection; `status` shows which it was."""
    reviewed_at: datetime | None = None
    build_id: UUID | None = None
    """Identifies the rollout; created when it is queued or started. All attempts share it."""
    attempt: int = 0
    worker: str | None = None
    approved_at: datetime | None = None
    queued_at: datetime | None = None
    started_at: datetime | None = None
    started_in_production: bool | None = None
    """True if the environment had the tier `production` when the rollout started, or at any earlier
    time; None otherwise, or if an older version of Gatepost started the rollout."""
    finished_at: datetime | None = None
    deployed_at: datetime | None = None
    """When the version went live: when the deployment succeeded, or the time that was recorded."""
    deployed_by: str | None = None
    """Who started it or, for a record, the recorded name; None for a record without one."""
    rolled_back_at: datetime | None = None
    external_id: str | None = None
    """A record's id in its system of origin; unique among the records in its lane."""
    unreviewed: bool = False
    """Whether it is a record in an environment whose policy requires approval, or a rollback in
    such an environment to a version that was never reviewed."""
    recorded_rollback: bool | None = None
    """True if its source reported that this recorded deployment rolled back another one; None
    otherwise."""
    import_seq: int | None = None
    """The `seq` of the import's event, if it was imported."""
    hidden: HideDecision | None = None
    trigger_mapped_to: Identity | None = None
    """Who now has the login that the pipeline reported, if no user had it when the deployment was
    requested. Not stored, but looked up before every review (`actions.deployments.lookup`)."""
    former_triggers: tuple[Identity, ...] = ()
    """Former holders of that login. Not stored, but looked up in the same way."""
    current_name_by_key: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """Maps user keys to current names, for users who had a different name in an older release; used
    in messages. Not stored, but looked up in the same way."""

    @property
    def trigger(self) -> TriggeringPerson | None:
        """Who triggered the pipeline that requested the deployment; None if that is unknown."""
        if self.triggered_by is None:
            return None
        return TriggeringPerson(name=self.triggered_by, unmapped_issuer=self.unmapped_issuer)


def consent_digest(deployment: Deployment) -> str:
    """Return the SHA-256 digest of everything a reviewer approves.

    The target's fields are left out if the deployment keeps no settings of a target, so that
    digests from older versions of Gatepost stay valid.
    """
    return _digest_of(
        service=deployment.service,
        environment=deployment.environment,
        version=deployment.version,
        artifact_digest=deployment.artifact_digest,
        risk=deployment.risk,
        rollback_plan=deployment.rollback_plan,
        work_references=deployment.work_references,
        policy_version=deployment.policy_version,
        **(
            {}
            if deployment.target_version is None
            else {
                "target_version": deployment.target_version,
                "target_digest": deployment.target_digest,
            }
        ),
    )


@lru_cache(maxsize=1024)
def _digest_of(**fields: object) -> str:
    """Return the digest of these fields; it is cached because it is needed several times."""
    return hashlib.sha256(canonical_json(fields)).hexdigest()


def validate_request(request: DeploymentRequest, tier: Tier) -> None:
    """Check the creation rules, which apply only when a deployment is created.

    Raises:
        ValidationFailed: the request breaks rules; the error lists all of them.
    """
    errors = [
        FieldError(field=name, code=f"{name}_required", detail=f"A deployment needs {description}.")
        for name, description, value in (
            ("service", "a service", request.service),
            ("environment", "an environment", request.environment),
            ("version", "a version", request.version),
            ("rollback_plan", "a rollback plan", request.rollback_plan),
        )
        if is_blank(value)
    ]
    if not 1 <= len(request.work_references) <= MAX_WORK_REFERENCES:
        errors.append(
            FieldError(
                field="work_references",
                code="work_references_required",
                detail=f"A deployment needs 1 to {MAX_WORK_REFERENCES} work references.",
            )
        )
    errors += (
        FieldError(
            field=f"work_references/{index}",
            code="work_reference_blank",
            detail="A work reference must not be blank.",
        )
        for index, reference in enumerate(request.work_references)
        if is_blank(reference)
    )
    if tier is Tier.PRODUCTION and is_blank(request.risk):
        errors.append(
            FieldError(
                field="risk",
                code="risk_required",
                detail=f"{request.environment} is a production environment; risk notes are "
                "required.",
            )
        )
    if errors:
        raise ValidationFailed(*errors)
