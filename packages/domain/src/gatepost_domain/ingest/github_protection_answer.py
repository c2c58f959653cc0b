"""Answers to GitHub jobs that wait for a deployment protection rule.

GitHub sends the event `deployment_protection_rule` when a job begins to wait, and accepts the
answer at the callback URL in its payload:
https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from uuid import UUID

from gatepost_domain.errors import Refusal
from gatepost_domain.status_transitions import Status

RETRY_DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=16),
    timedelta(hours=24),
)
"""The delay after each failed attempt. GitHub lets a job wait for 30 days."""

MAX_RETRY_AFTER: Final = timedelta(hours=24)
"""The maximum time by which GitHub can delay the next attempt."""

REQUEST_TIMEOUT: Final = timedelta(seconds=15)
"""The time limit for each of the two requests of an attempt."""

LEASE: Final = timedelta(seconds=60)
"""How long a worker has for one attempt, including reporting the result."""

_FINAL: Final = frozenset({HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY})
"""The HTTP statuses that mean that the job no longer waits for this answer."""


class AnswerState(StrEnum):
    """Whether an answer to a GitHub job is waiting, was sent or has failed."""

    WAITING = "waiting"
    """The deployment can still start, or the answer is waiting for its next attempt."""
    SENT = "sent"
    """GitHub accepted the answer."""
    FAILED = "failed"
    """No attempt succeeded, or the job was no longer waiting."""


class AnswerVerdict(StrEnum):
    """The verdict of an answer to a GitHub job, in GitHub's terms."""

    APPROVED = "approved"
    """The deployment started, so the job can run."""
    REJECTED = "rejected"
    """The deployment can no longer start, or failed or was rolled back."""


VERDICTS: Final[Mapping[Status, AnswerVerdict | None]] = {
    Status.PENDING_APPROVAL: None,
    Status.APPROVED: None,
    Status.QUEUED: None,
    Status.STARTED: AnswerVerdict.APPROVED,
    Status.SUCCEEDED: AnswerVerdict.APPROVED,
    Status.FAILED: AnswerVerdict.REJECTED,
    Status.REJECTED: AnswerVerdict.REJECTED,
    Status.CANCELLED: AnswerVerdict.REJECTED,
    Status.ROLLED_BACK: AnswerVerdict.REJECTED,
}
"""Maps the status of a deployment to the verdict for waiting jobs; None while it is undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAttempt:
    """The result of one attempt, as the worker reports it."""

    at: datetime
    """When it ended."""
    status: int | None
    """The HTTP status with which GitHub responded to the answer; None if it did not."""
    detail: str
    """What happened, in a sentence; empty if GitHub accepted the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionAnswer:
    """The answer to one waiting job. The status of a deployment decides the answer."""

    id: UUID
    delivery_id: UUID
    """The delivery that reported the job."""
    deployment_id: UUID
    external_id: str
    """The id of the deployment on GitHub, which is also in the payloads that report how the job
    ended."""
    environment_name: str
    """The environment's name on GitHub."""
    callback_url: str
    installation: int
    """The id of the installation of the GitHub App on whose behalf the answer is sent."""
    created_at: datetime
    due_at: datetime
    """When the next attempt can begin, if the deployment has been decided by then."""
    state: AnswerState = AnswerState.WAITING
    attempts: int = 0
    claims: int = 0
    """The number of claims, which is also the fencing token of the latest one."""
    worker: str | None = None
    """The name of the worker that claimed it last."""
    verdict: AnswerVerdict | None = None
    """The verdict of the latest attempt; None before the first attempt."""
    last_attempt: AnswerAttempt | None = None
    ended_at: datetime | None = None
    """When the answer was sent or failed; None until then."""


class AnswerClaimLost(Refusal):
    """The worker no longer holds the answer, so its report has no effect."""

    code = "answer_claim_lost"

    def __init__(self, answer: ProtectionAnswer) -> None:
        reason = (
            f"{answer.worker} holds it now"
            if answer.state is AnswerState.WAITING
            else f"it is {answer.state}"
        )
        super().__init__(f"This claim on answer {answer.id} is no longer valid: {reason}.")


def claim_answer(
    answer: ProtectionAnswer, verdict: AnswerVerdict, *, worker: str, at: datetime
) -> ProtectionAnswer:
    """Return the answer as claimed by a worker. Another worker can claim it when the lease ends."""
    return replace(
        answer, claims=answer.claims + 1, worker=worker, verdict=verdict, due_at=at + LEASE
    )


def conclude_attempt(
    answer: ProtectionAnswer, attempt: AnswerAttempt, *, retry_after: timedelta | None
) -> ProtectionAnswer:
    """Return the answer after an attempt: sent, scheduled for another attempt, or failed."""
    at, status = attempt.at, attempt.status
    attempted = replace(answer, attempts=answer.attempts + 1, last_attempt=attempt)
    if status is not None and HTTPStatus(200) <= status < HTTPStatus(300):
        return replace(attempted, state=AnswerState.SENT, ended_at=at)
    if status in _FINAL or attempted.attempts > len(RETRY_DELAYS):
        return replace(attempted, state=AnswerState.FAILED, ended_at=at)
    pause = timedelta() if retry_after is None else min(retry_after, MAX_RETRY_AFTER)
    return replace(attempted, due_at=at + max(RETRY_DELAYS[answer.attempts], pause))


def requeue(answer: ProtectionAnswer, *, at: datetime) -> ProtectionAnswer:
    """Return a failed answer as waiting again, with its full number of attempts."""
    return replace(answer, state=AnswerState.WAITING, attempts=0, due_at=at, ended_at=None)
