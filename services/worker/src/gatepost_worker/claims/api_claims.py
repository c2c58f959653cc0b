"""The claim port over Gatepost's HTTP API, through the typed client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from importlib.metadata import version
from typing import Final

from gatepost_client import AsyncGatepost, GatepostProblem, NoAnswer, UnexpectedAnswer, models
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.claims.task_mapping import (
    answer_task_to_domain,
    check_task_to_domain,
    delivery_task_to_domain,
    notification_task_to_domain,
    reports_from_domain,
    steps_from_domain,
    task_to_domain,
)
from gatepost_worker.foundation.redaction import redact
from gatepost_worker.tasks import (
    CheckReport,
    CheckTask,
    DeliveryReport,
    DeliveryTask,
    DeploymentTask,
    NotificationReport,
    NotificationTask,
    Outcome,
    ProtectionAnswerReport,
    ProtectionAnswerTask,
    Result,
    StepReport,
    TaskKind,
)

REQUEST_TIMEOUT_S: Final = 10.0
"""How long a response may take, in addition to the time that a claim waits for a task."""

_RETRYABLE: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT})
NAME_TAKEN: Final = "worker_name_taken"
"""The problem code for a second worker with the same name."""
_CLAIM_ENDED: Final = frozenset(
    {
        "claim_lost",
        "unknown_claim",
        "check_run_claim_lost",
        "unknown_check_run",
        "delivery_claim_lost",
        "unknown_delivery",
        "unknown_webhook",
        "notification_claim_lost",
        "unknown_notification_channel",
        "answer_claim_lost",
        "unknown_protection_answer",
    }
)
"""Problem codes of operations on a claim that has ended or belongs to another worker."""

_ENDINGS: Final = {
    Result.SUCCEEDED: models.Ending.SUCCEEDED,
    Result.FAILED: models.Ending.FAILED,
}


VERSION: Final = version("gatepost-worker")


class WorkerRejected(Exception):
    """The server refuses this worker; the message says why and how to fix it."""


class ApiClaims:
    """The claims of one worker, made and reported through Gatepost's HTTP API."""

    def __init__(self, gatepost: AsyncGatepost, *, worker: str, lease: timedelta) -> None:
        """Create the claims of the worker named `worker`, with leases of length `lease`."""
        self._gatepost = gatepost
        self._worker = worker
        self._lease = lease

    async def claim(
        self, wait_s: float, kinds: Sequence[TaskKind]
    ) -> DeploymentTask | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | None:
        """Claim the next task of these kinds; return None if there is none within `wait_s`.

        Raises:
            ServerUnavailable: a task may have been claimed; its lease then expires.
            WorkerRejected: the server refuses the token or the name.
        """
        body = models.ClaimCreate(
            worker=self._worker,
            wait_s=round(wait_s),
            lease_s=round(self._lease.total_seconds()),
            kinds=[models.TaskKind(kind.value) for kind in kinds],
            version=VERSION,
        )
        try:
            async with _limit_time_and_translate_server_errors(wait_s + REQUEST_TIMEOUT_S):
                model = await self._gatepost.claim_task(body)
        except GatepostProblem as problem:
            if problem.code == NAME_TAKEN:  # perhaps by this worker before a restart
                raise ServerUnavailable(f"{problem}") from problem
            raise WorkerRejected(_rejection_message(problem)) from problem
        if isinstance(model, models.CheckTask):
            return check_task_to_domain(model)
        if isinstance(model, models.DeliveryTask):
            return delivery_task_to_domain(model)
        if isinstance(model, models.NotificationTask):
            return notification_task_to_domain(model)
        if isinstance(model, models.ProtectionAnswerTask):
            return answer_task_to_domain(model)
        return None if model is None else task_to_domain(model)

    async def renew(self, task: DeploymentTask) -> None:
        """Renew the lease for its full length from now."""
        body = models.RenewBody(fencing_token=task.fencing_token)
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.renew_claim(task.claim_id, body)

    async def report(
        self, task: DeploymentTask, steps: Sequence[StepReport], *, number: int
    ) -> None:
        """Report steps; the idempotency key contains the number of the first step."""
        body = models.StepsBody(fencing_token=task.fencing_token, steps=steps_from_domain(steps))
        key = _idempotency_key(task, f"steps-{number}")
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.report_steps(task.claim_id, body, idempotency_key=key)

    async def finish(
        self, task: DeploymentTask, outcome: Outcome, steps: Sequence[StepReport]
    ) -> None:
        """Report the outcome and the remaining steps."""
        body = models.FinishBody(
            fencing_token=task.fencing_token,
            outcome=_ENDINGS[outcome.result],
            note=redact(outcome.note) or None,
            steps=steps_from_domain(steps),
        )
        key = _idempotency_key(task, "end")
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.finish_claim(task.claim_id, body, idempotency_key=key)

    async def renew_check_run(self, task: CheckTask) -> None:
        """Renew the lease of a check run for its full length from now."""
        body = models.RenewBody(fencing_token=task.fencing_token)
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.renew_check_run(task.check_run_id, body)

    async def finish_check_run(self, task: CheckTask, reports: Sequence[CheckReport]) -> None:
        """Report the results of a check run."""
        body = models.CheckRunFinishBody(
            fencing_token=task.fencing_token, results=reports_from_domain(reports)
        )
        key = f"{task.check_run_id}-{task.fencing_token}-end"
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.finish_check_run(task.check_run_id, body, idempotency_key=key)

    async def finish_delivery(self, task: DeliveryTask, report: DeliveryReport) -> None:
        """Report how the receiver responded.

        A repeated report needs no idempotency key, because the fencing token is valid only once.
        """
        body = models.DeliveryFinishBody(
            fencing_token=task.fencing_token,
            status=report.status,
            retry_after_s=report.retry_after_s,
            detail=report.detail,
            took_ms=report.took_ms,
        )
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.finish_delivery(task.delivery_id, body)

    async def finish_notifications(
        self, task: NotificationTask, report: NotificationReport
    ) -> None:
        """Report whether a message to people was sent."""
        body = models.NotificationFinishBody(
            fencing_token=task.fencing_token, sent=report.sent, detail=report.detail
        )
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.finish_notifications(task.channel_id, body)

    async def finish_answer(
        self, task: ProtectionAnswerTask, report: ProtectionAnswerReport
    ) -> None:
        """Report how GitHub responded to an answer."""
        body = models.ProtectionAnswerFinishBody(
            fencing_token=task.fencing_token,
            status=report.status,
            retry_after_s=report.retry_after_s,
            detail=report.detail,
        )
        async with (
            _translate_claim_refusals(),
            _limit_time_and_translate_server_errors(REQUEST_TIMEOUT_S),
        ):
            await self._gatepost.finish_protection_answer(task.answer_id, body)


@asynccontextmanager
async def _limit_time_and_translate_server_errors(timeout_s: float) -> AsyncGenerator[None]:
    """Limit the time that a call takes, and translate temporary errors.

    Raises:
        ServerUnavailable: there is no response, or a retry may succeed.
        GatepostProblem: the server refused the call.
    """
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as error:
        raise ServerUnavailable(f"no response within {timeout_s:g} s") from error
    except (NoAnswer, UnexpectedAnswer) as error:
        raise ServerUnavailable(f"{error}") from error
    except GatepostProblem as problem:
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR or problem.status in _RETRYABLE:
            raise ServerUnavailable(f"{problem}") from problem
        raise


@asynccontextmanager
async def _translate_claim_refusals() -> AsyncGenerator[None]:
    """Translate refusals of an operation on a claim.

    Raises:
        LeaseLost: the claim has ended or belongs to another worker.
        ServerUnavailable: the same request is still being processed.
        GatepostProblem: any other refusal.
    """
    try:
        yield
    except GatepostProblem as problem:
        if problem.code in _CLAIM_ENDED:
            raise LeaseLost(f"{problem}") from problem
        if problem.status == HTTPStatus.CONFLICT:
            raise ServerUnavailable(f"{problem}") from problem
        raise


def _rejection_message(problem: GatepostProblem) -> str:
    match problem.status:
        case HTTPStatus.UNAUTHORIZED:
            return (
                f"Gatepost rejected this worker's token: {problem.detail} Set GATEPOST_TOKEN to a "
                "worker's token; the first start of the server writes one to worker.token in its "
                "data folder."
            )
        case HTTPStatus.FORBIDDEN:
            return f"This token may not claim tasks: {problem.detail} It needs the `worker` role."
        case _:
            return f"Gatepost rejected this worker: {problem}"


def _idempotency_key(task: DeploymentTask, operation: str) -> str:
    return f"{task.claim_id}-{task.fencing_token}-{operation}"
