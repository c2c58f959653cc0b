"""Mapping between rows and passkeys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.users import origin_from_json, origin_to_json
from gatepost_persistence.mapping.values import (
    RowValues,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)


def passkey_to_row(passkey: Passkey) -> RowValues:
    """Return a passkey's columns except `holder`, which never changes."""
    return {
        "id": str(passkey.id),
        "credential_id": passkey.credential_id,
        "public_key": passkey.public_key,
        "sign_count": passkey.sign_count,
        "label": passkey.label,
        "created_at": to_rfc3339(passkey.created_at),
        "last_used_at": format_optional_instant(passkey.last_used_at),
        "revoked_at": format_optional_instant(passkey.revoked_at),
        "parent": None if passkey.parent is None else str(passkey.parent),
        "origin": origin_to_json(passkey.origin),
    }


def passkey_from_row(row: Any, *, user: str) -> Passkey:
    return Passkey(
        id=UUID(row.id),
        user=user,
        credential_id=row.credential_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        label=row.label,
        created_at=parse_instant(row.created_at),
        last_used_at=parse_optional_instant(row.last_used_at),
        revoked_at=parse_optional_instant(row.revoked_at),
        parent=None if row.parent is None else UUID(row.parent),
        origin=origin_from_json(row.origin),
    )
