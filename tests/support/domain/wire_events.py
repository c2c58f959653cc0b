"""Events as they are on the wire and in exports."""

from __future__ import annotations

import json
from typing import Any

from gatepost_domain.event import LedgerEntry, to_rfc3339
from gatepost_domain.verification.event_hash import canonical_json


def to_wire(entry: LedgerEntry) -> dict[str, Any]:
    """Return an event as on the wire, with its time to the microsecond."""
    event = entry.event
    return {
        "seq": entry.seq,
        "deployment_id": None if event.deployment_id is None else str(event.deployment_id),
        "kind": str(event.kind),
        "actor": event.actor,
        "on_behalf_of": event.on_behalf_of,
        "at": to_rfc3339(event.at),
        "from_status": None if event.from_status is None else str(event.from_status),
        "to_status": None if event.to_status is None else str(event.to_status),
        "stage": event.stage,
        "note": event.note,
        "data": json.loads(canonical_json(event.data)),
        "prev_hash": entry.prev_hash,
        "deployment_prev_hash": entry.deployment_prev_hash,
        "hash": entry.hash,
    }
