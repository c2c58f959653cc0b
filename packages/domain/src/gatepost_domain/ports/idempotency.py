"""Stored answers to requests with an idempotency key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """The answer to a request that carried an idempotency key, kept to be given again."""

    caller: str
    key: str
    fingerprint: str
    """SHA-256 of the method, the path and the body."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    created_at: datetime


class IdempotencyRepository(Protocol):
    """Answers kept for idempotency keys."""

    def find(self, caller: str, key: str, *, since: datetime) -> IdempotencyRecord | None:
        """The answer given to this caller for this key, if it was given after `since`."""
        ...

    def save(self, record: IdempotencyRecord, *, expire_before: datetime) -> None:
        """Keep an answer, and forget those older than `expire_before`."""
        ...
