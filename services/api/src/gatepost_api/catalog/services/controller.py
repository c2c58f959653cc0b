"""Services and their versions."""

from __future__ import annotations

from functools import partial

from litestar import Controller, Response, get, patch, post
from litestar.params import JSONBody

from gatepost_api.catalog.services.contract_generation import contracts_of, seal
from gatepost_api.catalog.services.requests import ServiceChange, ServiceCreate
from gatepost_api.catalog.services.responses import RegisteredService, Service, ServicePage
from gatepost_api.http.etags import (
    ETAG_HEADER,
    IfMatch,
    IfNoneMatch,
    etag,
    expected_revision,
    unless_matched,
)
from gatepost_api.http.execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.pagination import (
    DEFAULT_PAGE,
    LINK_HEADER,
    Archived,
    Cursor,
    CursorKey,
    Limit,
    next_cursor,
    page_response,
    window,
)
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.problems import problems
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.response_headers import CREATED_HEADERS, NOT_MODIFIED
from gatepost_domain.actions.catalog.create import register_service
from gatepost_domain.actions.catalog.update import change_service
from gatepost_domain.catalog import service
from gatepost_domain.ports.unit_of_work import Work


class ServiceController(Controller):
    """What can be deployed."""

    path = "/services"
    tags = ("services",)

    @post(
        summary="Register a service",
        responses=problems(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def register_service(
        self,
        request: ApiRequest,
        data: JSONBody[ServiceCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[RegisteredService]:
        """Make a service known, so that its versions can be registered and deployed.

        The answer tells what is generated for it: infrastructure, runtime and pipelines, for all
        environments that are not archived.
        """
        return await execute(
            request,
            lambda work, command: register_service(
                work, data.added_by(command), command, seal=seal
            ),
            lambda work, added: WriteResponse.from_output(
                _with_contracts(work, added),
                status=201,
                Location=f"/api/v1/services/{added.name}",
                ETag=etag(added.revision),
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List services",
        responses=problems(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_services(
        self,
        request: ApiRequest,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
        archived: Archived = False,  # noqa: FBT002  # named in the query
    ) -> Response[ServicePage]:
        """All services that are not archived, or those that are, by name."""
        page = await request.parts.reads.services(
            window(limit, cursor, CursorKey.SERVICES), archived=archived
        )
        following = next_cursor(page.next_after, CursorKey.SERVICES)
        items = [Service.of(each) for each in page.items]
        return page_response(request, ServicePage(items=items, next_cursor=following), following)

    @get(
        "/{service:str}",
        summary="Get a service",
        responses={**problems(401, 404, 422), **NOT_MODIFIED},
        response_headers=[ETAG_HEADER],
    )
    async def get_service(
        self, request: ApiRequest, service: ServiceInPath, if_none_match: IfNoneMatch = None
    ) -> Response[Service]:
        """One service, by its name."""
        found = await request.parts.reads.service(service)
        return unless_matched(Service.of(found), found.revision, if_none_match)

    @patch(
        "/{service:str}",
        summary="Change a service",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=[ETAG_HEADER],
    )
    async def change_service(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        data: JSONBody[ServiceChange],
        if_match: IfMatch = None,
    ) -> Response[RegisteredService]:
        """Change what is told of a service, archive it or revive it.

        An archived one takes no new version and no new request, and is listed only when asked for;
        its history stays. To archive or revive it needs the role operator or admin, anything else
        the role requester.
        """
        return await execute(
            request,
            partial(
                change_service,
                name=service,
                change=data.change(),
                revision=expected_revision(if_match),
                seal=seal,
            ),
            lambda work, changed: WriteResponse.from_output(
                _with_contracts(work, changed), ETag=etag(changed.revision)
            ),
        )


def _with_contracts(work: Work, service: service.Service) -> RegisteredService:
    contracts = contracts_of(service, work.environments.standing())
    return RegisteredService.with_contracts(service, contracts)
