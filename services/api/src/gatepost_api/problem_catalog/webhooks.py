"""Problems with webhooks."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_webhook",
        statuses=(404,),
        title="Unknown webhook",
        meaning="There is no webhook with this id, or it was removed.",
        remedy="List the webhooks to find their ids.",
    ),
    ProblemKind(
        code="unknown_delivery",
        statuses=(404,),
        title="Unknown delivery",
        meaning="The webhook has no delivery with this id.",
        remedy="List the webhook's deliveries to find their ids.",
    ),
    ProblemKind(
        code="unknown_event_kind",
        statuses=(422,),
        title="Unknown kind of event",
        meaning="An item in `events` is not a kind of event.",
        remedy="Use the kinds of events in the API reference (`EventKind`), or `*` for all kinds.",
    ),
    ProblemKind(
        code="no_cdevent",
        statuses=(422,),
        title="Nothing to send as CDEvents",
        meaning="CDEvents defines no event for any of these kinds, so nothing would ever be sent.",
        remedy="Add one of the kinds that `detail` names, or use the format `gatepost`.",
    ),
    ProblemKind(
        code="too_many_webhooks",
        statuses=(409,),
        title="Too many webhooks",
        meaning="The maximum number of webhooks has been reached.",
        remedy="Remove a webhook that is no longer used, and repeat the request.",
    ),
    ProblemKind(
        code="webhook_disabled",
        statuses=(409,),
        title="Webhook disabled",
        meaning="Nothing is sent to a disabled webhook.",
        remedy="Enable the webhook, and repeat the request.",
    ),
    ProblemKind(
        code="delivery_pending",
        statuses=(409,),
        title="Delivery not ended",
        meaning="The delivery is being sent, or is waiting for its next attempt.",
        remedy="Wait until the delivery has ended before you send it again.",
    ),
    ProblemKind(
        code="delivery_claim_lost",
        statuses=(409,),
        title="Claim on the delivery lost",
        meaning="The worker no longer holds the delivery, so its report changes nothing.",
        remedy="Claim the next task.",
    ),
)
