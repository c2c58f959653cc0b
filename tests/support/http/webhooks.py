"""Webhooks over HTTP: adding them, queueing their deliveries, and what workers report."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from gatepost_domain.actions.webhooks.outbox import queue_deliveries
from tests.support.builders import an_id
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json

PATH: Final = "/webhooks"
URL: Final = "https://hooks.example/gatepost"
DELIVERY_KINDS: Final = ["webhook_delivery"]


async def add_webhook(api: Api, **fields: Any) -> Json:
    """Add a webhook, and return it with its secret."""
    return created_json(await api.post(PATH, {"url": URL, **fields}))


async def queue(api: Api) -> None:
    """Queue the deliveries that are missing, as the scheduler does."""
    await api.ledger.perform(partial(queue_deliveries, at=api.clock(), new_id=an_id))


async def claim_delivery(api: Api, worker: str = "berlin-1") -> Json:
    """Claim the next delivery as a worker."""
    body = {"worker": worker, "kinds": DELIVERY_KINDS}
    return ok_json(await api.post("/worker/claims", body))


async def claim_test(api: Api, **fields: Any) -> Json:
    """Add a webhook, have a test sent to it, and claim the delivery."""
    added = await add_webhook(api, **fields)
    ok_json(await api.post(f"{PATH}/{added['webhook']['id']}/test"))
    return await claim_delivery(api)


async def finish(api: Api, task: Json, status: int | None = 200, **fields: Any) -> Json:
    """Report how the receiver answered."""
    body = {"fencing_token": task["fencing_token"], "took_ms": 12, "status": status, **fields}
    return ok_json(await api.post(f"/worker/deliveries/{task['id']}/finish", body))


async def webhook_id(api: Api) -> str:
    """Return the id of the only webhook, or a nil id."""
    page = ok_json(await api.get(PATH, headers=auth_header("owner")))
    return next((webhook["id"] for webhook in page["items"]), str(UUID(int=0)))


async def delivery_id(api: Api) -> str:
    """Return the id of the latest delivery of the only webhook, or a nil id."""
    response = await api.get(
        f"{PATH}/{await webhook_id(api)}/deliveries", headers=auth_header("owner")
    )
    items = response.json().get("items", [])
    return next((delivery["id"] for delivery in items), str(UUID(int=0)))


async def prepare_webhook(api: Api, operation: str) -> None:
    """Create the webhook and the delivery that the operation needs to succeed."""
    if "webhook" in operation and operation not in {"add_webhook", "list_webhooks"}:
        await add_webhook(api)
    if operation == "finish_delivery":
        await claim_test(api)
    if operation == "redeliver_event":
        await finish(api, await claim_test(api))
