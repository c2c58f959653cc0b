"""Mapping between rows and deployments.

Every column of the table holds the field of `Deployment` with the same name, except the columns for
`hidden` and `after_review`. New columns need no change here, unless they hold JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    BlockedAutoPromotion,
    Deployment,
    DeploymentKind,
    HideDecision,
    Independence,
)
from gatepost_domain.deployments.emergency_record import AfterReview, BreakGlass
from gatepost_domain.event import to_rfc3339
from gatepost_domain.status_transitions import CancelReason, Status
from gatepost_persistence.mapping.identity_json import upgrade_identity_json
from gatepost_persistence.mapping.values import RowValues, encode_json, format_optional_instant
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS, DeploymentRow

_ENCODERS: Final[Mapping[type, Callable[[Any], object]]] = {
    datetime: to_rfc3339,
    UUID: str,
    tuple: encode_json,
    Status: str.__str__,
    CancelReason: str.__str__,
    DeploymentKind: str.__str__,
    Tier: str.__str__,
    BreakGlass: encode_json,
    BlockedAutoPromotion: encode_json,
    Independence: encode_json,
}
"""Converts values that the driver rejects or binds slowly, by type: binding a string enum's member
takes ten times as long as binding plain text."""
_JSON_COLUMNS: Final = (
    "identities",
    "work_references",
    "approvals",
    "overrides",
    "break_glass",
    "independence",
    "promotion_blocked",
)

DEPLOYMENT_COLUMNS: Final = tuple(column.name for column in DeploymentRow.table().columns)
_NOT_FIELDS: Final = tuple(
    column.name
    for column in DeploymentRow.table().columns
    if column.computed is not None or column.name.startswith(("hidden_", "after_review_"))
)
_MUTABLE: Final = tuple(
    name for name in DEPLOYMENT_COLUMNS if name not in {*IMMUTABLE_DEPLOYMENT_COLUMNS, *_NOT_FIELDS}
)
_get_immutable: Final = attrgetter(*IMMUTABLE_DEPLOYMENT_COLUMNS)
_get_mutable: Final = attrgetter(*_MUTABLE)
_FIELD_TYPES: Final = get_type_hints(Deployment)


def _find_encoders(names: Iterable[str]) -> tuple[tuple[str, Callable[[Any], object]], ...]:
    """Return the names and encoders of the fields whose values must be converted."""
    found: list[tuple[str, Callable[[Any], object]]] = []
    for name in names:
        hint = _FIELD_TYPES[name]
        members = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        types = (get_origin(member) or member for member in members)
        found += ((name, _ENCODERS[member]) for member in types if member in _ENCODERS)
    return tuple(found)


_IMMUTABLE_ENCODERS: Final = _find_encoders(IMMUTABLE_DEPLOYMENT_COLUMNS)
_MUTABLE_ENCODERS: Final = _find_encoders(_MUTABLE)


def deployment_to_row(deployment: Deployment) -> RowValues:
    return {
        **_encode_fields(
            zip(IMMUTABLE_DEPLOYMENT_COLUMNS, _get_immutable(deployment), strict=True),
            _IMMUTABLE_ENCODERS,
        ),
        **deployment_mutable_values(deployment),
    }


def deployment_mutable_values(deployment: Deployment) -> RowValues:
    """Return the columns that an update of a deployment may change, with their new values."""
    return {
        **_encode_fields(
            zip(_MUTABLE, _get_mutable(deployment), strict=True),
            _MUTABLE_ENCODERS,
        ),
        **_after_review_to_row(deployment.after_review),
        **_hidden_to_row(deployment.hidden),
    }


def _encode_fields(
    fields: Iterable[tuple[str, object]],
    encoders: Iterable[tuple[str, Callable[[Any], object]]],
) -> RowValues:
    values: RowValues = dict(fields)
    for name, encode in encoders:
        value = values[name]
        if value is not None:
            values[name] = encode(value)
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
    """Return the deployment in a row that has all columns of the table, in table order.

    msgspec converts all values to the types of the fields in one step.
    """
    values: dict[str, Any] = dict(zip(DEPLOYMENT_COLUMNS, row, strict=True))
    for name in _JSON_COLUMNS:
        if (value := values[name]) is not None:
            values[name] = msgspec.json.decode(value)
    values["identities"] = [upgrade_identity_json(identity) for identity in values["identities"]]
    for holder in (*values["approvals"], values["break_glass"]):
        if holder is not None:
            holder["identity"] = upgrade_identity_json(holder["identity"])
    values["after_review"] = _after_review_from_row(values)
    values["hidden"] = _hidden_from_row(values)
    return msgspec.convert(values, Deployment, strict=False)


def _after_review_from_row(values: Mapping[str, Any]) -> RowValues | None:
    if values["after_review_state"] is None:
        return None
    return {
        "state": values["after_review_state"],
        "due_at": values["after_review_due_at"],
        "verdict": values["after_review_verdict"],
        "closed_by": values["after_review_closed_by"],
        "closed_at": values["after_review_closed_at"],
        "note": values["after_review_note"],
    }


def _hidden_from_row(values: Mapping[str, Any]) -> RowValues | None:
    if values["hidden_at"] is None:
        return None
    return {
        "at": values["hidden_at"],
        "actor": values["hidden_by"],
        "reason": values["hidden_reason"],
    }
