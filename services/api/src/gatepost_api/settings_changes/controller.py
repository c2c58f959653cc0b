"""Listing settings changes and deciding on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import JSONBody, QueryParameter

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
from gatepost_api.settings_changes.decision_requests import (
    SettingsChangeApproval,
    SettingsChangeRejection,
)
from gatepost_api.settings_changes.responses import SettingsChange, SettingsChangePage
from gatepost_domain.actions.settings_changes.decide import (
    approve_settings_change,
    reject_settings_change,
)
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.settings_changes import settings_change as domain
from gatepost_domain.settings_changes.errors import SettingsChangeStale
from gatepost_domain.settings_changes.settings_change import SettingsChangeState

SettingsChangeInPath = Annotated[str, id_in_path("The settings change's id.")]
StateFilter = Annotated[
    SettingsChangeState | None,
    QueryParameter(name="state", description="Filter by state. Default: all states."),
]


class SettingsChangeController(Controller):
    """Operations on settings changes."""

    path = "/settings-changes"
    tags = ("settings",)

    @get(
        summary="List settings changes",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_settings_changes(
        self,
        request: ApiRequest,
        in_state: StateFilter = None,  # the framework reserves `state`
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.SETTINGS_CHANGES)] = None,
    ) -> Response[SettingsChangePage]:
        """List settings changes, newest first."""
        page = await request.context.reads.settings_changes(
            in_state, page_request(limit, cursor, CursorKind.SETTINGS_CHANGES)
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.SETTINGS_CHANGES)
        items = [SettingsChange.from_domain(change, request.auth) for change in page.items]
        return page_response(
            request, SettingsChangePage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{settings_change:str}",
        summary="Get a settings change",
        responses=problem_responses(401, 404, 422),
    )
    async def get_settings_change(
        self, request: ApiRequest, settings_change: SettingsChangeInPath
    ) -> SettingsChange:
        """Return one settings change by id."""
        change_id = parse_settings_change_id(settings_change)
        stored_change = await request.context.reads.settings_change(change_id)
        return SettingsChange.from_domain(stored_change, request.auth)

    @post(
        "/{settings_change:str}/approve",
        status_code=200,
        summary="Approve a settings change",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def approve_settings_change(
        self,
        request: ApiRequest,
        settings_change: SettingsChangeInPath,
        data: JSONBody[SettingsChangeApproval | None] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[SettingsChange]:
        """Approve a settings change, and apply it in the name of the person who requested it.

        Only people who are independent of that person can approve. If the settings have changed
        since the request, or the change is no longer possible, nothing is applied: the response is
        409 `settings_change_stale`, and the state of the settings change becomes `stale`.
        """
        body = data or SettingsChangeApproval()
        return await execute_approval(
            request,
            parse_settings_change_id(settings_change),
            _responder_for(request),
            note=body.note,
            idempotency_key=idempotency_key,
        )

    @post(
        "/{settings_change:str}/reject",
        status_code=200,
        summary="Reject a settings change",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def reject_settings_change(
        self,
        request: ApiRequest,
        settings_change: SettingsChangeInPath,
        data: JSONBody[SettingsChangeRejection],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[SettingsChange]:
        """Reject a settings change, or withdraw one that you requested."""
        return await execute(
            request,
            partial(reject_settings_change, change=parse_settings_change_id(settings_change)),
            _responder_for(request),
            note=data.note,
            idempotency_key=idempotency_key,
        )


async def execute_approval(
    request: ApiRequest,
    change: UUID,
    respond: Callable[[UnitOfWork, domain.SettingsChange], WriteResponse],
    *,
    note: str | None,
    idempotency_key: str | None,
) -> Response[Any]:
    """Approve a settings change and respond.

    Raises:
        SettingsChangeStale: the change could not be applied, and its state is now `stale`.
    """

    def respond_or_report_conflict(
        uow: UnitOfWork, decided: domain.SettingsChange
    ) -> WriteResponse:
        if decided.state is not SettingsChangeState.STALE:
            return respond(uow, decided)
        return WriteResponse(status=HTTPStatus.CONFLICT, body=msgspec.json.encode(decided.note))

    response = await execute(
        request,
        partial(approve_settings_change, change=change),
        respond_or_report_conflict,
        note=note,
        idempotency_key=idempotency_key,
    )
    if response.status_code == HTTPStatus.CONFLICT:
        raise SettingsChangeStale(change, msgspec.json.decode(response.content, type=str))
    return response


def parse_settings_change_id(text: str) -> UUID:
    """Return the settings change id in a path.

    Raises:
        NotFound: the text is not a valid id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("settings_change", text) from None


def _responder_for(
    request: ApiRequest,
) -> Callable[[UnitOfWork, domain.SettingsChange], WriteResponse]:
    return lambda _, change: WriteResponse.from_output(
        SettingsChange.from_domain(change, request.auth)
    )
