"""Mapping between rows and answers to waiting GitHub jobs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gatepost_domain.event import to_rfc3339
from gatepost_domain.ingest.github_protection_answer import (
    AnswerAttempt,
    AnswerState,
    AnswerVerdict,
    ProtectionAnswer,
)
from gatepost_persistence.mapping.values import (
    RowValues,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)


def answer_to_row(answer: ProtectionAnswer) -> RowValues:
    return {
        "id": str(answer.id),
        "delivery": str(answer.delivery_id),
        "deployment_id": str(answer.deployment_id),
        "external_id": answer.external_id,
        "environment_name": answer.environment_name,
        "callback_url": answer.callback_url,
        "installation": answer.installation,
        "created_at": to_rfc3339(answer.created_at),
        **answer_progress_values(answer),
    }


def answer_progress_values(answer: ProtectionAnswer) -> RowValues:
    """Return the columns that claims and attempts change."""
    attempt = answer.last_attempt
    return {
        "due_at": to_rfc3339(answer.due_at),
        "state": answer.state.value,
        "attempts": answer.attempts,
        "claim_count": answer.claims,
        "worker": answer.worker,
        "verdict": None if answer.verdict is None else answer.verdict.value,
        "attempted_at": None if attempt is None else to_rfc3339(attempt.at),
        "response_status": None if attempt is None else attempt.status,
        "detail": None if attempt is None else attempt.detail,
        "ended_at": format_optional_instant(answer.ended_at),
    }


def answer_from_row(row: Any) -> ProtectionAnswer:
    return ProtectionAnswer(
        id=UUID(row.id),
        delivery_id=UUID(row.delivery),
        deployment_id=UUID(row.deployment_id),
        external_id=row.external_id,
        environment_name=row.environment_name,
        callback_url=row.callback_url,
        installation=row.installation,
        created_at=parse_instant(row.created_at),
        due_at=parse_instant(row.due_at),
        state=AnswerState(row.state),
        attempts=row.attempts,
        claims=row.claim_count,
        worker=row.worker,
        verdict=None if row.verdict is None else AnswerVerdict(row.verdict),
        last_attempt=None
        if row.attempted_at is None
        else AnswerAttempt(
            at=parse_instant(row.attempted_at), status=row.response_status, detail=row.detail or ""
        ),
        ended_at=parse_optional_instant(row.ended_at),
    )
