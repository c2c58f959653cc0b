"""Responses stored for idempotency keys, in memory."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.ports.idempotency import IdempotencyRecord
from tests.support.memory.state import MemoryState


class MemoryIdempotencyRecords:
    """Responses stored for idempotency keys, in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def find(self, caller: str, key: str, *, since: datetime) -> IdempotencyRecord | None:
        """Return the response stored for a caller and key after `since`, or None."""
        record = self._state.idempotency_records.get((caller, key))
        return None if record is None or record.created_at < since else record

    def save(self, record: IdempotencyRecord, *, expire_before: datetime) -> None:
        """Store a response, and delete those created before `expire_before`."""
        records = self._state.idempotency_records
        for key in [key for key, old in records.items() if old.created_at < expire_before]:
            del records[key]
        records[record.caller, record.key] = record
