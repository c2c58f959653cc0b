"""Reads of answers to GitHub jobs that wait for a deployment protection rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from gatepost_domain.ingest.github_protection_answer import ProtectionAnswer
from gatepost_persistence.mapping.github_protection_answers import answer_from_row
from gatepost_persistence.reads.repository_base import RepositoryReads
from gatepost_persistence.reads.table_repositories import ProtectionAnswerRepository
from gatepost_persistence.tables.github_protection_answers import ProtectionAnswerRow


class SqlProtectionAnswerReads(RepositoryReads):
    """Reads of answers to waiting GitHub jobs in SQL."""

    async def protection_answers(
        self, deliveries: Sequence[UUID]
    ) -> Mapping[UUID, ProtectionAnswer]:
        """Return a mapping from deliveries to the answers to the jobs that they reported."""
        condition = ProtectionAnswerRow.delivery.in_([str(delivery) for delivery in deliveries])
        async with self._sessions() as session:
            rows = await ProtectionAnswerRepository(session).get_many(condition)
        answers = map(answer_from_row, rows)
        return {answer.delivery_id: answer for answer in answers}
