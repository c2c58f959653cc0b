"""Creating, listing and changing services."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from litestar import Controller, Response, get, patch, post
from litestar.params import JSONBody

from gatepost_api.catalog.services.contract_files import (
    generate_contracts,
    generate_contracts_digest,
)
from gatepost_api.catalog.services.requests import ServiceChange, ServiceCreate
from gatepost_api.catalog.services.responses import RegisteredService, Service, ServicePage
from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.documented_headers import CREATED_HEADERS, NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import (
    ETAG_HEADER,
    IfMatch,
    IfNoneMatch,
    conditional_response,
    etag,
    expected_revision,
)
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    ArchivedFilter,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.catalog.create import register_service
from gatepost_domain.actions.catalog.update import change_service
from gatepost_domain.catalog import service
from gatepost_domain.ports.unit_of_work import UnitOfWork


class ServiceController(Controller):
    """Operations on services, the deployable components."""

    path = "/services"
    tags = ("services",)

    @post(
        summary="Register a service",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def register_service(
        self,
        request: ApiRequest,
        data: JSONBody[ServiceCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[RegisteredService]:
        """Register a service, so that its versions can be registered and deployed.

        The response lists the contracts generated for the service (infrastructure, runtime and
        pipeline files) for all environments that are not archived.
        """
        return await execute(
            request,
            lambda uow, command: register_service(
                uow, data.to_domain(command), command, digest_contracts=generate_contracts_digest
            ),
            lambda uow, created: WriteResponse.from_output(
                _build_registered_service(uow, created),
                status=201,
                Location=f"/api/v1/services/{created.name}",
                ETag=etag(created.revision),
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List services",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_services(
        self,
        request: ApiRequest,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.SERVICES)] = None,
        archived: ArchivedFilter = False,  # noqa: FBT002  # Litestar passes it by name
    ) -> Response[ServicePage]:
        """List services, ordered by name.

        Includes only active services or, with `archived`, only archived ones.
        """
        page = await request.context.reads.services(
            page_request(limit, cursor, CursorKind.SERVICES), archived=archived
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.SERVICES)
        items = [Service.from_domain(service) for service in page.items]
        return page_response(
            request, ServicePage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{service:str}",
        summary="Get a service",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_service(
        self, request: ApiRequest, service: ServiceInPath, if_none_match: IfNoneMatch = None
    ) -> Response[Service]:
        """Return one service by name."""
        stored_service = await request.context.reads.service(service)
        return conditional_response(
            Service.from_domain(stored_service), stored_service.revision, if_none_match
        )

    @patch(
        "/{service:str}",
        summary="Update a service",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=[ETAG_HEADER],
    )
    async def change_service(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        data: JSONBody[ServiceChange],
        if_match: IfMatch = None,
    ) -> Response[RegisteredService]:
        """Update, archive or unarchive a service.

        An archived service accepts no new versions or deployment requests and is listed only with
        `archived=true`; its history remains.
        """
        return await execute(
            request,
            partial(
                change_service,
                name=service,
                change=data.to_domain(),
                revision=expected_revision(if_match),
                digest_contracts=generate_contracts_digest,
            ),
            lambda uow, updated: WriteResponse.from_output(
                _build_registered_service(uow, updated), ETag=etag(updated.revision)
            ),
        )


def _build_registered_service(uow: UnitOfWork, service: service.Service) -> RegisteredService:
    contracts = generate_contracts(service, uow.environments.list_active())
    return RegisteredService.from_domain_with_contracts(service, contracts)
