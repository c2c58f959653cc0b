"""Actions of workers on answers to waiting GitHub jobs: claiming them, and reporting results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.worker_authorization import (
    authorize_worker,
    record_worker_seen_if_overdue,
)
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ingest.github_protection_answer import (
    VERDICTS,
    AnswerAttempt,
    AnswerClaimLost,
    AnswerState,
    AnswerVerdict,
    ProtectionAnswer,
    claim_answer,
    conclude_attempt,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionAnswerTask:
    """A claimed answer, with everything that its message contains."""

    answer: ProtectionAnswer
    verdict: AnswerVerdict
    deployment: Deployment


def claim_next_answer(
    uow: UnitOfWork, command: Command, *, worker: str
) -> ProtectionAnswerTask | None:
    """Claim the answer that has been due longest, or take one over from a lost worker.

    Return None if nothing is due, or if the actor is a worker for some services or environments
    only.

    Raises:
        Forbidden: the actor does not have the worker role.
    """
    due = _find_due(uow, command)
    if due is None:
        return None
    deployment = uow.deployments.get(due.deployment_id)
    verdict = VERDICTS[deployment.status]
    if verdict is None:
        return None
    claimed = claim_answer(due, verdict, worker=worker, at=command.at)
    uow.protection_answers.save(claimed)
    return ProtectionAnswerTask(answer=claimed, verdict=verdict, deployment=deployment)


def has_claimable_answer(uow: UnitOfWork, command: Command) -> bool:
    """Return whether `claim_next_answer` would return a task; nothing is written."""
    return _find_due(uow, command) is not None


def finish_answer(
    uow: UnitOfWork,
    answer: UUID,
    command: Command,
    *,
    fencing_token: int,
    attempt: AnswerAttempt,
    retry_after: timedelta | None,
) -> ProtectionAnswer:
    """Store the result of an attempt, and decide whether to try again. No event records it.

    Raises:
        NotFound: there is no such answer.
        Forbidden: the actor does not have the worker role everywhere.
        AnswerClaimLost: another worker holds the answer, or it was sent or failed.
    """
    current = uow.protection_answers.get(answer)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CARRY_OUT)
    if current.state is not AnswerState.WAITING or current.claims != fencing_token:
        raise AnswerClaimLost(current)
    record_worker_seen_if_overdue(uow, current.worker or "", lease=DEFAULT_LEASE, at=command.at)
    attempted = conclude_attempt(current, attempt, retry_after=retry_after)
    uow.protection_answers.save(attempted)
    return attempted


def _find_due(uow: UnitOfWork, command: Command) -> ProtectionAnswer | None:
    actor = authorize_worker(command).actor
    if not actor.may(Right.CARRY_OUT):
        return None
    return uow.protection_answers.find_due(command.at)
