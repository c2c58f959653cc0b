"""Mapping between rows and deployments.

Every column of the table holds the field of `Deployment` with the same name, except the columns for
`hidden` and `after_review`. A column whose stored form differs from the field's value has a codec.
New text or integer columns need no change here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from gatepost_domain.access.actor import ResponsibleHumans
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    Approval,
    BlockedAutoPromotion,
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
    BOOLEAN_CODEC,
    INSTANT_CODEC,
    UUID_CODEC,
    Codec,
    RowValues,
    enum_codec,
    format_optional_instant,
    json_codec,
    parse_instant,
    parse_optional_instant,
)
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS, DeploymentRow

_CODECS: Final[Mapping[str, Codec]] = {
    "id": UUID_CODEC,
    "kind": enum_codec(DeploymentKind),
    "tier": enum_codec(Tier),
    "identities": json_codec(tuple[ResponsibleHumans, ...]),
    "work_references": json_codec(tuple[str, ...]),
    "auto_start": BOOLEAN_CODEC,
    "created_at": INSTANT_CODEC,
    "promoted_from": UUID_CODEC,
    "automatic": BOOLEAN_CODEC,
    "rolls_back": UUID_CODEC,
    "status": enum_codec(Status),
    "cancel_reason": enum_codec(CancelReason),
    "superseded_by": UUID_CODEC,
    "approvals": json_codec(tuple[Approval, ...]),
    "overrides": json_codec(tuple[Override, ...]),
    "break_glass": json_codec(BreakGlass),
    "promotion_blocked": json_codec(BlockedAutoPromotion),
    "rolled_back_by": UUID_CODEC,
    "expires_at": INSTANT_CODEC,
    "reviewed_at": INSTANT_CODEC,
    "build_id": UUID_CODEC,
    "approved_at": INSTANT_CODEC,
    "queued_at": INSTANT_CODEC,
    "started_at": INSTANT_CODEC,
    "finished_at": INSTANT_CODEC,
    "deployed_at": INSTANT_CODEC,
    "rolled_back_at": INSTANT_CODEC,
    "unreviewed": BOOLEAN_CODEC,
}
_ENCODERS: Final = {name: codec.encode for name, codec in _CODECS.items()}
_DECODERS: Final = tuple((name, codec.decode) for name, codec in _CODECS.items())

_COLUMNS: Final = tuple(column.name for column in DeploymentRow.table().columns)
_NOT_FIELDS: Final = tuple(
    column.name
    for column in DeploymentRow.table().columns
    if column.computed is not None or column.name.startswith(("hidden_", "after_review_"))
)
_MUTABLE: Final = tuple(
    name for name in _COLUMNS if name not in {*IMMUTABLE_DEPLOYMENT_COLUMNS, *_NOT_FIELDS}
)


def deployment_to_row(deployment: Deployment) -> RowValues:
    return {
        **_encode_fields(deployment, IMMUTABLE_DEPLOYMENT_COLUMNS),
        **deployment_mutable_values(deployment),
    }


def deployment_mutable_values(deployment: Deployment) -> RowValues:
    """Return the columns that an update may change."""
    return {
        **_encode_fields(deployment, _MUTABLE),
        **_after_review_to_row(deployment.after_review),
        **_hidden_to_row(deployment.hidden),
    }


def _encode_fields(deployment: Deployment, names: Iterable[str]) -> RowValues:
    values: RowValues = {}
    for name in names:
        value, encode = getattr(deployment, name), _ENCODERS.get(name)
        values[name] = value if value is None or encode is None else encode(value)
    return values


def _after_review_to_row(review: AfterReview | None) -> RowValues:
    return {
        "after_review_state": None if review is None else review.state,
        "after_review_due_at": None if review is None else to_rfc3339(review.due_at),
        "after_review_verdict": None if review is None else review.verdict,
        "after_review_closed_by": None if review is None else review.closed_by,
        "after_review_closed_at": None
        if review is None
        else format_optional_instant(review.closed_at),
        "after_review_note": None if review is None else review.note,
    }


def _hidden_to_row(hidden: HideDecision | None) -> RowValues:
    return {
        "hidden_at": None if hidden is None else to_rfc3339(hidden.at),
        "hidden_by": None if hidden is None else hidden.actor,
        "hidden_reason": None if hidden is None else hidden.reason,
    }


def deployment_from_row(row: Sequence[Any]) -> Deployment:
    """Return the deployment of a row with all columns of the table, in their order.

    Columns are read by position, which takes half the time of reading them by name.
    """
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    for name, decode in _DECODERS:
        if (value := values[name]) is not None:
            values[name] = decode(value)
    after_review, hidden = _after_review_from_row(values), _hidden_from_row(values)
    for name in _NOT_FIELDS:
        del values[name]
    return Deployment(**values, after_review=after_review, hidden=hidden)


def _after_review_from_row(values: Mapping[str, Any]) -> AfterReview | None:
    if values["after_review_state"] is None:
        return None
    verdict = values["after_review_verdict"]
    return AfterReview(
        state=AfterReviewState(values["after_review_state"]),
        due_at=parse_instant(values["after_review_due_at"]),
        verdict=None if verdict is None else Verdict(verdict),
        closed_by=values["after_review_closed_by"],
        closed_at=parse_optional_instant(values["after_review_closed_at"]),
        note=values["after_review_note"],
    )


def _hidden_from_row(values: Mapping[str, Any]) -> HideDecision | None:
    if values["hidden_at"] is None:
        return None
    return HideDecision(
        actor=values["hidden_by"],
        at=parse_instant(values["hidden_at"]),
        reason=values["hidden_reason"],
    )
