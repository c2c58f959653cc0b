"""Finding and claiming the next task for a worker, of the kinds that it understands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeAlias

from gatepost_api.claims.delivery_responses import DeliveryTask
from gatepost_api.claims.github_protection_answer_responses import ProtectionAnswerTask
from gatepost_api.claims.notification_responses import NotificationTask
from gatepost_api.claims.requests import ClaimCreate
from gatepost_api.claims.responses import CheckTask, Task
from gatepost_api.http.request import ApiRequest
from gatepost_api.notifications.messages import build_message
from gatepost_api.notifications.url_encryption import UnreadableUrl, decrypt_url
from gatepost_api.webhooks.messages import content_type_of, encode_message
from gatepost_api.webhooks.signing import signature_headers
from gatepost_domain.access.command import Command
from gatepost_domain.actions.check_runs.claims import (
    claim_next_check_run,
    has_claimable_check_run,
)
from gatepost_domain.actions.deployments import claims
from gatepost_domain.actions.ingest import github_protection_answer_claims as answers
from gatepost_domain.actions.notifications import claims as notifications
from gatepost_domain.actions.notifications.claims import (
    claim_next_notifications,
    has_claimable_notification,
)
from gatepost_domain.actions.webhooks import claims as webhooks
from gatepost_domain.actions.webhooks.claims import claim_next_delivery, has_claimable_delivery
from gatepost_domain.deployments.claim import TaskKind
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.ingest.github_protection_answer import AnswerAttempt
from gatepost_domain.notifications.notification import SendAttempt
from gatepost_domain.ports.unit_of_work import UnitOfWork

AnyTask: TypeAlias = Task | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask
"""A task of any kind."""
Claim: TypeAlias = Callable[[UnitOfWork, Command], AnyTask | None]
"""Claims the next task of one kind."""

_UNREADABLE: Final = (
    "The URL of the channel cannot be decrypted, because the server's signing key has changed "
    "since the URL was set. Set the URL again."
)

_OTHER_API: Final = (
    "The job's callback URL does not belong to {api}, so no token is sent to it. Set "
    "GATEPOST_GITHUB_API to the address of your GitHub server's API."
)


async def peek_task_and_recent_worker(
    request: ApiRequest, data: ClaimCreate
) -> tuple[bool, Worker | None]:
    """Return whether there is a task, and the worker (None if it was not seen recently)."""

    def find(uow: UnitOfWork) -> tuple[bool, Worker | None]:
        has_task = _has_task(request, uow, data, request.command(uow))
        return has_task, uow.claims.find_recent_worker(data.worker)

    return await request.context.reads.read_snapshot(find)


async def claim_next_task(
    request: ApiRequest, data: ClaimCreate, disconnected: asyncio.Task[None]
) -> AnyTask | None:
    """Claim a task in a transaction, checking again which tasks can be claimed.

    Check runs come first, because they take seconds and a user is waiting for them. Messages come
    last, because there can be many and they can wait. Return None if another worker claimed the
    task first, or if the client disconnected while the transaction was waiting.
    """
    at, claim_id, kinds = request.context.now(), request.context.new_id(), set(data.kinds)
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
        return None if claimed is None else _build_delivery_task(request, uow, claimed, at)

    def claim_notification(uow: UnitOfWork, command: Command) -> NotificationTask | None:
        claimed = claim_next_notifications(uow, command, worker=data.worker)
        return None if claimed is None else _build_notification_task(request, uow, claimed, command)

    claim_functions: tuple[tuple[TaskKind, Claim], ...] = (
        (TaskKind.CHECK_RUN, claim_check_run),
        (TaskKind.DEPLOYMENT, claim_deployment),
        (TaskKind.PROTECTION_ANSWER, partial(_claim_answer, request, data.worker)),
        (TaskKind.NOTIFICATION, claim_notification),
        (TaskKind.WEBHOOK_DELIVERY, claim_delivery),
    )

    def claim(uow: UnitOfWork) -> AnyTask | None:
        if disconnected.done():
            return None
        command = request.command(uow, at=at)
        claimed = (function(uow, command) for kind, function in claim_functions if kind in kinds)
        return next((task for task in claimed if task is not None), None)

    task = await request.context.ledger.perform(claim)
    if task is not None:
        request.context.change_signal.notify()
    return task


def _has_task(request: ApiRequest, uow: UnitOfWork, data: ClaimCreate, command: Command) -> bool:
    if TaskKind.CHECK_RUN in data.kinds and has_claimable_check_run(uow, command):
        return True
    if TaskKind.DEPLOYMENT in data.kinds and claims.has_claimable_task(
        uow, command, worker=data.worker
    ):
        return True
    if (
        TaskKind.PROTECTION_ANSWER in data.kinds
        and request.context.github_app is not None
        and answers.has_claimable_answer(uow, command)
    ):
        return True
    if TaskKind.NOTIFICATION in data.kinds and has_claimable_notification(uow, command):
        return True
    return TaskKind.WEBHOOK_DELIVERY in data.kinds and has_claimable_delivery(uow, command)


def _claim_answer(
    request: ApiRequest, worker: str, uow: UnitOfWork, command: Command
) -> ProtectionAnswerTask | None:
    """Claim an answer; return None if no answer is due, or if its URL may not receive a token."""
    context, app = request.context, request.context.github_app
    if app is None:
        return None
    claimed = answers.claim_next_answer(uow, command, worker=worker)
    if claimed is None:
        return None
    answer = claimed.answer
    if not app.may_receive_token(answer.callback_url):
        detail = _OTHER_API.format(api=app.api_url)
        answers.finish_answer(
            uow,
            answer.id,
            command,
            fencing_token=answer.claims,
            attempt=AnswerAttempt(at=command.at, status=None, detail=detail),
            retry_after=None,
        )
        return None
    return ProtectionAnswerTask.from_domain_task(
        claimed,
        app,
        address=context.address_for_people,
        outgoing_allow=context.outgoing_allow,
        at=command.at,
    )


def _build_notification_task(
    request: ApiRequest,
    uow: UnitOfWork,
    claimed: notifications.NotificationTask,
    command: Command,
) -> NotificationTask | None:
    """Return the message for a claimed channel, or None if its URL cannot be decrypted."""
    context, channel = request.context, claimed.channel
    try:
        url = decrypt_url(context.checkpoint_signer, channel.id, channel.address.sealed)
    except UnreadableUrl:
        notifications.finish_notifications(
            uow,
            channel.id,
            command,
            fencing_token=channel.claims,
            attempt=SendAttempt(at=command.at, sent=False, detail=_UNREADABLE),
        )
        return None
    message = build_message(claimed, address=context.address_for_people)
    return NotificationTask.from_domain_task(claimed, message, url, context.outgoing_allow)


def _build_delivery_task(
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
