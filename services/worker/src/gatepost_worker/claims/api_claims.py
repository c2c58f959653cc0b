"""ClaimPort as Gatepost's HTTP API has them, asked for through the typed client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from gatepost_client import AsyncGatepost, GatepostProblem, NoAnswer, UnexpectedAnswer, models
from gatepost_worker import tasks
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.executors.registry import executor_kind
from gatepost_worker.tasks import Outcome, Result, Step, Task

ANSWER_S: Final = 10.0
"""How long an answer may take, beyond the time that a claim was told to wait."""

_TRY_LATER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT})
_LOST: Final = frozenset({"claim_lost", "unknown_claim"})
"""What a renewal, a report and an end are told where the claim is nobody's or another's."""

_ENDINGS: Final = {
    Result.SUCCEEDED: models.Ending.SUCCEEDED,
    Result.FAILED: models.Ending.FAILED,
}


class WorkerRejected(Exception):
    """Gatepost will not let this worker work; the message says why, and what would help."""


class ApiClaims:
    """ClaimPort of one worker, by the name and the lease that it asks for."""

    def __init__(self, gatepost: AsyncGatepost, *, worker: str, lease: timedelta) -> None:
        self._gatepost = gatepost
        self._worker = worker
        self._lease = lease

    async def claim(self, wait_s: float) -> Task | None:
        """As `ClaimPort.claim`.

        Raises:
            WorkerRejected: by this token, or by this name, it gets nothing to do.
        """
        lease_s = round(self._lease.total_seconds())
        asked = models.ClaimCreate(worker=self._worker, wait_s=round(wait_s), lease_s=lease_s)
        try:
            async with _answering(wait_s + ANSWER_S):
                given = await self._gatepost.claim_task(asked)
        except GatepostProblem as problem:
            raise WorkerRejected(_why(problem)) from problem
        return None if given is None else task_of(given)

    async def renew(self, task: Task) -> None:
        """As `ClaimPort.renew`."""
        body = models.RenewBody(fencing_token=task.fencing_token)
        async with _holding(), _answering(ANSWER_S):
            await self._gatepost.renew_claim(task.claim_id, body)

    async def report(self, task: Task, steps: Sequence[Step], *, number: int) -> None:
        """As `ClaimPort.report`."""
        body = models.StepsBody(fencing_token=task.fencing_token, steps=_told(steps))
        async with _holding(), _answering(ANSWER_S):
            await self._gatepost.report_steps(
                task.claim_id, body, idempotency_key=_key(task, f"steps-{number}")
            )

    async def finish(self, task: Task, outcome: Outcome, steps: Sequence[Step]) -> None:
        """As `ClaimPort.finish`."""
        body = models.FinishBody(
            fencing_token=task.fencing_token,
            outcome=_ENDINGS[outcome.result],
            note=outcome.note or None,
            steps=_told(steps),
        )
        async with _holding(), _answering(ANSWER_S):
            await self._gatepost.finish_claim(
                task.claim_id, body, idempotency_key=_key(task, "end")
            )


@asynccontextmanager
async def _answering(within_s: float) -> AsyncGenerator[None]:
    """Tell a no from no answer, and from one that may be another a little later.

    Raises:
        ServerUnavailable: nobody knows, or not now.
        GatepostProblem: the server's no.
    """
    try:
        async with asyncio.timeout(within_s):
            yield
    except TimeoutError as error:
        raise ServerUnavailable(f"no answer within {within_s:g} s") from error
    except (NoAnswer, UnexpectedAnswer) as error:
        raise ServerUnavailable(f"{error}") from error
    except GatepostProblem as problem:
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR or problem.status in _TRY_LATER:
            raise ServerUnavailable(f"{problem}") from problem
        raise


@asynccontextmanager
async def _holding() -> AsyncGenerator[None]:
    """Tell a claim that is another's from other refusals.

    Raises:
        LeaseLost: it is.
        ServerUnavailable: the same is being told already.
    """
    try:
        yield
    except GatepostProblem as problem:
        if problem.code in _LOST:
            raise LeaseLost(f"{problem}") from problem
        if problem.status == HTTPStatus.CONFLICT:
            raise ServerUnavailable(f"{problem}") from problem
        raise


def _why(problem: GatepostProblem) -> str:
    match problem.status:
        case HTTPStatus.UNAUTHORIZED:
            return (
                f"Gatepost does not know this worker's token: {problem.detail} Its first start "
                "writes one to worker.token in its data folder; GATEPOST_TOKEN takes it."
            )
        case HTTPStatus.FORBIDDEN:
            return f"This token is no worker's: {problem.detail} It needs the role worker."
        case _:
            return f"Gatepost will not let this worker work: {problem}"


def _key(task: Task, what: str) -> str:
    """By which a repeat of what is told under a claim is known."""
    return f"{task.claim_id}-{task.fencing_token}-{what}"


def _told(steps: Sequence[Step]) -> list[models.StepBody]:
    return [
        models.StepBody(
            at=step.at,
            kind=models.StepKind(step.kind.value),
            name=step.name,
            state=models.StepState(step.state.value),
            detail=step.detail,
            took_ms=step.took_ms,
            tried=step.attempt,
        )
        for step in steps
    ]


def task_of(given: models.Task) -> Task:
    """The task, of what the server said."""
    return Task(
        claim_id=f"{given.id}",
        fencing_token=given.fencing_token,
        deployment=_deployment(given),
        target=_target(given.target),
        outgoing_allow=tuple(given.outgoing_allow),
        rolled_out=given.rolled_out,
        time_left=timedelta(seconds=given.time_left_s),
        lease=timedelta(seconds=given.lease_s),
    )


def _deployment(given: models.Task) -> tasks.Deployment:
    asked = given.deployment
    execution, build_id = asked.execution, asked.build_id
    return tasks.Deployment(
        id=f"{asked.id}",
        number=asked.number,
        service=asked.service,
        environment=asked.environment,
        version=asked.version,
        artifact_digest=asked.artifact_digest,
        previous_version=given.previous_version,
        requester=asked.requester,
        approved_by=tuple(
            approval.actor for stage in asked.review.stages for approval in stage.approvals
        ),
        build_id=f"{build_id if isinstance(build_id, UUID) else asked.id}",
        attempt=1 if execution is None else execution.attempt,
    )


def _target(given: models.TargetSettings) -> tasks.TargetSettings:
    ready = given.ready
    return tasks.TargetSettings(
        base_url=given.base_url,
        executor=executor_kind(given.executor.kind).to_domain(given.executor),
        ready=None
        if ready is None
        else tasks.Readiness(
            path=ready.path, timeout_s=ready.timeout_s, interval_s=ready.interval_s
        ),
        checks=tuple(map(_check, given.checks)),
    )


def _check(given: models.TargetCheck) -> tasks.Check:
    wanted = given.expect_json.additional_properties
    return tasks.Check(
        name=given.name,
        method=given.method.value,
        path=given.path,
        body=None if given.body is None else json.dumps(given.body),
        expect_status=given.expect_status,
        expect_json={pointer: json.dumps(value) for pointer, value in wanted.items()},
        max_latency_ms=given.max_latency_ms,
        timeout_s=given.timeout_s,
        attempts=given.attempts,
        required=given.required,
    )
