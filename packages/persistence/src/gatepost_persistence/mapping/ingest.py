"""Mapping between rows and ingest sources and deliveries."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind, SourceSettings
from gatepost_persistence.mapping.values import (
    RowValues,
    encode_json,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)

_decode_settings: Final = msgspec.json.Decoder(SourceSettings).decode
_decode_identity: Final = msgspec.json.Decoder(Identity).decode


def source_to_row(source: IngestSource) -> RowValues:
    return {
        "kind": source.kind.value,
        "secret": f"{source.salt}:{source.secret}",
        "settings": encode_json(source.settings),
        "identity": encode_json(source.identity),
        "revision": source.revision,
        "changed_at": to_rfc3339(source.changed_at),
        "changed_by": source.changed_by,
    }


def source_from_row(row: Any) -> IngestSource:
    salt, _, secret = row.secret.partition(":")
    return IngestSource(
        kind=IngestSourceKind(row.kind),
        secret=secret,
        salt=salt,
        settings=_decode_settings(row.settings),
        identity=_decode_identity(row.identity),
        revision=row.revision,
        changed_at=parse_instant(row.changed_at),
        changed_by=row.changed_by,
    )


def delivery_to_row(delivery: IngestDelivery) -> RowValues:
    return {
        "id": str(delivery.id),
        "source": delivery.source.value,
        "delivery_id": delivery.delivery_id,
        "event": delivery.event,
        "content_type": delivery.content_type,
        "received_at": to_rfc3339(delivery.received_at),
        "payload_digest": delivery.payload_digest,
        "payload_size": delivery.payload_size,
        "payload": delivery.payload,
        "keep_until": to_rfc3339(delivery.keep_until),
        **delivery_mutable_values(delivery),
    }


def delivery_mutable_values(delivery: IngestDelivery) -> RowValues:
    """Return the columns that a replay changes."""
    return {
        "state": delivery.state.value,
        "reason": delivery.reason,
        "deployment_id": None if delivery.deployment_id is None else str(delivery.deployment_id),
        "deployment_number": delivery.deployment_number,
        "attempts": delivery.attempts,
        "replayed_at": format_optional_instant(delivery.replayed_at),
        "replayed_by": delivery.replayed_by,
    }


def delivery_from_row(row: Any, *, with_payload: bool = True) -> IngestDelivery:
    return IngestDelivery(
        id=UUID(row.id),
        source=IngestSourceKind(row.source),
        delivery_id=row.delivery_id,
        event=row.event,
        content_type=row.content_type,
        received_at=parse_instant(row.received_at),
        state=IngestState(row.state),
        reason=row.reason,
        payload_digest=row.payload_digest,
        payload_size=row.payload_size,
        payload=row.payload if with_payload else None,
        keep_until=parse_instant(row.keep_until),
        deployment_id=None if row.deployment_id is None else UUID(row.deployment_id),
        deployment_number=row.deployment_number,
        attempts=row.attempts,
        replayed_at=parse_optional_instant(row.replayed_at),
        replayed_by=row.replayed_by,
    )
