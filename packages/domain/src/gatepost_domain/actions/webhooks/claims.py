"""Workers' actions on webhook deliveries: claiming them, and reporting the result."""

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
from gatepost_domain.actions.webhooks.live_deployment_after_rollback import find_live_again
from gatepost_domain.actions.webhooks.webhook_change_events import disabled_event
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.webhooks.delivery import (
    Attempt,
    Delivery,
    DeliveryState,
    claim_delivery,
    conclude_attempt,
)
from gatepost_domain.webhooks.errors import DeliveryClaimLost
from gatepost_domain.webhooks.webhook import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTask:
    """Everything needed to build the message for a claimed delivery."""

    webhook: Webhook
    delivery: Delivery
    entry: LedgerEntry
    deployment: Deployment | None
    """The current state of the event's deployment; None if the event is not about a deployment."""
    is_first_in_lane: bool
    """Whether this is the first deployment of the service to the environment."""
    live_again: Deployment | None
    """The deployment that a rollback without a redeployment made live again, if there is one."""


def claim_next_delivery(uow: UnitOfWork, command: Command, *, worker: str) -> DeliveryTask | None:
    """Claim the delivery that has been due longest, or take over from a lost worker.

    A webhook has one request in progress at a time, so first attempts follow the order of the
    events. Return None if nothing is due, or if the actor's worker role is limited to some services
    or environments.

    Raises:
        Forbidden: the actor does not have the worker role.
    """
    webhook = _find_ready(uow, command)
    if webhook is None:
        return None
    webhook, delivery = claim_delivery(
        webhook, uow.webhooks.next_delivery(webhook.id), worker=worker, at=command.at
    )
    uow.webhooks.save_progress(webhook)
    uow.webhooks.save_delivery(delivery)
    entry = uow.event_log.entry(delivery.seq)
    deployment_id = entry.event.deployment_id
    deployment = None if deployment_id is None else uow.deployments.get(deployment_id)
    return DeliveryTask(
        webhook=webhook,
        delivery=delivery,
        entry=entry,
        deployment=deployment,
        is_first_in_lane=deployment is not None and _is_first_deployed_in_lane(uow, deployment),
        live_again=None
        if deployment is None or entry.event.kind is not EventKind.ROLLED_BACK
        else find_live_again(uow, deployment),
    )


def has_claimable_delivery(uow: UnitOfWork, command: Command) -> bool:
    """Return whether `claim_next_delivery` would return a task; nothing is written."""
    return _find_ready(uow, command) is not None


def finish_delivery(
    uow: UnitOfWork,
    delivery: UUID,
    command: Command,
    *,
    fencing_token: int,
    attempt: Attempt,
    retry_after: timedelta | None,
) -> Delivery:
    """Store the result of an attempt, and decide what happens next.

    An event records the result only if it disables the webhook.

    Raises:
        NotFound: there is no such delivery, or its webhook was removed.
        Forbidden: the actor does not have the worker role everywhere.
        DeliveryClaimLost: another worker holds the delivery, or the delivery has ended.
    """
    current = uow.webhooks.get_delivery(delivery)
    webhook = uow.webhooks.get(current.webhook_id)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CARRY_OUT)
    if current.state is not DeliveryState.PENDING or current.claims != fencing_token:
        raise DeliveryClaimLost(current)
    record_worker_seen_if_overdue(uow, current.worker or "", lease=DEFAULT_LEASE, at=command.at)
    after, attempted = conclude_attempt(webhook, current, attempt, retry_after=retry_after)
    uow.webhooks.save_delivery(attempted)
    if webhook.is_enabled and not after.is_enabled:
        uow.webhooks.save(after, disabled_event(command, after))
    else:
        uow.webhooks.save_progress(after)
    return attempted


def _find_ready(uow: UnitOfWork, command: Command) -> Webhook | None:
    actor = authorize_worker(command).actor
    return uow.webhooks.find_ready(command.at) if actor.may(Right.CARRY_OUT) else None


def _is_first_deployed_in_lane(uow: UnitOfWork, deployment: Deployment) -> bool:
    deployed_at = deployment.deployed_at
    return deployed_at is not None and not uow.deployments.has_deployed_before(
        deployment.service, deployment.environment, deployed_at
    )
