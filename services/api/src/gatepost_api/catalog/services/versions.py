"""Registering and listing versions of services."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.params import JSONBody

from gatepost_api.catalog.services.requests import VersionCreate
from gatepost_api.catalog.services.responses import Version, VersionPage
from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.documented_headers import CREATED_HEADERS, NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import ETAG_HEADER, IfNoneMatch, conditional_response, etag
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.path_parameters import ServiceInPath, VersionInPath, unescape_version
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.catalog.create import register_version

_PATH: Final = "/api/v1/services/{service}/versions/{version}"
IMMUTABLE_REVISION: Final = 1
"""The revision of a resource that cannot change."""


class VersionController(Controller):
    """Operations on versions of services."""

    path = "/services"
    tags = ("services",)

    @post(
        "/{service:str}/versions",
        summary="Register a version",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def register_version(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        data: JSONBody[VersionCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Version]:
        """Register a build of a service, so that it can be deployed.

        A version cannot be changed later.
        """
        return await execute(
            request,
            lambda uow, command: register_version(uow, data.to_domain(command, service), command),
            lambda _, created: WriteResponse.from_output(
                Version.from_domain(created),
                status=201,
                Location=_PATH.format(
                    service=created.service, version=quote(created.version, safe="")
                ),
                ETag=etag(IMMUTABLE_REVISION),
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        "/{service:str}/versions",
        summary="List the versions of a service",
        responses=problem_responses(401, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_versions(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.VERSIONS)] = None,
    ) -> Response[VersionPage]:
        """List the versions of a service, most recently registered first."""
        page = await request.context.reads.versions(
            service, page_request(limit, cursor, CursorKind.VERSIONS)
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.VERSIONS)
        items = [Version.from_domain(version) for version in page.items]
        return page_response(
            request, VersionPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{service:str}/versions/{version:str}",
        summary="Get a version",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_version(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        version: VersionInPath,
        if_none_match: IfNoneMatch = None,
    ) -> Response[Version]:
        """Return one version of a service."""
        stored_version = await request.context.reads.version(service, unescape_version(version))
        return conditional_response(
            Version.from_domain(stored_version), IMMUTABLE_REVISION, if_none_match
        )
