"""The repository of responses stored under idempotency keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """The response to a request with an idempotency key, stored to be replayed."""

    caller: str
    key: str
    fingerprint: str
    """SHA-256 of the method, the path and the body."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    created_at: datetime


class IdempotencyRepository(Protocol):
    """Stored responses by caller and idempotency key."""

    def find(self, caller: str, key: str, *, since: datetime) -> IdempotencyRecord | None:
        """Return the response stored for a caller and key after `since`, or None."""
        ...

    def save(self, record: IdempotencyRecord, *, expire_before: datetime) -> None:
        """Store a response, and delete those created before `expire_before`."""
        ...
