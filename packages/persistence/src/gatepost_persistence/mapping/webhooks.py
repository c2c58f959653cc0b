"""Mapping between rows and webhooks or deliveries to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import EventKind, to_rfc3339
from gatepost_domain.webhooks.delivery import Attempt, Delivery, DeliveryState
from gatepost_domain.webhooks.webhook import (
    DisabledReason,
    DisabledState,
    EventFilter,
    Webhook,
    WebhookFormat,
)
from gatepost_persistence.mapping.values import (
    RowValues,
    decode_texts,
    encode_json,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)


def webhook_to_row(webhook: Webhook) -> RowValues:
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "format": webhook.format,
        "created_by": webhook.created_by,
        "created_at": to_rfc3339(webhook.created_at),
        **webhook_settings_values(webhook),
        **webhook_progress_values(webhook),
    }


def webhook_settings_values(webhook: Webhook) -> RowValues:
    """Return the columns that a change to a webhook sets and that events record."""
    limits, disabled = webhook.filter, webhook.disabled
    return {
        "kinds": encode_json(limits.kinds),
        "service_names": encode_json(limits.services),
        "environment_names": encode_json(limits.environments),
        "tiers": encode_json(limits.tiers),
        "secret_number": webhook.secret_number,
        "rotated_at": format_optional_instant(webhook.rotated_at),
        "disabled_reason": None if disabled is None else disabled.reason,
        "disabled_at": None if disabled is None else to_rfc3339(disabled.at),
        "removed_at": format_optional_instant(webhook.removed_at),
        "revision": webhook.revision,
    }


def webhook_progress_values(webhook: Webhook) -> RowValues:
    """Return the columns that change as deliveries are sent; events do not record them."""
    return {
        "position": webhook.position,
        "failing_since": format_optional_instant(webhook.failing_since),
        "next_request_at": to_rfc3339(webhook.next_request_at),
    }


def webhook_from_row(row: Any) -> Webhook:
    return Webhook(
        id=UUID(row.id),
        url=row.url,
        format=WebhookFormat(row.format),
        filter=EventFilter(
            kinds=tuple(map(EventKind, decode_texts(row.kinds))),
            services=decode_texts(row.service_names),
            environments=decode_texts(row.environment_names),
            tiers=tuple(map(Tier, decode_texts(row.tiers))),
        ),
        created_by=row.created_by,
        created_at=parse_instant(row.created_at),
        secret_number=row.secret_number,
        rotated_at=parse_optional_instant(row.rotated_at),
        disabled=None
        if row.disabled_reason is None
        else DisabledState(
            reason=DisabledReason(row.disabled_reason), at=parse_instant(row.disabled_at)
        ),
        removed_at=parse_optional_instant(row.removed_at),
        revision=row.revision,
        position=row.position,
        failing_since=parse_optional_instant(row.failing_since),
        next_request_at=parse_instant(row.next_request_at),
    )


def delivery_to_row(delivery: Delivery) -> RowValues:
    return {
        "id": str(delivery.id),
        "webhook": str(delivery.webhook_id),
        "seq": delivery.seq,
        "kind": str.__str__(delivery.kind),
        "created_at": to_rfc3339(delivery.created_at),
        **delivery_progress_values(delivery),
    }


def delivery_progress_values(delivery: Delivery) -> RowValues:
    """Return the columns that claims and attempts change."""
    attempt = delivery.last_attempt
    return {
        "state": str.__str__(delivery.state),
        "due_at": to_rfc3339(delivery.due_at),
        "attempts": delivery.attempts,
        "claim_count": delivery.claims,
        "worker": delivery.worker,
        "attempted_at": None if attempt is None else to_rfc3339(attempt.at),
        "response_status": None if attempt is None else attempt.status,
        "detail": None if attempt is None else attempt.detail,
        "took_ms": None if attempt is None else attempt.took_ms,
        "ended_at": format_optional_instant(delivery.ended_at),
    }


def delivery_from_row(row: Any) -> Delivery:
    return Delivery(
        id=UUID(row.id),
        webhook_id=UUID(row.webhook),
        seq=row.seq,
        kind=EventKind(row.kind),
        state=DeliveryState(row.state),
        created_at=parse_instant(row.created_at),
        due_at=parse_instant(row.due_at),
        attempts=row.attempts,
        claims=row.claim_count,
        worker=row.worker,
        last_attempt=None
        if row.attempted_at is None
        else Attempt(
            at=parse_instant(row.attempted_at),
            status=row.response_status,
            detail=row.detail or "",
            took_ms=row.took_ms,
        ),
        ended_at=parse_optional_instant(row.ended_at),
    )
