"""Waiting GitHub jobs, and the answers that workers send to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.ingest.github_protection_answer_claims import (
    ProtectionAnswerTask,
    claim_next_answer,
    finish_answer,
)
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ingest.delivery import IngestDelivery
from gatepost_domain.ingest.github_protection_answer import AnswerAttempt, ProtectionAnswer
from gatepost_domain.ingest.source import RequestTexts
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.status_transitions import Action
from tests.support.builders import NOON, a_command, a_policy, a_stage, an_actor
from tests.support.domain.actions import perform_action
from tests.support.domain.ingest import deliver, github_job

MINUTE: Final = timedelta(minutes=1)
SHOP: Final = {"example/shop": "shop"}
TEXTS: Final = RequestTexts(rollback_plan="Deploy the previous version.", risk="Low.")
POLICIES: Final = {
    "staging": (Tier.STAGING, a_policy(a_stage("qa"))),
    "production": (Tier.PRODUCTION, a_policy(a_stage("qa"))),
    "farm": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER)),
    "open": (Tier.TEST, a_policy()),
}
WORKER: Final = an_actor("worker", grants=[Grant(role=Role.WORKER)])
OK: Final = AnswerAttempt(at=NOON + MINUTE, status=204, detail="")


async def receive_job(
    ledger: Ledger,
    environment: str = "staging",
    *,
    delivery_id: str = "j-1",
    at: datetime = NOON,
    **fields: Any,
) -> IngestDelivery:
    """Receive a delivery about a waiting job."""
    return await deliver(
        ledger,
        github_job(environment=environment, **fields),
        event="deployment_protection_rule",
        delivery_id=delivery_id,
        at=at,
    )


async def deployment_of(ledger: Ledger, delivery: IngestDelivery) -> Deployment:
    """Return the deployment that decides a job."""
    number = delivery.deployment_number
    assert number is not None, delivery.reason
    return await ledger.perform(lambda uow: uow.deployments.get(number))


async def claim(ledger: Ledger, *, at: datetime = NOON + MINUTE) -> ProtectionAnswerTask | None:
    """Claim the next answer."""
    command = a_command(WORKER, at=at)
    claimed = await ledger.perform(partial(claim_next_answer, command=command, worker="berlin-1"))
    assert claimed is None or claimed.answer.worker == "berlin-1"
    return claimed


async def finish(
    ledger: Ledger,
    task: ProtectionAnswerTask,
    attempt: AnswerAttempt = OK,
    *,
    retry_after: timedelta | None = None,
) -> ProtectionAnswer:
    """Report the result of an attempt."""
    return await ledger.perform(
        partial(
            finish_answer,
            answer=task.answer.id,
            command=a_command(WORKER, at=attempt.at),
            fencing_token=task.answer.claims,
            attempt=attempt,
            retry_after=retry_after,
        )
    )


async def approve(ledger: Ledger, deployment: Deployment) -> Deployment:
    """Approve a deployment as a reviewer."""
    return await perform_action(ledger, Action.APPROVE, deployment.id, "quinn")
