"""Responses for answers to jobs of GitHub that wait for a deployment protection rule."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.ingest import protection_answer as domain
from gatepost_domain.ingest.protection_answer import AnswerState, AnswerVerdict


class ProtectionAnswer(ResponseModel):
    """The answer to a job that waits, which the deployment decides."""

    id: UUID
    """The id of the answer."""
    deployment_id: UUID
    """The deployment that decides it."""
    environment_name: str
    """The environment, as GitHub calls it."""
    state: AnswerState
    """`waiting` until GitHub accepted it, then `sent`. `failed` if the job no longer waits, or no
    attempt succeeded."""
    verdict: AnswerVerdict | None
    """What the latest attempt told GitHub. Null before the first one."""
    attempts: int
    """How many attempts ended."""
    attempted_at: Instant | None
    """When the latest attempt ended."""
    response_status: int | None
    """The HTTP status with which GitHub responded to the latest attempt."""
    detail: str | None
    """What went wrong in the latest attempt. Null if nothing did."""
    next_attempt_at: Instant | None
    """When the next attempt can begin, once the deployment is decided. Null if there is none."""
    ended_at: Instant | None
    """When it was sent or failed."""

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
