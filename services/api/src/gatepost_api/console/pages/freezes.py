"""Freezes page: active, upcoming and past freezes, and the forms to create and lift them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gatepost_api.auth.cookies import own_origin
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    read_upload,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.forms.recurrence import (
    REPEATS,
    WEEKDAYS,
    InvalidRecurrence,
    hours_to_seconds,
    read_recurrence,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.browser_zone import browser_zone, find_zone
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.formatting import datetime_local_to_utc
from gatepost_api.console.views.freeze_calendar import freeze_calendar
from gatepost_api.freezes.calendar_import import CalendarImportSettings, execute_import
from gatepost_api.freezes.calendar_parsing import MAX_CALENDAR_BYTES
from gatepost_api.freezes.preview import load_preview
from gatepost_api.freezes.requests import FreezeCreate, LiftBody
from gatepost_api.freezes.responses import FreezePreview
from gatepost_api.http.action_execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.freezes.freezes import impose_freeze, lift_freeze
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.freezes.evaluation import has_ended, is_active
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_domain.ports.paging import PageRequest

MAX_FREEZES: Final = 200
MAX_FORM_BYTES: Final = MAX_CALENDAR_BYTES + 64 * 1024
"""The maximum size of a submitted form that includes a calendar file."""
QUICK_HOURS: Final = (1, 4)
"""The durations in hours offered by the form that freezes production now."""
_SCOPE_FIELDS: Final = ("service", "environment", "tier")
_FIELDS_OF_REPEAT: Final = {
    "weekly": {"duration_s": "for_h"},
    "monthly": {"duration_s": "for_h", "rrule": "month_day"},
    "yearly": {"duration_s": "last_day", "rrule": "first_day", "starts_at": "first_day"},
}
"""Maps each kind of repetition to the form fields from which fields of the API body are derived."""


class FreezePages(Controller):
    """The routes that show, create, import and lift freezes."""

    path = "/freezes"

    @get(include_in_schema=False)
    async def show_freezes(self, request: ApiRequest) -> Response[bytes]:
        """Show all freezes and the form to create one; the query can prefill the scope."""
        scope = {
            name: request.query_params[name]
            for name in _SCOPE_FIELDS
            if name in request.query_params
        }
        return await _freezes_page(request, Form(fields=scope, key=None))

    @post(include_in_schema=False)
    async def create(self, request: ApiRequest) -> Response[Any]:
        """Create a freeze."""
        form, new_id = await read_form(request), request.context.new_id
        try:
            body = _read_freeze(form)
            must_confirm = not _scope_of(form) and form.get("confirmed") != "yes"
            if must_confirm or form.get("_do") == "preview":
                preview = await load_preview(request, body.to_domain())
                return await _freezes_page(request, form, preview=preview)
            return await execute(
                request,
                partial(impose_freeze, request=body.to_domain(), id=new_id(), new_id=new_id),
                redirect_to(lambda _: "/freezes?done=frozen"),
                idempotency_key=form.key,
            )
        except InvalidRecurrence as error:
            return await _freezes_page(request, form, error=error.to_page_error())
        except FORM_ERRORS as error:
            return await _freezes_page(
                request, form, error=_assign_faults_to_fields(to_page_error(error), form)
            )

    @post("/import", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
    async def import_calendar(self, request: ApiRequest) -> Response[Any]:
        """Create freezes from the events of a calendar file."""
        form, content = await read_upload(request, "calendar")
        try:
            return await execute_import(
                request,
                content,
                CalendarImportSettings(
                    scope=_read_scope(form),
                    effect=Effect.ALLOW if form.get("effect") == Effect.ALLOW else Effect.DENY,
                    reason=form.get("reason") or None,
                    timezone=form.get("timezone") or None,
                    remove_missing=form.get("remove_missing") == "yes",
                ),
                redirect_to(lambda _: "/freezes?done=imported"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _freezes_page(request, EMPTY_FORM, error=to_page_error(error))

    @post("/{freeze:str}/lift", include_in_schema=False)
    async def lift(self, request: ApiRequest, freeze: FromPath[str]) -> Response[Any]:
        """Lift a freeze."""
        form, new_id = await read_form(request), request.context.new_id
        try:
            body = form.decode_fields(LiftBody, "reason")
            return await execute(
                request,
                partial(lift_freeze, freeze=_parse_freeze_id(freeze), new_id=new_id),
                redirect_to(_path_after_lifting),
                note=body.reason,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _freezes_page(request, EMPTY_FORM, error=to_page_error(error))


async def _freezes_page(
    request: ApiRequest,
    form: Form,
    *,
    error: PageError | None = None,
    preview: FreezePreview | None = None,
) -> Response[bytes]:
    reads, now = request.context.reads, request.context.now()
    freezes = (await reads.freezes(PageRequest(limit=MAX_FREEZES))).items
    past = [freeze for freeze in freezes if has_ended(freeze, now)]
    return render_page(
        request,
        "freezes.html",
        error=error,
        canonical_path="/freezes",
        title="Freezes",
        active=[freeze for freeze in freezes if is_active(freeze, now)],
        upcoming=[
            freeze for freeze in freezes if freeze not in past and not is_active(freeze, now)
        ],
        past=past,
        preview=preview,
        is_everything=not any(form.get(name) for name in _SCOPE_FIELDS),
        quick_hours=QUICK_HOURS,
        form=form,
        calendar=freeze_calendar(
            (freeze for freeze in freezes if freeze.lifted_at is None), now, browser_zone(request)
        ),
        feed_url=f"{own_origin(request)}/api/v1/freezes.ics",
        repeats=REPEATS,
        weekdays=WEEKDAYS,
        services=await load_active_services(reads),
        environments=await load_active_environments(reads),
        tiers=tuple(Tier),
        effects=tuple(Effect),
    )


def _path_after_lifting(freeze: Freeze) -> str:
    """Return the path of the page, with a notice that the freeze was lifted or cancelled."""
    ended_at = freeze.lifted_at or freeze.starts_at
    was_active = is_active(replace(freeze, lifted_at=None), ended_at)
    return f"/freezes?done={'lifted' if was_active else 'freeze_cancelled'}"


def _scope_of(form: Form) -> dict[str, str]:
    return {name: form.get(name) for name in _SCOPE_FIELDS if form.get(name)}


def _read_scope(form: Form) -> FreezeScope:
    tier = next((member for member in Tier if member == form.get("tier")), None)
    return FreezeScope(
        service=form.get("service") or None, environment=form.get("environment") or None, tier=tier
    )


def _read_freeze(form: Form) -> FreezeCreate:
    """Return the freeze that the form describes; a preview needs no reason."""
    recurrence = read_recurrence(form, find_zone(form.get("timezone")))
    is_preview = form.get("_do") == "preview"
    return form.decode_fields(
        FreezeCreate,
        "effect",
        "timezone",
        reason=form.get("reason") or ("Preview." if is_preview else ""),
        scope=_scope_of(form) or None,
        starts_at=recurrence.starts_at or datetime_local_to_utc(form.get("starts_at")),
        ends_at=datetime_local_to_utc(form.get("ends_at")),
        rrule=recurrence.rrule,
        duration_s=recurrence.duration_s,
        ttl_s=hours_to_seconds(form.get("hours")),
    )


def _assign_faults_to_fields(error: PageError, form: Form) -> PageError:
    """Return the error with each message assigned to the form field that causes it."""
    fields = _FIELDS_OF_REPEAT.get(form.get("repeat"), {"duration_s": "duration_h"})
    faults = {fields.get(name, name): detail for name, detail in error.faults.items()}
    return replace(error, faults=faults)


def _parse_freeze_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("freeze", text) from None
