"""Mapping between rows and events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gatepost_domain.event import Event, EventKind, LedgerEntry, to_rfc3339
from gatepost_domain.status import Status
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


def entry_from_row_or_broken_entry(row: Any) -> LedgerEntry:
    """Return the entry of a row that may have been tampered with.

    A row that this module would not have written is returned as an entry without a hash, which
    breaks the chain.
    """
    try:
        entry = entry_from_row(row)
        if bytes not in map(type, row) and entry_to_row(entry) == row._asdict():
            return entry
    except (OverflowError, RecursionError, TypeError, ValueError):
        pass
    return LedgerEntry(
        seq=row.seq,
        event=Event(kind=EventKind.REQUESTED, actor="", at=datetime.min.replace(tzinfo=UTC)),
        prev_hash=row.prev_hash,
        deployment_prev_hash=None,
        hash="",
    )
