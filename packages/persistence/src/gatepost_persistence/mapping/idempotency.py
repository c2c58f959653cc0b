"""Mapping between rows and idempotency records."""

from __future__ import annotations

from typing import Any

import msgspec

from gatepost_domain.event import utc_text
from gatepost_domain.ports.idempotency import Receipt
from gatepost_persistence.mapping.values import (
    Values,
    instant,
    json_text,
)

_headers = msgspec.json.Decoder(tuple[tuple[str, str], ...])


def receipt_values(receipt: Receipt) -> Values:
    return {
        "caller": receipt.caller,
        "key": receipt.key,
        "fingerprint": receipt.fingerprint,
        "status": receipt.status,
        "headers": json_text(receipt.headers),
        "body": receipt.body,
        "created_at": utc_text(receipt.created_at),
    }


def receipt_of(row: Any) -> Receipt:
    return Receipt(
        caller=row.caller,
        key=row.key,
        fingerprint=row.fingerprint,
        status=row.status,
        headers=_headers.decode(row.headers),
        body=row.body,
        created_at=instant(row.created_at),
    )
