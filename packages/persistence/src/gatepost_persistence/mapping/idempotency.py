"""Mapping between rows and idempotency records."""

from __future__ import annotations

from typing import Any

import msgspec

from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_persistence.mapping.values import (
    RowValues,
    encode_json,
    parse_instant,
)

_headers_decoder = msgspec.json.Decoder(tuple[tuple[str, str], ...])


def idempotency_record_to_row(record: IdempotencyRecord) -> RowValues:
    return {
        "caller": record.caller,
        "key": record.key,
        "fingerprint": record.fingerprint,
        "status": record.status,
        "headers": encode_json(record.headers),
        "body": record.body,
        "created_at": to_rfc3339(record.created_at),
    }


def idempotency_record_from_row(row: Any) -> IdempotencyRecord:
    return IdempotencyRecord(
        caller=row.caller,
        key=row.key,
        fingerprint=row.fingerprint,
        status=row.status,
        headers=_headers_decoder.decode(row.headers),
        body=row.body,
        created_at=parse_instant(row.created_at),
    )
