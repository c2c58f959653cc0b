"""The requests about rollbacks that succeed, and what they require."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from gatepost_domain.status_transitions import Status
from tests.support.http.api import Api, auth_header, created_json, ok_json
from tests.support.http.request_builders import OperationRequest, post

RECORD: Final = {"service": "shop", "environment": "production", "version": "1.0.0"}


async def rollback_deployment(api: Api) -> OperationRequest:
    created_json(await api.post("/deployments/record", RECORD))
    await api.version("2.0.0")
    api.clock.advance(timedelta(minutes=1))
    bad = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    body = {"note": "It times out.", "redeploy": True}
    return post(f"/deployments/{bad['number']}/rollback", body, by="olga")


async def retry_deployment(api: Api) -> OperationRequest:
    """Roll back, and cancel the deployment that brings the earlier version back."""
    request = await rollback_deployment(api)
    response = await api.client.post(request.path, json=request.json, headers=request.headers)
    path = f"/deployments/{ok_json(response)['rolled_back_by']}"
    ok_json(await api.post(f"{path}/cancel", {"note": "Not now."}, headers=auth_header("olga")))
    return post(f"{path}/retry", {"note": "Now."}, by="olga")


async def unblock_version(api: Api) -> OperationRequest:
    request = await rollback_deployment(api)
    ok_json(await api.client.post(request.path, json=request.json, headers=request.headers))
    body = {"environment": "production", "reason": "It is fixed."}
    return post("/services/shop/versions/2.0.0/unblock", body)
