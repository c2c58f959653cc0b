"""Between the rows of deployments and the deployments themselves, both ways."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from gatepost_domain.access.actor import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    Approval,
    BlockedPromotion,
    Deployment,
    DeploymentKind,
    HideDecision,
)
from gatepost_domain.deployments.emergency import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.event import to_rfc3339
from gatepost_domain.status import CancelReason, Status
from gatepost_persistence.mapping.values import (
    RowValues,
    encode_json,
    encode_optional_json,
    format_optional_utc,
    format_optional_uuid,
    parse_instant,
    parse_optional_instant,
    parse_optional_uuid,
)

_approvals_decoder = msgspec.json.Decoder(tuple[Approval, ...])
_break_glass_decoder = msgspec.json.Decoder(BreakGlass)
_identities_decoder = msgspec.json.Decoder(tuple[Identity, ...])
_overrides_decoder = msgspec.json.Decoder(tuple[Override, ...])
_promotion_blocked_decoder = msgspec.json.Decoder(BlockedPromotion)
_texts_decoder = msgspec.json.Decoder(tuple[str, ...])


def deployment_to_row(deployment: Deployment) -> RowValues:
    return {
        "number": deployment.number,
        "id": str(deployment.id),
        "kind": deployment.kind,
        "service": deployment.service,
        "environment": deployment.environment,
        "tier": deployment.tier,
        "version": deployment.version,
        "artifact_digest": deployment.artifact_digest,
        "requester": deployment.requester,
        "on_behalf_of": deployment.on_behalf_of,
        "identities": encode_json(deployment.identities),
        "work_references": encode_json(deployment.work_references),
        "risk": deployment.risk,
        "rollback_plan": deployment.rollback_plan,
        "notes": deployment.notes,
        "policy_version": deployment.policy_version,
        "auto_start": deployment.auto_start,
        "created_at": to_rfc3339(deployment.created_at),
        "promoted_from": format_optional_uuid(deployment.promoted_from),
        "automatic": deployment.automatic,
        "rolls_back": format_optional_uuid(deployment.rolls_back),
        "external_id": deployment.external_id,
        "unreviewed": deployment.unreviewed,
        "import_seq": deployment.import_seq,
        **deployment_mutable_values(deployment),
    }


def deployment_mutable_values(deployment: Deployment) -> RowValues:
    """What a move may change; the rest stands as it was asked for."""
    hidden = deployment.hidden
    return {
        "revision": deployment.revision,
        "status": deployment.status,
        "cancel_reason": deployment.cancel_reason,
        "superseded_by": format_optional_uuid(deployment.superseded_by),
        "approvals": encode_json(deployment.approvals),
        "overrides": encode_json(deployment.overrides),
        "break_glass": encode_optional_json(deployment.break_glass),
        **_after_review_to_row(deployment.after_review),
        "promotion_blocked": encode_optional_json(deployment.promotion_blocked),
        "rolled_back_by": format_optional_uuid(deployment.rolled_back_by),
        "expires_at": format_optional_utc(deployment.expires_at),
        "reviewed_by": deployment.reviewed_by,
        "reviewed_at": format_optional_utc(deployment.reviewed_at),
        "build_id": format_optional_uuid(deployment.build_id),
        "attempt": deployment.attempt,
        "worker": deployment.worker,
        "approved_at": format_optional_utc(deployment.approved_at),
        "queued_at": format_optional_utc(deployment.queued_at),
        "started_at": format_optional_utc(deployment.started_at),
        "finished_at": format_optional_utc(deployment.finished_at),
        "deployed_at": format_optional_utc(deployment.deployed_at),
        "deployed_by": deployment.deployed_by,
        "rolled_back_at": format_optional_utc(deployment.rolled_back_at),
        "hidden_at": None if hidden is None else to_rfc3339(hidden.at),
        "hidden_by": None if hidden is None else hidden.actor,
        "hidden_reason": None if hidden is None else hidden.reason,
    }


def _after_review_to_row(review: AfterReview | None) -> RowValues:
    return {
        "after_review_state": None if review is None else review.state,
        "after_review_due_at": None if review is None else to_rfc3339(review.due_at),
        "after_review_verdict": None if review is None else review.verdict,
        "after_review_closed_by": None if review is None else review.closed_by,
        "after_review_closed_at": None if review is None else format_optional_utc(review.closed_at),
        "after_review_note": None if review is None else review.note,
    }


def deployment_from_row(row: Any) -> Deployment:
    return Deployment(
        id=UUID(row.id),
        number=row.number,
        kind=DeploymentKind(row.kind),
        service=row.service,
        environment=row.environment,
        tier=Tier(row.tier),
        version=row.version,
        artifact_digest=row.artifact_digest,
        requester=row.requester,
        on_behalf_of=row.on_behalf_of,
        identities=_identities_decoder.decode(row.identities),
        work_references=_texts_decoder.decode(row.work_references),
        risk=row.risk,
        rollback_plan=row.rollback_plan,
        notes=row.notes,
        policy_version=row.policy_version,
        auto_start=bool(row.auto_start),
        created_at=parse_instant(row.created_at),
        promoted_from=parse_optional_uuid(row.promoted_from),
        automatic=bool(row.automatic),
        rolls_back=parse_optional_uuid(row.rolls_back),
        revision=row.revision,
        status=Status(row.status),
        cancel_reason=None if row.cancel_reason is None else CancelReason(row.cancel_reason),
        superseded_by=parse_optional_uuid(row.superseded_by),
        approvals=_approvals_decoder.decode(row.approvals),
        overrides=_overrides_decoder.decode(row.overrides),
        break_glass=None
        if row.break_glass is None
        else _break_glass_decoder.decode(row.break_glass),
        after_review=_after_review_from_row(row),
        promotion_blocked=None
        if row.promotion_blocked is None
        else _promotion_blocked_decoder.decode(row.promotion_blocked),
        rolled_back_by=parse_optional_uuid(row.rolled_back_by),
        expires_at=parse_optional_instant(row.expires_at),
        reviewed_by=row.reviewed_by,
        reviewed_at=parse_optional_instant(row.reviewed_at),
        build_id=parse_optional_uuid(row.build_id),
        attempt=row.attempt,
        worker=row.worker,
        approved_at=parse_optional_instant(row.approved_at),
        queued_at=parse_optional_instant(row.queued_at),
        started_at=parse_optional_instant(row.started_at),
        finished_at=parse_optional_instant(row.finished_at),
        deployed_at=parse_optional_instant(row.deployed_at),
        deployed_by=row.deployed_by,
        rolled_back_at=parse_optional_instant(row.rolled_back_at),
        external_id=row.external_id,
        unreviewed=bool(row.unreviewed),
        import_seq=row.import_seq,
        hidden=_hiding_from_row(row),
    )


def _after_review_from_row(row: Any) -> AfterReview | None:
    if row.after_review_state is None:
        return None
    verdict = row.after_review_verdict
    return AfterReview(
        state=AfterReviewState(row.after_review_state),
        due_at=parse_instant(row.after_review_due_at),
        verdict=None if verdict is None else Verdict(verdict),
        closed_by=row.after_review_closed_by,
        closed_at=parse_optional_instant(row.after_review_closed_at),
        note=row.after_review_note,
    )


def _hiding_from_row(row: Any) -> HideDecision | None:
    if row.hidden_at is None:
        return None
    return HideDecision(
        actor=row.hidden_by, at=parse_instant(row.hidden_at), reason=row.hidden_reason
    )
