"""Finding and claiming the next task of a worker, of the kinds that it understands."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from gatepost_api.claims.requests import ClaimCreate
from gatepost_api.claims.responses import CheckTask, Task
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.actions.check_runs.claims import (
    claim_next_check_run,
    has_claimable_check_run,
)
from gatepost_domain.actions.deployments import claims
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
) -> Task | CheckTask | None:
    """Claim a task in a transaction that checks again what is claimable.

    Check runs come first: they take seconds, and somebody waits for them. Return None if another
    worker was first, or if the client disconnected while the transaction waited.
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

    def claim(uow: UnitOfWork) -> Task | CheckTask | None:
        if disconnected.done():
            return None
        command = request.command(uow, at=at)
        if TaskKind.CHECK_RUN in data.kinds and (task := claim_check_run(uow, command)):
            return task
        return claim_deployment(uow, command) if TaskKind.DEPLOYMENT in data.kinds else None

    task = await request.context.ledger.perform(claim)
    if task is not None:
        request.context.change_signal.notify()
    return task


def _has_task(uow: UnitOfWork, data: ClaimCreate, command: Command) -> bool:
    if TaskKind.CHECK_RUN in data.kinds and has_claimable_check_run(uow, command):
        return True
    return TaskKind.DEPLOYMENT in data.kinds and claims.has_claimable_task(
        uow, command, worker=data.worker
    )
