"""Signed deliveries over HTTP."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import httpx2

from tests.support.domain.ingest import SECRET, encode, github_status
from tests.support.http.api import Api, Json, auth_header, ok_json
from tests.support.http.request_builders import OperationRequest, Preparation, change, get


def hub_signature(body: bytes, secret: str = SECRET) -> str:
    """Return the value of `X-Hub-Signature-256`."""
    return f"sha256={hmac.digest(secret.encode(), body, sha256).hex()}"


def github_headers(
    body: bytes, *, event: str = "deployment_status", delivery: str = "d-1"
) -> dict[str, str]:
    """Return the headers of a delivery of GitHub."""
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": hub_signature(body),
    }


def standard_headers(
    body: bytes, *, id_: str, at: datetime, key: bytes = SECRET.encode()
) -> dict[str, str]:
    """Return the headers of Standard Webhooks."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join((id_.encode(), timestamp.encode(), body))
    signature = b64encode(hmac.digest(key, signed, sha256)).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }


async def set_up(api: Api, source: str = "github", **settings: Any) -> Json:
    """Set up a source as the owner, and return it."""
    return ok_json(await api.put(f"/ingest/{source}", {"secret": SECRET, **settings}))


async def send(
    api: Api, body: bytes, headers: Mapping[str, str], source: str = "github"
) -> httpx2.Response:
    """Send a delivery without a token."""
    return await api.client.post(
        f"/api/v1/ingest/{source}", content=body, headers={"Authorization": "", **headers}
    )


async def send_github(
    api: Api,
    payload: object | None = None,
    *,
    event: str = "deployment_status",
    delivery: str = "d-1",
) -> Json:
    """Send a signed delivery of GitHub, and return its result."""
    body = encode(github_status() if payload is None else payload)
    response = await send(api, body, github_headers(body, event=event, delivery=delivery))
    assert response.status_code == httpx2.codes.ACCEPTED, response.text
    return dict(json.loads(response.content))


async def receive_delivery(api: Api) -> OperationRequest:
    """Prepare a delivery that is recorded."""
    await set_up(api, create_missing=True, service_map={"example/*": "shop"})
    body = encode(github_status())
    return OperationRequest(
        method="POST",
        path="/api/v1/ingest/github",
        content=body.decode(),
        headers={"Authorization": "", **github_headers(body)},
    )


def after_source(request: OperationRequest) -> Preparation:
    """Prepare a request that needs a source."""

    async def prepare(api: Api) -> OperationRequest:
        await set_up(api)
        return request

    return prepare


def with_delivery(method: str, suffix: str = "") -> Preparation:
    """Prepare a request about a delivery that failed, and could be applied now."""

    async def prepare(api: Api) -> OperationRequest:
        await set_up(api)
        delivery = await send_github(api)
        await set_up(api, create_missing=True, service_map={"example/*": "shop"})
        path = f"/api/v1/ingest/deliveries/{delivery['id']}{suffix}"
        return OperationRequest(method=method, path=path)

    return prepare


async def ingest_delivery_id(api: Api) -> str:
    """Return the id of the only delivery that was received, or a nil id."""
    page = await api.get("/ingest/deliveries", headers=auth_header("owner"))
    return next((each["id"] for each in ok_json(page)["items"]), str(UUID(int=0)))


INGEST_REQUESTS: Final[Mapping[str, OperationRequest | Preparation]] = {
    "list_ingest_sources": after_source(get("/ingest")),
    "put_ingest_source": after_source(change("PUT", "/ingest/github", {"create_missing": True})),
    "remove_ingest_source": after_source(change("DELETE", "/ingest/github")),
    "receive_delivery": receive_delivery,
    "list_ingest_deliveries": get("/ingest/deliveries"),
    "get_ingest_delivery": with_delivery("GET"),
    "replay_ingest_delivery": with_delivery("POST", "/replay"),
}
"""For each operation on sources and deliveries, a request that succeeds."""
