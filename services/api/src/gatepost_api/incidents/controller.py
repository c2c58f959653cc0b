"""Reporting, listing, resolving and linking incidents."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter

from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.documented_headers import LOCATION_HEADER
from gatepost_api.http.json_body import to_utc
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
from gatepost_api.http.path_parameters import id_in_path
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.incidents.requests import IncidentCreate, LinkBody, ResolveBody, to_reference
from gatepost_api.incidents.responses import Incident, IncidentPage
from gatepost_domain.actions.incidents.incidents import (
    link_incident,
    open_incident,
    resolve_incident,
)
from gatepost_domain.errors import NotFound
from gatepost_domain.incidents import incident as domain
from gatepost_domain.ports.unit_of_work import UnitOfWork

IncidentInPath = Annotated[str, id_in_path("The incident's id.")]
ServiceFilter = Annotated[
    str | None, QueryParameter(description="List only incidents of this service.")
]
EnvironmentFilter = Annotated[
    str | None, QueryParameter(description="List only incidents in this environment.")
]
OpenFilter = Annotated[
    bool | None,
    QueryParameter(
        name="open",
        description="`true` lists only unresolved incidents, `false` only resolved ones.",
    ),
]
CauseFilter = Annotated[
    int | None,
    QueryParameter(
        name="caused_by",
        description="List only incidents caused by the deployment with this number, without "
        "`DEP-`.",
        ge=1,
        le=10**18,
    ),
]

_ALREADY_REPORTED = ResponseSpec(
    Incident,
    description="An incident with the same `external_id`, service, environment and title already "
    "exists.",
    generate_examples=False,
)


class IncidentController(Controller):
    """Operations on incidents."""

    path = "/incidents"
    tags = ("incidents",)

    @post(
        summary="Report an incident",
        responses={
            **problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
            200: _ALREADY_REPORTED,
        },
        response_headers=[LOCATION_HEADER, REPLAYED_HEADER],
    )
    async def open_incident(
        self,
        request: ApiRequest,
        data: JSONBody[IncidentCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Incident]:
        """Report that a service is not working, or was not working for a time.

        `caused_by` names the deployment that caused the incident; it can also be named later.
        Gatepost never infers the cause from timing. In the delivery report, a deployment that
        caused an incident counts as failed, and the time until the incident was resolved counts as
        its recovery time.
        """
        new_id = request.context.new_id()

        def respond(_: UnitOfWork, incident: domain.Incident) -> WriteResponse:
            return WriteResponse.from_output(
                Incident.from_domain(incident),
                status=201 if incident.id == new_id else 200,
                Location=f"/api/v1/incidents/{incident.id}",
            )

        return await execute(
            request,
            partial(open_incident, report=data.to_domain(), id=new_id),
            respond,
            acting_for=data.actor,
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List incidents",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_incidents(
        self,
        request: ApiRequest,
        service: ServiceFilter = None,
        environment: EnvironmentFilter = None,
        is_open: OpenFilter = None,
        caused_by: CauseFilter = None,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.INCIDENTS)] = None,
    ) -> Response[IncidentPage]:
        """List incidents, most recently reported first."""
        criteria = domain.IncidentFilter(
            service=service, environment=environment, is_open=is_open, caused_by=caused_by
        )
        page = await request.context.reads.incidents(
            criteria, page_request(limit, cursor, CursorKind.INCIDENTS)
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.INCIDENTS)
        items = [Incident.from_domain(incident) for incident in page.items]
        return page_response(
            request, IncidentPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{incident:str}",
        summary="Get an incident",
        responses=problem_responses(401, 404, 422),
    )
    async def get_incident(self, request: ApiRequest, incident: IncidentInPath) -> Incident:
        """Return one incident by id."""
        return Incident.from_domain(
            await request.context.reads.incident(parse_incident_id(incident))
        )

    @post(
        "/{incident:str}/resolve",
        status_code=200,
        summary="Resolve an incident",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def resolve_incident(
        self,
        request: ApiRequest,
        incident: IncidentInPath,
        data: JSONBody[ResolveBody | None] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Incident]:
        """Report that the service works again."""
        body = data or ResolveBody()
        at = body.resolved_at
        return await execute(
            request,
            partial(
                resolve_incident,
                incident=parse_incident_id(incident),
                resolved_at=None if at is None else to_utc(at, "#/resolved_at"),
            ),
            _respond,
            acting_for=body.actor,
            note=body.note,
            idempotency_key=idempotency_key,
        )

    @post(
        "/{incident:str}/link",
        status_code=200,
        summary="Link an incident to a deployment",
        responses=problem_responses(400, 401, 403, 404, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def link_incident(
        self,
        request: ApiRequest,
        incident: IncidentInPath,
        data: JSONBody[LinkBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Incident]:
        """Name the deployment that caused an incident, or state that no deployment did.

        This replaces the deployment named previously. An incident that already has this cause is
        not changed.
        """
        return await execute(
            request,
            partial(
                link_incident,
                incident=parse_incident_id(incident),
                deployment=to_reference(data.deployment, "#/deployment"),
            ),
            _respond,
            acting_for=data.actor,
            note=data.note,
            idempotency_key=idempotency_key,
        )


def _respond(_: UnitOfWork, incident: domain.Incident) -> WriteResponse:
    return WriteResponse.from_output(Incident.from_domain(incident))


def parse_incident_id(text: str) -> UUID:
    """Return the id of an incident in a path.

    Raises:
        NotFound: the text is not an id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("incident", text) from None
