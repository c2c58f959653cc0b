"""Mapping between rows and settings changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import msgspec

from gatepost_domain.access.users import Account
from gatepost_domain.event import to_rfc3339
from gatepost_domain.settings_changes.proposal import (
    PROPOSAL_TYPES,
    Proposal,
    SettingsOperation,
    TargetReplacement,
    UserUpdate,
)
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState
from gatepost_persistence.mapping.catalog import target_settings_from_json, target_settings_to_json
from gatepost_persistence.mapping.identity_json import identity_from_json
from gatepost_persistence.mapping.values import (
    RowValues,
    decode_texts,
    encode_json,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)

_TYPES: Final[Mapping[SettingsOperation, type[Proposal]]] = {
    proposal.operation: proposal for proposal in PROPOSAL_TYPES
}
_decode_object: Final = msgspec.json.Decoder(dict[str, object]).decode


def settings_change_to_row(change: SettingsChange) -> RowValues:
    return {
        "id": str(change.id),
        "operation": change.proposal.operation,
        "proposal": _encode_proposal(change.proposal),
        "base_revision": change.base_revision,
        "guarding_environments": encode_json(change.environments),
        "gives": encode_json(change.gives),
        "before": None if change.before is None else encode_json(change.before),
        "after": encode_json(change.after),
        "reason": change.reason,
        "requested_by": change.requested_by,
        "identity": encode_json(change.identity),
        "requested_at": to_rfc3339(change.requested_at),
        **decision_values(change),
    }


def decision_values(change: SettingsChange) -> RowValues:
    """Return the columns that the decision changes."""
    return {
        "state": change.state,
        "decided_by": change.decided_by,
        "decided_at": format_optional_instant(change.decided_at),
        "note": change.note,
    }


def settings_change_from_row(row: Any) -> SettingsChange:
    return SettingsChange(
        id=UUID(row.id),
        state=SettingsChangeState(row.state),
        proposal=_decode_proposal(SettingsOperation(row.operation), row.proposal),
        base_revision=row.base_revision,
        environments=decode_texts(row.guarding_environments),
        gives=decode_texts(row.gives),
        before=None if row.before is None else _decode_object(row.before),
        after=_decode_object(row.after),
        reason=row.reason,
        requested_by=row.requested_by,
        identity=identity_from_json(msgspec.json.decode(row.identity)),
        requested_at=parse_instant(row.requested_at),
        decided_by=row.decided_by,
        decided_at=parse_optional_instant(row.decided_at),
        note=row.note,
    )


def _encode_proposal(proposal: Proposal) -> str:
    if not isinstance(proposal, TargetReplacement):
        return encode_json(proposal)
    return encode_json(
        {
            "service": proposal.service,
            "environment": proposal.environment,
            "settings": msgspec.Raw(target_settings_to_json(proposal.settings).encode()),
        }
    )


def _decode_proposal(operation: SettingsOperation, text: str) -> Proposal:
    if operation is UserUpdate.operation:
        return _decode_user_update(text)
    if operation is not TargetReplacement.operation:
        return msgspec.json.decode(text, type=_TYPES[operation])
    fields = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    return TargetReplacement(
        service=msgspec.json.decode(fields["service"], type=str),
        environment=msgspec.json.decode(fields["environment"], type=str),
        settings=target_settings_from_json(bytes(fields["settings"])),
    )


def _decode_user_update(text: str) -> UserUpdate:
    """Return a change to a user; older releases stored one login instead of a list of accounts."""
    fields = _decode_object(text)
    login = msgspec.convert(fields.pop("login", None), tuple[str, str] | None)
    update = msgspec.convert(fields, UserUpdate)
    return update if login is None else replace(update, accounts=(Account.of_subject(*login),))
