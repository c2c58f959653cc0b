"""The repository of answers to waiting GitHub jobs, and the reads of these answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.ingest.github_protection_answer import ProtectionAnswer


class ProtectionAnswerRepository(Protocol):
    """Answers to waiting GitHub jobs. No event records them."""

    def get(self, answer: UUID) -> ProtectionAnswer:
        """Return an answer; raises `NotFound` if there is none with this id."""
        ...

    def find_by_external_id(self, external_id: str) -> ProtectionAnswer | None:
        """Return the answer to the job whose GitHub deployment has this id, or None."""
        ...

    def find_due(self, at: datetime) -> ProtectionAnswer | None:
        """Return the answer that has been due longest, or None.

        Answers whose deployment can still start but has not started are not due.
        """
        ...

    def find_by_delivery(self, delivery: UUID) -> ProtectionAnswer | None:
        """Return the answer to the job that a delivery reported, or None."""
        ...

    def add(self, answer: ProtectionAnswer) -> None:
        """Store a new answer, which is sent once its deployment starts or can no longer start."""
        ...

    def save(self, answer: ProtectionAnswer) -> None:
        """Store an answer that was claimed, attempted or scheduled to be sent again."""
        ...


class ProtectionAnswerReads(Protocol):
    """Reads of answers, as of the latest durable write."""

    async def protection_answers(
        self, deliveries: Sequence[UUID]
    ) -> Mapping[UUID, ProtectionAnswer]:
        """Return a mapping from deliveries to the answers to the jobs that they reported."""
        ...
