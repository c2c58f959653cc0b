"""Settings change pages: the list, and one change with the forms to decide on it."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gatepost_api.console.forms.form import FORM_ERRORS, read_form, redirect_to, to_page_error
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.pending_settings_changes import MAX_CHANGES
from gatepost_api.console.views.settings_change_texts import (
    changed_settings,
    settings_change_title,
)
from gatepost_api.http.action_execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.controller import execute_approval, parse_settings_change_id
from gatepost_api.settings_changes.decision_requests import (
    SettingsChangeApproval,
    SettingsChangeRejection,
)
from gatepost_domain.actions.settings_changes.decide import may_decide, reject_settings_change
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.settings_change import SettingsChangeState


class SettingsChangePages(Controller):
    """The routes that list settings changes, show one, and decide on it."""

    path = "/settings-changes"

    @get(include_in_schema=False)
    async def show_settings_changes(self, request: ApiRequest) -> Response[bytes]:
        """List the pending settings changes, followed by the most recently decided ones."""
        reads, page = request.context.reads, PageRequest(limit=MAX_CHANGES)
        changes = (await reads.settings_changes(None, page)).items
        return render_page(
            request,
            "settings_changes.html",
            title="Settings changes",
            pending=(await reads.settings_changes(SettingsChangeState.PENDING, page)).items,
            decided=[
                change for change in changes if change.state is not SettingsChangeState.PENDING
            ],
        )

    @get("/{settings_change:str}", include_in_schema=False)
    async def show_settings_change(
        self, request: ApiRequest, settings_change: FromPath[str]
    ) -> Response[bytes]:
        """Show the settings before and after the change, and the forms to decide on it."""
        return await _change_page(request, settings_change)

    @post("/{settings_change:str}/approve", include_in_schema=False)
    async def approve(self, request: ApiRequest, settings_change: FromPath[str]) -> Response[Any]:
        """Approve and apply a change."""
        form = await read_form(request)
        try:
            body = form.decode_fields(SettingsChangeApproval, "note")
            return await execute_approval(
                request,
                parse_settings_change_id(settings_change),
                redirect_to(lambda change: f"/settings-changes/{change.id}?done=settings_applied"),
                note=body.note,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _change_page(request, settings_change, error=to_page_error(error))

    @post("/{settings_change:str}/reject", include_in_schema=False)
    async def reject(self, request: ApiRequest, settings_change: FromPath[str]) -> Response[Any]:
        """Reject a change, or withdraw the caller's own."""
        form = await read_form(request)
        try:
            body = form.decode_fields(SettingsChangeRejection, "note")
            return await execute(
                request,
                partial(reject_settings_change, change=parse_settings_change_id(settings_change)),
                redirect_to(lambda change: f"/settings-changes/{change.id}?done=settings_rejected"),
                note=body.note,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _change_page(request, settings_change, error=to_page_error(error))


async def _change_page(
    request: ApiRequest, reference: str, *, error: PageError | None = None
) -> Response[bytes]:
    change_id, caller = parse_settings_change_id(reference), request.auth
    change = await request.context.reads.settings_change(change_id)
    return render_page(
        request,
        "settings_change.html",
        error=error,
        canonical_path=f"/settings-changes/{change.id}",
        title=settings_change_title(change),
        change=change,
        settings=changed_settings(change),
        can_approve=may_decide(caller.user, caller.actor, change),
        is_own=caller.actor.name == change.requested_by,
        is_pending=change.state is SettingsChangeState.PENDING,
    )
