"""Requests to the operations of webhooks, and what they require."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.support.http.api import Api, Json
from tests.support.http.request_builders import (
    OperationRequest,
    Preparation,
    change,
    get,
    post,
)
from tests.support.http.webhooks import (
    PATH,
    URL,
    add_webhook,
    claim_test,
    delivery_id,
    finish,
    webhook_id,
)


def of_webhook(method: str, suffix: str = "", body: Json | None = None) -> Preparation:
    """Return a function that adds a webhook and prepares a request about it."""

    async def prepare(api: Api) -> OperationRequest:
        added = await add_webhook(api)
        return change(method, f"{PATH}/{added['webhook']['id']}{suffix}", body)

    return prepare


async def list_deliveries(api: Api) -> OperationRequest:
    await claim_test(api)
    return get(f"{PATH}/{await webhook_id(api)}/deliveries")


async def redeliver_event(api: Api) -> OperationRequest:
    await finish(api, await claim_test(api))
    return post(f"{PATH}/{await webhook_id(api)}/deliveries/{await delivery_id(api)}/redeliver")


async def finish_delivery(api: Api) -> OperationRequest:
    task = await claim_test(api)
    body = {"fencing_token": task["fencing_token"], "status": 200, "took_ms": 12}
    return post(f"/worker/deliveries/{task['id']}/finish", body)


WEBHOOK_REQUESTS: Final[Mapping[str, OperationRequest | Preparation]] = {
    "list_webhooks": get(PATH),
    "add_webhook": post(PATH, {"url": URL}),
    "get_webhook": of_webhook("GET"),
    "change_webhook": of_webhook("PATCH", body={"enabled": False}),
    "remove_webhook": of_webhook("DELETE"),
    "rotate_webhook_secret": of_webhook("POST", "/rotate"),
    "test_webhook": of_webhook("POST", "/test"),
    "list_webhook_deliveries": list_deliveries,
    "redeliver_event": redeliver_event,
    "finish_delivery": finish_delivery,
}
