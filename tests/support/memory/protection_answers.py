"""Answers to waiting GitHub jobs, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from gatepost_domain.errors import NotFound
from gatepost_domain.ingest.github_protection_answer import VERDICTS, AnswerState, ProtectionAnswer
from tests.support.memory.state import MemoryState


class MemoryProtectionAnswers:
    """The repository of answers to waiting GitHub jobs, in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, answer: UUID) -> ProtectionAnswer:
        """Return an answer.

        Raises:
            NotFound: there is none with this id.
        """
        if answer not in self._state.protection_answers:
            raise NotFound("protection_answer", str(answer))
        return self._state.protection_answers[answer]

    def find_by_external_id(self, external_id: str) -> ProtectionAnswer | None:
        """Return the answer to the job whose GitHub deployment has this id, or None."""
        answers = self._state.protection_answers.values()
        return next((each for each in answers if each.external_id == external_id), None)

    def find_by_delivery(self, delivery: UUID) -> ProtectionAnswer | None:
        """Return the answer to the job that a delivery reported, or None."""
        answers = self._state.protection_answers.values()
        return next((each for each in answers if each.delivery_id == delivery), None)

    def find_due(self, at: datetime) -> ProtectionAnswer | None:
        """Return the answer that has been due longest, or None.

        Answers whose deployment can still start but has not started are not due.
        """
        due = [
            each
            for each in self._state.protection_answers.values()
            if each.state is AnswerState.WAITING
            and each.due_at <= at
            and VERDICTS[self._state.find(each.deployment_id).status] is not None
        ]
        return min(due, key=lambda each: (each.due_at, str(each.id)), default=None)

    def add(self, answer: ProtectionAnswer) -> None:
        """Store a new answer."""
        self.save(answer)

    def save(self, answer: ProtectionAnswer) -> None:
        """Store an answer that was claimed, attempted or scheduled to be sent again."""
        self._state.protection_answers[answer.id] = answer


class MemoryProtectionAnswerReads:
    """Reads of answers to waiting GitHub jobs, in memory."""

    _state: MemoryState

    async def protection_answers(
        self, deliveries: Sequence[UUID]
    ) -> Mapping[UUID, ProtectionAnswer]:
        """Return a mapping from deliveries to the answers to the jobs that they reported."""
        answers = self._state.protection_answers.values()
        return {each.delivery_id: each for each in answers if each.delivery_id in deliveries}
