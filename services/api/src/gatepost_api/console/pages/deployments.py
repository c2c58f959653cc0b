"""The list of deployments."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.rendering.page import page
from gatepost_api.console.views.catalog_choices import every_environment, every_service
from gatepost_api.http.pagination import Cursor, CursorKind, encode_cursor, page_request
from gatepost_api.http.request import ApiRequest
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Kind
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status

A_PAGE: Final = 50

One = Annotated[str, QueryParameter(max_length=200)]


class DeploymentListPages(Controller):
    """The list of deployments."""

    path = "/deployments"

    @get(include_in_schema=False)
    async def show_deployments(
        self,
        request: ApiRequest,
        service: One = "",
        environment: One = "",
        tier: One = "",
        status: One = "",
        kind: One = "",
        requester: One = "",
        version: One = "",
        cursor: Cursor = None,
    ) -> Response[bytes]:
        """The latest first; each filter that is left empty holds any."""
        reads = request.context.reads
        wanted = DeploymentFilter(
            services=_one(service),
            environments=_one(environment),
            tiers=tuple(each for each in Tier if each == tier),
            statuses=tuple(each for each in Status if each == status),
            kinds=tuple(each for each in Kind if each == kind),
            requesters=_one(requester),
            versions=_one(version),
        )
        found = await reads.deployments(
            wanted, page_request(A_PAGE, cursor, CursorKind.DEPLOYMENTS)
        )
        chosen = {
            "service": service,
            "environment": environment,
            "tier": tier,
            "status": status,
            "kind": kind,
            "requester": requester,
            "version": version,
        }
        older = encode_cursor(found.next_after, CursorKind.DEPLOYMENTS)
        kept = {name: value for name, value in chosen.items() if value}
        return page(
            request,
            "deployments.html",
            title="Deployments",
            deployments=found.items,
            chosen=chosen,
            is_filtered=bool(kept),
            is_first=cursor is None,
            newest=f"/deployments?{urlencode(kept)}",
            older=None if older is None else f"/deployments?{urlencode({**kept, 'cursor': older})}",
            services=await every_service(reads),
            environments=await every_environment(reads),
        )


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
