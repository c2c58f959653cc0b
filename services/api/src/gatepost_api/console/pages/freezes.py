"""Freezes: what is on, what was, imposing and lifting."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gatepost_api.console.forms.form import REFUSALS, Form, form_of, redirect_to, refusal_of
from gatepost_api.console.rendering.page import Refused, page
from gatepost_api.console.views.catalog_choices import every_environment, every_service
from gatepost_api.console.views.formatting import zoned
from gatepost_api.freezes.requests import FreezeCreate, LiftBody
from gatepost_api.http.execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.freezes.freezes import impose_freeze, lift_freeze
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import Unknown
from gatepost_domain.freezes.evaluation import is_active, is_over
from gatepost_domain.freezes.freeze import Effect
from gatepost_domain.ports.paging import Window

MOST: Final = 200
EMPTY: Final = Form(fields={}, key=None)
_SCOPE: Final = ("service", "environment", "tier")


class FreezePages(Controller):
    """Freezes."""

    path = "/freezes"

    @get(include_in_schema=False)
    async def show_freezes(self, request: ApiRequest) -> Response[bytes]:
        """What is on, what is to come, what was; and the form to impose one."""
        return await _show(request, EMPTY)

    @post(include_in_schema=False)
    async def impose(self, request: ApiRequest) -> Response[Any]:
        """Let a scope take no new starts."""
        form, new_id = await form_of(request), request.context.new_id
        try:
            scope = {name: form.get(name) for name in _SCOPE if form.get(name)}
            said = form.read(
                FreezeCreate,
                "reason",
                "effect",
                "rrule",
                "timezone",
                scope=scope or None,
                starts_at=zoned(form.get("starts_at")),
                ends_at=zoned(form.get("ends_at")),
                duration_s=_seconds(form.get("duration_h")),
            )
            return await execute(
                request,
                partial(impose_freeze, request=said.to_domain(), id=new_id(), new_id=new_id),
                redirect_to(lambda _: "/freezes?done=frozen"),
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _show(request, form, refused=refusal_of(error))

    @post("/{freeze:str}/lift", include_in_schema=False)
    async def lift(self, request: ApiRequest, freeze: FromPath[str]) -> Response[Any]:
        """End it before its time."""
        form, new_id = await form_of(request), request.context.new_id
        try:
            said = form.read(LiftBody, "reason")
            return await execute(
                request,
                partial(lift_freeze, freeze=_id(freeze), new_id=new_id),
                redirect_to(lambda _: "/freezes?done=lifted"),
                note=said.reason,
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _show(request, EMPTY, refused=refusal_of(error))


async def _show(
    request: ApiRequest, form: Form, *, refused: Refused | None = None
) -> Response[bytes]:
    reads, now = request.context.reads, request.context.now()
    found = (await reads.freezes(Window(limit=MOST))).items
    over = [each for each in found if is_over(each, now)]
    return page(
        request,
        "freezes.html",
        refused=refused,
        here="/freezes",
        title="Freezes",
        active=[each for each in found if is_active(each, now)],
        to_come=[each for each in found if each not in over and not is_active(each, now)],
        over=over,
        form=form,
        services=await every_service(reads),
        environments=await every_environment(reads),
        tiers=tuple(Tier),
        effects=tuple(Effect),
    )


def _seconds(hours: str) -> str:
    """A length in hours as one in seconds; what is no number is for the API to refuse."""
    try:
        return str(round(float(hours) * 3600)) if hours else ""
    except (ValueError, OverflowError):
        return hours


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unknown("freeze", text) from None
