"""Sending a test to a webhook, and sending an event again."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.webhooks.webhook_change_events import webhook_event
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState, requeue
from gatepost_domain.webhooks.errors import DeliveryPending, WebhookDisabled
from gatepost_domain.webhooks.webhook import Webhook


def send_test(
    uow: UnitOfWork,
    webhook: UUID,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> Delivery:
    """Send a test event to this webhook only.

    Raises:
        NotFound: there is no such webhook.
        Forbidden: the actor may not manage webhooks.
        WebhookDisabled: the webhook is disabled.
    """
    current, resolved = _require_enabled_webhook(uow, webhook, command)
    uow.event_log.append(webhook_event(EventKind.WEBHOOK_TESTED, resolved, current))
    delivery = Delivery(
        id=id,
        webhook_id=current.id,
        seq=uow.event_log.last_seq(),
        kind=EventKind.WEBHOOK_TESTED,
        created_at=resolved.at,
        due_at=resolved.at,
    )
    uow.webhooks.add_deliveries([delivery])
    return delivery


def redeliver(uow: UnitOfWork, webhook: UUID, delivery: UUID, command: Command) -> Delivery:
    """Send an event again, with the same id and a full schedule of attempts.

    Raises:
        NotFound: there is no such delivery of this webhook.
        Forbidden: the actor may not manage webhooks.
        WebhookDisabled: the webhook is disabled.
        DeliveryPending: the delivery has not ended.
    """
    current, resolved = _require_enabled_webhook(uow, webhook, command)
    stored = uow.webhooks.get_delivery(delivery)
    if stored.webhook_id != current.id:
        raise NotFound("delivery", str(delivery))
    if stored.state is DeliveryState.PENDING:
        raise DeliveryPending(delivery)
    pending = requeue(stored, at=resolved.at)
    uow.webhooks.save_delivery(pending)
    uow.event_log.append(
        webhook_event(
            EventKind.WEBHOOK_REDELIVERED,
            resolved,
            current,
            delivery=str(delivery),
            seq=stored.seq,
        )
    )
    return pending


def _require_enabled_webhook(
    uow: UnitOfWork, webhook: UUID, command: Command
) -> tuple[Webhook, Command]:
    current = uow.webhooks.get(webhook)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_WEBHOOKS)
    if not current.is_enabled:
        raise WebhookDisabled(current.id)
    return current, resolved
