"""Claiming, renewing, reporting and finishing tasks, for workers."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.claims.delivery_responses import DeliveryTask
from gatepost_api.claims.github_protection_answer_responses import ProtectionAnswerTask
from gatepost_api.claims.notification_responses import NotificationTask
from gatepost_api.claims.requests import ClaimCreate, FinishBody, RenewBody, StepsBody
from gatepost_api.claims.responses import CheckTask, ClaimLease, Task
from gatepost_api.claims.task_search import claim_next_task, peek_task_and_recent_worker
from gatepost_api.deployments.action_execution import deployment_response
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.disconnects import wait_for_disconnect
from gatepost_api.http.documented_headers import CHANGED_HEADERS, NO_CONTENT_RESPONSE
from gatepost_api.http.path_parameters import ClaimInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.waiting_workers import WaitingName
from gatepost_domain.actions.deployments import claims
from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.errors import NotFound

POLL_INTERVAL_S: Final = 1.0
"""The maximum delay, in seconds, before a waiting worker sees a task queued by another process."""


class ClaimController(Controller):
    """Operations on workers' claims on tasks and deployments."""

    path = "/worker/claims"
    tags = ("workers",)

    @post(
        status_code=200,
        summary="Claim a task",
        responses={
            **problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
            **NO_CONTENT_RESPONSE,
        },
    )
    async def claim_task(
        self, request: ApiRequest, data: JSONBody[ClaimCreate]
    ) -> Response[Task | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask]:
        """Take over a lost worker's deployment, or start the one that has been queued longest.

        Deployments whose gates are not open are skipped. If `kinds` includes them, check runs come
        first; notifications, messages to webhooks and answers to waiting GitHub jobs last. With
        `wait_s`, the server waits up to that long for a task; if the client disconnects while
        waiting, nothing is started. The response is 204 if there is no task, and 409
        `worker_name_taken` while another worker with the same name is waiting, even if that worker
        is connected to another process of the server.
        """
        if data.wait_s == 0:
            return await self._claim_within(request, data)
        with request.context.waiting_workers.reserve_name(data.worker):
            return await self._claim_within(request, data)

    async def _claim_within(
        self, request: ApiRequest, data: ClaimCreate
    ) -> Response[Task | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask]:
        """Claim a task, waiting for one as long as the worker allows."""
        clock = asyncio.get_running_loop().time
        name = WaitingName(data.worker, request.context.now())
        deadline, change_signal = clock() + data.wait_s, request.context.change_signal
        disconnected = asyncio.create_task(wait_for_disconnect(request))
        try:
            while not disconnected.done():
                next_change = change_signal.next_change()
                has_task, known = await peek_task_and_recent_worker(request, data)
                at = request.context.now()
                if name.must_store_last_seen(known, at):
                    await _record_worker(request, data, at)
                    name.mark_last_seen_stored(at)
                if has_task:
                    task = await claim_next_task(request, data, disconnected)
                    if task is not None:
                        return Response(task)
                remaining_s = deadline - clock()
                if remaining_s <= 0 or change_signal.is_closing:
                    break
                await _wait_for_change(
                    disconnected, next_change, within_s=min(remaining_s, POLL_INTERVAL_S)
                )
        finally:
            disconnected.cancel()
        return Response(None, status_code=204)  # type: ignore[arg-type]  # 204 has no body

    @post(
        "/{claim:str}/renew",
        status_code=200,
        summary="Renew a claim",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    )
    async def renew_claim(
        self, request: ApiRequest, claim: ClaimInPath, data: JSONBody[RenewBody]
    ) -> Response[ClaimLease]:
        """Extend a claim by another lease.

        Returns 409 if another worker holds the claim or the deployment has ended. In that case, the
        worker must stop at once, and its further reports are refused.
        """
        at = request.context.now()
        renew = partial(
            claims.renew_claim, claim=_parse_claim_id(claim), fencing_token=data.fencing_token
        )
        return await execute(
            request,
            renew,
            lambda _, renewed: WriteResponse.from_output(ClaimLease.from_domain(renewed, at)),
        )

    @post(
        "/{claim:str}/steps",
        status_code=200,
        summary="Report steps",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def report_steps(
        self,
        request: ApiRequest,
        claim: ClaimInPath,
        data: JSONBody[StepsBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[ClaimLease]:
        """Record progress and renew the claim.

        Steps are stored and shown with the deployment. Returns 409 if another worker holds the
        claim or the deployment has ended.
        """
        at = request.context.now()
        report = partial(
            claims.report_steps,
            claim=_parse_claim_id(claim),
            fencing_token=data.fencing_token,
            steps=data.steps_to_domain(),
        )
        return await execute(
            request,
            report,
            lambda _, renewed: WriteResponse.from_output(ClaimLease.from_domain(renewed, at)),
            idempotency_key=idempotency_key,
        )

    @post(
        "/{claim:str}/finish",
        status_code=200,
        summary="Finish a claim",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def finish_claim(
        self,
        request: ApiRequest,
        claim: ClaimInPath,
        data: JSONBody[FinishBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Deployment]:
        """Record the outcome of a deployment and end the claim.

        If the policy requires automatic promotion, the promotion is requested in the same
        transaction. Returns 409, and changes nothing, if another worker holds the claim or the
        deployment has ended.
        """
        finish = partial(
            claims.finish_claim,
            claim=_parse_claim_id(claim),
            fencing_token=data.fencing_token,
            outcome=data.outcome,
            steps=data.steps_to_domain(),
            new_id=request.context.new_id,
        )
        return await execute(
            request,
            finish,
            deployment_response,
            note=replace_refused_characters(data.note or "") or None,
            idempotency_key=idempotency_key,
        )


async def _record_worker(request: ApiRequest, data: ClaimCreate, at: datetime) -> None:
    worker = Worker(
        name=data.worker,
        version=data.version,
        last_seen_at=at,
        lease=timedelta(seconds=data.lease_s),
    )
    await request.context.ledger.perform(
        lambda uow: claims.record_worker_seen(uow, request.command(uow, at=at), worker)
    )


async def _wait_for_change(
    disconnected: asyncio.Task[None], next_change: asyncio.Event, *, within_s: float
) -> None:
    """Wait until the client disconnects, a change occurs, or the time is up."""
    changed = asyncio.create_task(next_change.wait())
    try:
        await asyncio.wait(
            {disconnected, changed}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        changed.cancel()


def _parse_claim_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("claim", text) from None
