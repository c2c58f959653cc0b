"""Finding and claiming the next task of a worker, of the kinds that it understands."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from gatepost_api.claims.delivery_responses import DeliveryTask
from gatepost_api.claims.requests import ClaimCreate
from gatepost_api.claims.responses import CheckTask, Task
from gatepost_api.http.request import ApiRequest
from gatepost_api.webhooks.messages import content_type_of, encode_message
from gatepost_api.webhooks.signing import signature_headers
from gatepost_domain.access.command import Command
from gatepost_domain.actions.check_runs.claims import (
    claim_next_check_run,
    has_claimable_check_run,
)
from gatepost_domain.actions.deployments import claims
from gatepost_domain.actions.webhooks import claims as webhooks
from gatepost_domain.actions.webhooks.claims import claim_next_delivery, has_claimable_delivery
from gatepost_domain.deployments.claim import TaskKind
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.ports.unit_of_work import UnitOfWork


async def find_task_and_worker(
    request: ApiRequest, data: ClaimCreate
) -> tuple[bool, Worker | None]:
    """Return whether there is a task, and when the worker was last seen."""

    def find(uow: UnitOfWork) -> tuple[bool, Worker | None]:
        has_task = _has_task(uow, data, request.command(uow))
        return has_task, uow.claims.find_worker(data.worker)

    return await request.context.reads.read_snapshot(find)


async def claim_next_task(
    request: ApiRequest, data: ClaimCreate, disconnected: asyncio.Task[None]
) -> Task | CheckTask | DeliveryTask | None:
    """Claim a task in a transaction that checks again what is claimable.

    Check runs come first: they take seconds, and somebody waits for them. Deliveries to
    webhooks come last: there can be many, and they can wait. Return None if another worker was
    first, or if the client disconnected while the transaction waited.
    """
    at, claim_id = request.context.now(), request.context.new_id()
    lease = timedelta(seconds=data.lease_s)

    def claim_check_run(uow: UnitOfWork, command: Command) -> CheckTask | None:
        task = claim_next_check_run(uow, command, worker=data.worker, lease=lease)
        return None if task is None else CheckTask.from_domain_task(task, at)

    def claim_deployment(uow: UnitOfWork, command: Command) -> Task | None:
        task = claims.claim_next(uow, command, worker=data.worker, lease=lease, id=claim_id)
        if task is None:
            return None
        deployment = task.deployment
        policy = uow.environments.policy_version(deployment.environment, deployment.policy_version)
        return Task.from_domain_task(task, policy, at)

    def claim_delivery(uow: UnitOfWork, command: Command) -> DeliveryTask | None:
        claimed = claim_next_delivery(uow, command, worker=data.worker)
        return None if claimed is None else _message_to_send(request, uow, claimed, at)

    def claim(uow: UnitOfWork) -> Task | CheckTask | DeliveryTask | None:
        if disconnected.done():
            return None
        command = request.command(uow, at=at)
        if TaskKind.CHECK_RUN in data.kinds and (task := claim_check_run(uow, command)):
            return task
        if TaskKind.DEPLOYMENT in data.kinds and (started := claim_deployment(uow, command)):
            return started
        return claim_delivery(uow, command) if TaskKind.WEBHOOK_DELIVERY in data.kinds else None

    task = await request.context.ledger.perform(claim)
    if task is not None:
        request.context.change_signal.notify()
    return task


def _has_task(uow: UnitOfWork, data: ClaimCreate, command: Command) -> bool:
    if TaskKind.CHECK_RUN in data.kinds and has_claimable_check_run(uow, command):
        return True
    if TaskKind.DEPLOYMENT in data.kinds and claims.has_claimable_task(
        uow, command, worker=data.worker
    ):
        return True
    return TaskKind.WEBHOOK_DELIVERY in data.kinds and has_claimable_delivery(uow, command)


def _message_to_send(
    request: ApiRequest, uow: UnitOfWork, claimed: webhooks.DeliveryTask, at: datetime
) -> DeliveryTask:
    """Return the signed message of a claimed delivery."""
    signer, deployment = request.context.checkpoint_signer, claimed.deployment
    policy = (
        None
        if deployment is None
        else uow.environments.policy_version(deployment.environment, deployment.policy_version)
    )
    body = encode_message(claimed, policy, source=signer.origin)
    headers = {
        "content-type": content_type_of(claimed.webhook.format),
        **signature_headers(signer, claimed.webhook, str(claimed.delivery.id), body, at=at),
    }
    return DeliveryTask.from_domain_task(claimed, body, headers, request.context.outgoing_allow)
