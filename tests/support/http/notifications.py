"""Notification channels over HTTP: adding them, queueing, and what workers report."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from gatepost_domain.actions.notifications.outbox import queue_notifications
from gatepost_domain.notifications.notification import MAX_ATTEMPTS
from tests.support.builders import an_id
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json
from tests.support.http.request_builders import (
    OperationRequest,
    Preparation,
    change,
    get,
    post,
)

PATH: Final = "/notification-channels"
SECRET: Final = "TIiajkdnlazkcOXrIdevi7FQ"  # of a Slack channel that does not exist
URL: Final = f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}/#deploys"
TEAM: Final = {"kind": "team", "name": "team"}
CHANNEL: Final[Json] = {"name": "Shop", "recipient": TEAM, "url": URL}
OWN_CHANNEL: Final[Json] = {"name": "Mine", "url": URL}
BODIES: Final[dict[str, Json]] = {
    "add_notification_channel": OWN_CHANNEL,
    "change_notification_channel": {"enabled": False},
    "finish_notifications": {"fencing_token": 1, "sent": True},
}
"""The bodies of the operations, for a channel that was claimed once."""


async def add_channel(api: Api, **fields: Any) -> Json:
    """Add a channel, and return it."""
    return created_json(await api.post(PATH, {**CHANNEL, **fields}))


async def queue(api: Api) -> None:
    """Queue the notifications that are missing, as the scheduler does."""
    await api.ledger.perform(partial(queue_notifications, at=api.clock(), new_id=an_id))


async def claim_notification(api: Api, worker: str = "berlin-1") -> Json:
    """Claim the next message as a worker."""
    body = {"worker": worker, "kinds": ["notification"]}
    return ok_json(await api.post("/worker/claims", body))


async def claim_test(api: Api, **fields: Any) -> Json:
    """Add a channel, have a test sent to it, and claim the message."""
    added = await add_channel(api, **fields)
    ok_json(await api.post(f"{PATH}/{added['id']}/test"))
    return await claim_notification(api)


async def finish(api: Api, task: Json, *, sent: bool = True, **fields: Any) -> Json:
    """Report whether the message was sent."""
    body = {"fencing_token": task["fencing_token"], "sent": sent, **fields}
    return ok_json(await api.post(f"/worker/notification-channels/{task['id']}/finish", body))


async def channel_id(api: Api) -> str:
    """Return the id of the latest channel, or a nil id."""
    page = ok_json(await api.get(PATH, headers=auth_header("owner")))
    return next((channel["id"] for channel in page["items"]), str(UUID(int=0)))


async def notification_id(api: Api) -> str:
    """Return the id of the latest notification of the latest channel, or a nil id."""
    path = f"{PATH}/{await channel_id(api)}/notifications"
    page = await api.get(path, headers=auth_header("owner"))
    items = page.json().get("items", [])
    return next((notification["id"] for notification in items), str(UUID(int=0)))


async def prepare_notifications(api: Api, operation: str) -> None:
    """Create the channel and the claim that a worker's operation needs to succeed."""
    if operation == "finish_notifications":
        await claim_test(api)


async def prepare_own_channel(api: Api, operation: str, owner: str) -> None:
    """Create the person's channel that an operation needs to succeed."""
    recipient = {"kind": "user", "name": owner}
    if operation == "resend_notification":
        await fail_test(api, recipient=recipient)
    elif operation == "list_notifications" or operation.endswith("notification_channel"):
        await add_channel(api, recipient=recipient)


async def fail_test(api: Api, **fields: Any) -> Json:
    """Add a channel, have a test sent to it that fails in all attempts, and return the channel."""
    added = await add_channel(api, **fields)
    ok_json(await api.post(f"{PATH}/{added['id']}/test", headers=auth_header("owner")))
    for _ in range(MAX_ATTEMPTS):
        await finish(api, await claim_notification(api), sent=False, detail="Slack answered 403.")
        api.clock.advance(timedelta(hours=6))
    return added


def of_channel(method: str, suffix: str = "", body: Json | None = None) -> Preparation:
    """Return a function that adds a channel and prepares a request about it."""

    async def prepare(api: Api) -> OperationRequest:
        added = await add_channel(api)
        return change(method, f"{PATH}/{added['id']}{suffix}", body)

    return prepare


async def resend_notification(api: Api) -> OperationRequest:
    added = await fail_test(api)
    path = f"{PATH}/{added['id']}/notifications"
    return change("POST", f"{path}/{await notification_id(api)}/resend")


async def finish_notifications(api: Api) -> OperationRequest:
    task = await claim_test(api)
    body = {"fencing_token": task["fencing_token"], "sent": True}
    return post(f"/worker/notification-channels/{task['id']}/finish", body)


NOTIFICATION_REQUESTS: Final[dict[str, OperationRequest | Preparation]] = {
    "list_notification_channels": get(PATH),
    "add_notification_channel": post(PATH, CHANNEL),
    "get_notification_channel": of_channel("GET"),
    "change_notification_channel": of_channel("PATCH", body={"enabled": False}),
    "remove_notification_channel": of_channel("DELETE"),
    "test_notification_channel": of_channel("POST", "/test"),
    "list_notifications": of_channel("GET", "/notifications"),
    "resend_notification": resend_notification,
    "finish_notifications": finish_notifications,
}
