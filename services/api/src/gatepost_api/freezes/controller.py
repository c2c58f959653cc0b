"""Creating, listing and lifting freezes."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, QueryParameter

from gatepost_api.freezes.preview import load_preview
from gatepost_api.freezes.requests import FreezeCreate, LiftBody
from gatepost_api.freezes.responses import Freeze, FreezePage, FreezePreview
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.documented_headers import LOCATION_HEADER
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
from gatepost_domain.actions.freezes.freezes import impose_freeze, lift_freeze
from gatepost_domain.errors import NotFound

FreezeInPath = Annotated[str, id_in_path("The freeze's id.")]
ActiveFilter = Annotated[bool, QueryParameter(description="List only currently active freezes.")]


class FreezeController(Controller):
    """Operations on freezes."""

    path = "/freezes"
    tags = ("freezes",)

    @post(
        summary="Create a freeze",
        responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
        response_headers=[LOCATION_HEADER, REPLAYED_HEADER],
    )
    async def impose_freeze(
        self,
        request: ApiRequest,
        data: JSONBody[FreezeCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Freeze]:
        """Prevent deployments in a scope from starting, or allow them to start only in a window.

        Deployments in progress continue, and rollbacks are not blocked. A `deny` freeze takes
        precedence over every `allow` window. Deployments that start automatically do so once no
        freeze blocks them.
        """
        freeze_request = data.to_domain()
        new_id = request.context.new_id
        return await execute(
            request,
            partial(impose_freeze, request=freeze_request, id=new_id(), new_id=new_id),
            lambda _, freeze: WriteResponse.from_output(
                Freeze.from_domain(freeze, freeze.created_at),
                status=201,
                Location=f"/api/v1/freezes/{freeze.id}",
            ),
            idempotency_key=idempotency_key,
        )

    @post(
        "/preview",
        status_code=200,
        summary="Preview a freeze",
        responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
    )
    async def preview_freeze(
        self, request: ApiRequest, data: JSONBody[FreezeCreate]
    ) -> FreezePreview:
        """Return when a freeze would be active and what it would stop, without creating it."""
        return await load_preview(request, data.to_domain())

    @get(
        summary="List freezes",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_freezes(
        self,
        request: ApiRequest,
        active: ActiveFilter = False,  # noqa: FBT002  # Litestar passes it by name
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.FREEZES)] = None,
    ) -> Response[FreezePage]:
        """List all freezes, newest first.

        With `active`, a page can contain fewer items than `limit` and still have a next page.
        """
        now = request.context.now()
        page = await request.context.reads.freezes(page_request(limit, cursor, CursorKind.FREEZES))
        next_cursor = encode_cursor(page.next_key, CursorKind.FREEZES)
        freezes = [Freeze.from_domain(freeze, now) for freeze in page.items]
        items = [freeze for freeze in freezes if freeze.active or not active]
        return page_response(request, FreezePage(items=items, next_cursor=next_cursor), next_cursor)

    @get(
        "/{freeze:str}",
        summary="Get a freeze",
        responses=problem_responses(401, 404, 422),
    )
    async def get_freeze(self, request: ApiRequest, freeze: FreezeInPath) -> Freeze:
        """Return one freeze by id."""
        freeze_id = _parse_freeze_id(freeze)
        stored_freeze = await request.context.reads.freeze(freeze_id)
        return Freeze.from_domain(stored_freeze, request.context.now())

    @post(
        "/{freeze:str}/lift",
        status_code=200,
        summary="Lift a freeze",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def lift_freeze(
        self,
        request: ApiRequest,
        freeze: FreezeInPath,
        data: JSONBody[LiftBody | None] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Freeze]:
        """End a freeze early. Waiting deployments resume automatically, in order."""
        body = data or LiftBody()
        return await execute(
            request,
            partial(lift_freeze, freeze=_parse_freeze_id(freeze), new_id=request.context.new_id),
            lambda _, lifted: WriteResponse.from_output(
                Freeze.from_domain(lifted, lifted.lifted_at or lifted.created_at)
            ),
            acting_for=body.actor,
            note=body.reason,
            idempotency_key=idempotency_key,
        )


def _parse_freeze_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("freeze", text) from None
