"""Mapping between rows and events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gatepost_domain.event import Event, EventKind, LedgerEntry, to_rfc3339
from gatepost_domain.status_transitions import Status
from gatepost_domain.verification.event_hash import canonical_json
from gatepost_persistence.mapping.values import (
    RowValues,
    parse_instant,
)


def entry_to_row(entry: LedgerEntry) -> RowValues:
    event = entry.event
    return {
        "seq": entry.seq,
        "deployment_id": None if event.deployment_id is None else str(event.deployment_id),
        "kind": str.__str__(event.kind),
        "actor": event.actor,
        "on_behalf_of": event.on_behalf_of,
        "at": to_rfc3339(event.at),
        "from_status": None if event.from_status is None else str.__str__(event.from_status),
        "to_status": None if event.to_status is None else str.__str__(event.to_status),
        "stage": event.stage,
        "note": event.note,
        "data": canonical_json(event.data).decode(),
        "prev_hash": entry.prev_hash,
        "deployment_prev_hash": entry.deployment_prev_hash,
        "hash": entry.hash,
    }


def entry_from_row(row: Any) -> LedgerEntry:
    data: Mapping[str, object] = json.loads(row.data)
    return LedgerEntry(
        seq=row.seq,
        event=Event(
            kind=EventKind(row.kind),
            actor=row.actor,
            at=parse_instant(row.at),
            deployment_id=None if row.deployment_id is None else UUID(row.deployment_id),
            on_behalf_of=row.on_behalf_of,
            from_status=None if row.from_status is None else Status(row.from_status),
            to_status=None if row.to_status is None else Status(row.to_status),
            stage=row.stage,
            note=row.note,
            data=data,
        ),
        prev_hash=row.prev_hash,
        deployment_prev_hash=row.deployment_prev_hash,
        hash=row.hash,
    )
