"""Documenting the messages that webhooks receive in `webhooks` of the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

WEBHOOK_MESSAGES: Final[dict[str, Any]] = {
    "event": {
        "post": {
            "operationId": "receive_webhook_message",
            "tags": ["webhooks"],
            "summary": "Receive a message from a webhook",
            "description": "The request that a webhook with the format `gatepost` sends for each "
            "event. The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` follow "
            "Standard Webhooks. Verify the signature with the webhook's secret. A "
            "message can arrive more than once, always with the same `webhook-id`.",
            "security": [],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/WebhookMessage"}}
                },
            },
            "responses": {
                "204": {"description": "Accepted. Any status from 200 to 299 has this meaning."},
                "410": {"description": "Gone. The webhook is disabled."},
            },
        }
    }
}
