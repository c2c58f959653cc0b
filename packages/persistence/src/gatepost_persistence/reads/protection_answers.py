"""Reads of answers to jobs that wait for a deployment protection rule."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.ingest.protection_answer import ProtectionAnswer
from gatepost_persistence.mapping.protection_answers import answer_from_row
from gatepost_persistence.reads.repository_base import RepositoryReads
from gatepost_persistence.reads.table_repositories import ProtectionAnswerRepository


class SqlProtectionAnswerReads(RepositoryReads):
    """Reads of answers to deployment protection rules in SQL."""

    async def protection_answer(self, delivery: UUID) -> ProtectionAnswer | None:
        """Return the answer to the job that a delivery reported, or None."""
        async with self._sessions() as session:
            row = await ProtectionAnswerRepository(session).get_one_or_none(delivery=str(delivery))
        return None if row is None else answer_from_row(row)
