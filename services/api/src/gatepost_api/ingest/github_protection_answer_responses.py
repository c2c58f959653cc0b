"""Responses for answers to GitHub jobs that wait for a deployment protection rule."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.ingest import github_protection_answer as domain
from gatepost_domain.ingest.github_protection_answer import AnswerState, AnswerVerdict


class ProtectionAnswer(ResponseModel):
    """The answer to a waiting GitHub job. A deployment's status determines the verdict."""

    id: UUID
    """The id of the answer."""
    deployment_id: UUID
    """The id of the deployment on which the answer depends."""
    environment_name: str
    """The name of the environment on GitHub."""
    state: AnswerState
    """`waiting` until GitHub accepts the answer, then `sent`. `failed` if the job was no longer
    waiting, or no attempt succeeded."""
    verdict: AnswerVerdict | None
    """The verdict of the latest attempt. Null before the first attempt."""
    attempts: int
    """The number of attempts that have ended."""
    attempted_at: Instant | None
    """When the latest attempt ended. Null before the end of the first attempt."""
    response_status: int | None
    """The HTTP status with which GitHub responded to the latest attempt. Null if there was no
    response."""
    detail: str | None
    """What went wrong in the latest attempt. Null if nothing went wrong."""
    next_attempt_at: Instant | None
    """When the next attempt can begin, once the deployment is decided. Null if there will be no
    further attempt."""
    ended_at: Instant | None
    """When the answer was sent or failed. Null until then."""

    @classmethod
    def from_domain(cls, answer: domain.ProtectionAnswer) -> Self:
        """Map a domain answer to its response."""
        attempt = answer.last_attempt
        return cls(
            id=answer.id,
            deployment_id=answer.deployment_id,
            environment_name=answer.environment_name,
            state=answer.state,
            verdict=answer.verdict,
            attempts=answer.attempts,
            attempted_at=None if attempt is None else attempt.at,
            response_status=None if attempt is None else attempt.status,
            detail=None if attempt is None else attempt.detail or None,
            next_attempt_at=answer.due_at if answer.state is AnswerState.WAITING else None,
            ended_at=answer.ended_at,
        )
