"""Listing, reading and replaying deliveries."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
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
from gatepost_api.ingest.responses import (
    IngestDelivery,
    IngestDeliveryDetail,
    IngestDeliveryPage,
)
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.ingest.receive import replay_delivery
from gatepost_domain.errors import NotFound
from gatepost_domain.ingest.delivery import IngestState
from gatepost_domain.ingest.source import IngestSourceKind
from gatepost_domain.ports.ingest import DeliveryFilter

DeliveryInPath = Annotated[str, id_in_path("The delivery's id in Gatepost.")]
Sources = Annotated[
    list[IngestSourceKind] | None, QueryParameter(name="source", description="Filter by source.")
]
States = Annotated[
    list[IngestState] | None, QueryParameter(name="state", description="Filter by state.")
]


class IngestDeliveryController(Controller):
    """Operations on deliveries from all sources."""

    path = "/ingest/deliveries"
    tags = ("ingest",)

    @get(
        summary="List the deliveries",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_ingest_deliveries(
        self,
        request: ApiRequest,
        sources: Sources = None,
        states: States = None,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.INGEST_DELIVERIES)] = None,
    ) -> Response[IngestDeliveryPage]:
        """List the deliveries whose signature was valid, newest first.

        The `reason` of a `failed` delivery states what went wrong and how to fix it. Replay the
        delivery once the problem is fixed.
        """
        page = await request.context.reads.ingest_deliveries(
            DeliveryFilter(sources=tuple(sources or ()), states=tuple(states or ())),
            page_request(limit, cursor, CursorKind.INGEST_DELIVERIES),
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.INGEST_DELIVERIES)
        items = [IngestDelivery.from_domain(delivery) for delivery in page.items]
        return page_response(
            request, IngestDeliveryPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{ingest_delivery:str}",
        summary="Get a delivery with its payload",
        responses=problem_responses(401, 403, 404, 422),
    )
    async def get_ingest_delivery(
        self, request: ApiRequest, ingest_delivery: DeliveryInPath
    ) -> IngestDeliveryDetail:
        """Return one delivery, with its body as received unless the body has been removed.

        Bodies are kept for the number of days in `GATEPOST_INGEST_KEEP_DAYS`, by default 30.
        """
        authorize(request.auth.actor, Right.CONFIGURE)
        reads = request.context.reads
        found = await reads.ingest_delivery(parse_delivery_id(ingest_delivery))
        answers = await reads.protection_answers([found.id])
        return IngestDeliveryDetail.from_domain_with_answer(found, answers.get(found.id))

    @post(
        "/{ingest_delivery:str}/replay",
        status_code=200,
        summary="Replay a delivery",
        responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def replay_ingest_delivery(
        self,
        request: ApiRequest,
        ingest_delivery: DeliveryInPath,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[IngestDelivery]:
        """Process the payload of a delivery again, with the current settings.

        A delivery that was applied is returned unchanged, except that a failed answer to a GitHub
        job is sent again. Returns 409 `payload_removed` once the payload is no longer kept.
        """
        action = partial(
            replay_delivery,
            delivery=parse_delivery_id(ingest_delivery),
            new_id=request.context.new_id,
        )
        return await execute(
            request,
            action,
            lambda _, replayed: WriteResponse.from_output(IngestDelivery.from_domain(replayed)),
            idempotency_key=idempotency_key,
        )


def parse_delivery_id(text: str) -> UUID:
    """Return the ingest delivery id in a path.

    Raises:
        NotFound: the text is not a valid id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("ingest_delivery", text) from None
