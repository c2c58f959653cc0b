"""Ingest page: the sources, and their deliveries with the results."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gatepost_api.auth.cookies import own_origin
from gatepost_api.console.forms.form import FORM_ERRORS, read_form, redirect_to, to_page_error
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.ingest import DELIVERY_STATE, SOURCE_NAMES, describe_answer
from gatepost_api.http.action_execution import execute
from gatepost_api.http.pagination import CursorKind, cursor_parameter, encode_cursor, page_request
from gatepost_api.http.request import ApiRequest
from gatepost_api.ingest.received_deliveries_controller import parse_delivery_id
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.ingest.receive import replay_delivery
from gatepost_domain.ingest.delivery import IngestState
from gatepost_domain.ingest.github_protection_answer import AnswerState
from gatepost_domain.ports.ingest import DeliveryFilter

PAGE_SIZE: Final = 50


class IngestPages(Controller):
    """The routes that show the ingest page and replay a delivery."""

    path = "/ingest"

    @get(include_in_schema=False)
    async def show_ingest(
        self,
        request: ApiRequest,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.INGEST_DELIVERIES)] = None,
    ) -> Response[bytes]:
        """Show the sources and the latest deliveries, or only the failed ones."""
        return await _ingest_page(request, cursor=cursor)

    @post("/deliveries/{delivery:str}/replay", include_in_schema=False)
    async def replay(self, request: ApiRequest, delivery: FromPath[str]) -> Response[Any]:
        """Process a delivery again with the current settings."""
        form = await read_form(request)
        try:
            return await execute(
                request,
                partial(
                    replay_delivery,
                    delivery=parse_delivery_id(delivery),
                    new_id=request.context.new_id,
                ),
                redirect_to(lambda replayed: f"/ingest?done=replay_{replayed.state}"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _ingest_page(request, error=to_page_error(error))


async def _ingest_page(
    request: ApiRequest, *, cursor: str | None = None, error: PageError | None = None
) -> Response[bytes]:
    reads = request.context.reads
    only_failed = request.query_params.get("state") == IngestState.FAILED
    states = (IngestState.FAILED,) if only_failed else ()
    requested = page_request(PAGE_SIZE, cursor, CursorKind.INGEST_DELIVERIES)
    page = await reads.ingest_deliveries(DeliveryFilter(states=states), requested)
    answers = await reads.protection_answers([delivery.id for delivery in page.items])
    older = encode_cursor(page.next_key, CursorKind.INGEST_DELIVERIES)
    filtered = "state=failed&" if only_failed else ""
    return render_page(
        request,
        "ingest.html",
        error=error,
        title="Ingest",
        sources=await reads.ingest_sources(),
        ingest_url=f"{own_origin(request)}/api/v1/ingest/",
        deliveries=page.items,
        only_failed=only_failed,
        is_first_page=cursor is None,
        older=None if older is None else f"?{filtered}cursor={older}",
        may_replay=request.auth.actor.may(Right.CONFIGURE),
        answers={id_: describe_answer(answer) for id_, answer in answers.items()},
        failed_answers={
            id_ for id_, answer in answers.items() if answer.state is AnswerState.FAILED
        },
        delivery_state=DELIVERY_STATE,
        source_names=SOURCE_NAMES,
    )
