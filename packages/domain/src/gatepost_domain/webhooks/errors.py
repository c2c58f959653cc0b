"""Refusals about webhooks."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.errors import Refusal
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState
from gatepost_domain.webhooks.webhook import MAX_WEBHOOKS


class TooManyWebhooks(Refusal):
    """The maximum number of webhooks already exists."""

    code = "too_many_webhooks"

    def __init__(self) -> None:
        super().__init__(
            f"There are already {MAX_WEBHOOKS} webhooks. Remove one that is no longer used, or let "
            "one receiver distribute the events."
        )


class WebhookDisabled(Refusal):
    """The webhook is disabled, so nothing is sent to it."""

    code = "webhook_disabled"

    def __init__(self, webhook_id: UUID) -> None:
        super().__init__("The webhook is disabled, so nothing is sent to it. Enable it first.")
        self.webhook_id = webhook_id


class DeliveryPending(Refusal):
    """The delivery has not ended, so it will be sent anyway."""

    code = "delivery_pending"

    def __init__(self, delivery_id: UUID) -> None:
        super().__init__(
            "The delivery is pending: it is being sent, or is waiting for its next attempt. Send "
            "it again once it has failed or has been delivered."
        )
        self.delivery_id = delivery_id


class DeliveryClaimLost(Refusal):
    """The worker no longer holds the delivery, so its report changes nothing."""

    code = "delivery_claim_lost"

    def __init__(self, delivery: Delivery) -> None:
        reason = (
            f"{delivery.worker} holds it now"
            if delivery.state is DeliveryState.PENDING
            else f"it is {delivery.state}"
        )
        super().__init__(f"This claim on delivery {delivery.id} is no longer valid: {reason}.")
        self.state = delivery.state
