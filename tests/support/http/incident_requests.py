"""For each operation on incidents, a request that succeeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from tests.support.http.api import Api, auth_header, created_json, ok_json
from tests.support.http.request_builders import OperationRequest, Preparation, get, post

INCIDENT: Final = {"service": "shop", "environment": "staging", "title": "Payments time out."}
RECORD: Final = {"service": "shop", "environment": "staging", "version": "1.0.0"}


async def open_incident(api: Api) -> str:
    incident: str = created_json(await api.post("/incidents", INCIDENT))["id"]
    return incident


async def incident_id(api: Api) -> str:
    """Return the id of the only incident, or a nil id."""
    page = await api.get("/incidents", headers=auth_header("owner"))
    return next((incident["id"] for incident in ok_json(page)["items"]), str(UUID(int=0)))


async def get_incident(api: Api) -> OperationRequest:
    return get(f"/incidents/{await open_incident(api)}")


async def resolve_incident(api: Api) -> OperationRequest:
    return post(f"/incidents/{await open_incident(api)}/resolve", {"note": "It works again."})


async def link_incident(api: Api) -> OperationRequest:
    created_json(await api.post("/deployments/record", RECORD))
    return post(f"/incidents/{await open_incident(api)}/link", {"deployment": "DEP-1"})


INCIDENT_REQUESTS: Final[Mapping[str, OperationRequest | Preparation]] = {
    "list_incidents": get("/incidents"),
    "open_incident": post("/incidents", INCIDENT),
    "get_incident": get_incident,
    "resolve_incident": resolve_incident,
    "link_incident": link_incident,
}
"""The requests by operation id, or the functions that prepare them."""
