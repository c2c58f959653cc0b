"""Between the rows of deployments and the deployments themselves, both ways."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from gatepost_domain.access.actor import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    Approval,
    Deployment,
    Hiding,
    Kind,
    PromotionBlocked,
)
from gatepost_domain.deployments.emergency import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.event import utc_text
from gatepost_domain.status import CancelReason, Status
from gatepost_persistence.mapping.values import (
    Values,
    id_or_none,
    instant,
    instant_or_none,
    json_or_none,
    json_text,
    utc_or_none,
    uuid_or_none,
)

_approvals = msgspec.json.Decoder(tuple[Approval, ...])
_break_glass = msgspec.json.Decoder(BreakGlass)
_identities = msgspec.json.Decoder(tuple[Identity, ...])
_overrides = msgspec.json.Decoder(tuple[Override, ...])
_promotion_blocked = msgspec.json.Decoder(PromotionBlocked)
_texts = msgspec.json.Decoder(tuple[str, ...])


def deployment_values(deployment: Deployment) -> Values:
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
        "identities": json_text(deployment.identities),
        "work_references": json_text(deployment.work_references),
        "risk": deployment.risk,
        "rollback_plan": deployment.rollback_plan,
        "notes": deployment.notes,
        "policy_version": deployment.policy_version,
        "auto_start": deployment.auto_start,
        "created_at": utc_text(deployment.created_at),
        "promoted_from": id_or_none(deployment.promoted_from),
        "automatic": deployment.automatic,
        "rolls_back": id_or_none(deployment.rolls_back),
        "external_id": deployment.external_id,
        "unreviewed": deployment.unreviewed,
        "import_seq": deployment.import_seq,
        **changing_values(deployment),
    }


def changing_values(deployment: Deployment) -> Values:
    """What a move may change; the rest stands as it was asked for."""
    hidden = deployment.hidden
    return {
        "revision": deployment.revision,
        "status": deployment.status,
        "cancel_reason": deployment.cancel_reason,
        "superseded_by": id_or_none(deployment.superseded_by),
        "approvals": json_text(deployment.approvals),
        "overrides": json_text(deployment.overrides),
        "break_glass": json_or_none(deployment.break_glass),
        **_after_review_values(deployment.after_review),
        "promotion_blocked": json_or_none(deployment.promotion_blocked),
        "rolled_back_by": id_or_none(deployment.rolled_back_by),
        "expires_at": utc_or_none(deployment.expires_at),
        "reviewed_by": deployment.reviewed_by,
        "reviewed_at": utc_or_none(deployment.reviewed_at),
        "build_id": id_or_none(deployment.build_id),
        "attempt": deployment.attempt,
        "worker": deployment.worker,
        "approved_at": utc_or_none(deployment.approved_at),
        "queued_at": utc_or_none(deployment.queued_at),
        "started_at": utc_or_none(deployment.started_at),
        "finished_at": utc_or_none(deployment.finished_at),
        "deployed_at": utc_or_none(deployment.deployed_at),
        "deployed_by": deployment.deployed_by,
        "rolled_back_at": utc_or_none(deployment.rolled_back_at),
        "hidden_at": None if hidden is None else utc_text(hidden.at),
        "hidden_by": None if hidden is None else hidden.actor,
        "hidden_reason": None if hidden is None else hidden.reason,
    }


def _after_review_values(review: AfterReview | None) -> Values:
    return {
        "after_review_state": None if review is None else review.state,
        "after_review_due_at": None if review is None else utc_text(review.due_at),
        "after_review_verdict": None if review is None else review.verdict,
        "after_review_closed_by": None if review is None else review.closed_by,
        "after_review_closed_at": None if review is None else utc_or_none(review.closed_at),
        "after_review_note": None if review is None else review.note,
    }


def deployment_of(row: Any) -> Deployment:
    return Deployment(
        id=UUID(row.id),
        number=row.number,
        kind=Kind(row.kind),
        service=row.service,
        environment=row.environment,
        tier=Tier(row.tier),
        version=row.version,
        artifact_digest=row.artifact_digest,
        requester=row.requester,
        on_behalf_of=row.on_behalf_of,
        identities=_identities.decode(row.identities),
        work_references=_texts.decode(row.work_references),
        risk=row.risk,
        rollback_plan=row.rollback_plan,
        notes=row.notes,
        policy_version=row.policy_version,
        auto_start=bool(row.auto_start),
        created_at=instant(row.created_at),
        promoted_from=uuid_or_none(row.promoted_from),
        automatic=bool(row.automatic),
        rolls_back=uuid_or_none(row.rolls_back),
        revision=row.revision,
        status=Status(row.status),
        cancel_reason=None if row.cancel_reason is None else CancelReason(row.cancel_reason),
        superseded_by=uuid_or_none(row.superseded_by),
        approvals=_approvals.decode(row.approvals),
        overrides=_overrides.decode(row.overrides),
        break_glass=None if row.break_glass is None else _break_glass.decode(row.break_glass),
        after_review=_after_review_of(row),
        promotion_blocked=None
        if row.promotion_blocked is None
        else _promotion_blocked.decode(row.promotion_blocked),
        rolled_back_by=uuid_or_none(row.rolled_back_by),
        expires_at=instant_or_none(row.expires_at),
        reviewed_by=row.reviewed_by,
        reviewed_at=instant_or_none(row.reviewed_at),
        build_id=uuid_or_none(row.build_id),
        attempt=row.attempt,
        worker=row.worker,
        approved_at=instant_or_none(row.approved_at),
        queued_at=instant_or_none(row.queued_at),
        started_at=instant_or_none(row.started_at),
        finished_at=instant_or_none(row.finished_at),
        deployed_at=instant_or_none(row.deployed_at),
        deployed_by=row.deployed_by,
        rolled_back_at=instant_or_none(row.rolled_back_at),
        external_id=row.external_id,
        unreviewed=bool(row.unreviewed),
        import_seq=row.import_seq,
        hidden=_hiding_of(row),
    )


def _after_review_of(row: Any) -> AfterReview | None:
    if row.after_review_state is None:
        return None
    verdict = row.after_review_verdict
    return AfterReview(
        state=AfterReviewState(row.after_review_state),
        due_at=instant(row.after_review_due_at),
        verdict=None if verdict is None else Verdict(verdict),
        closed_by=row.after_review_closed_by,
        closed_at=instant_or_none(row.after_review_closed_at),
        note=row.after_review_note,
    )


def _hiding_of(row: Any) -> Hiding | None:
    if row.hidden_at is None:
        return None
    return Hiding(actor=row.hidden_by, at=instant(row.hidden_at), reason=row.hidden_reason)
