"""Adding one's own notification channel on the account page."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post

from gatepost_api.console.forms.channel_fields import bind_addition
from gatepost_api.console.forms.form import FORM_ERRORS, read_form, redirect_to, to_page_error
from gatepost_api.console.pages.person import person_page
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import UserInPath
from gatepost_api.http.request import ApiRequest
from gatepost_domain.notifications.channel import person_recipient


class OwnChannelPages(Controller):
    """The route behind the account page's form for adding a channel."""

    path = "/people/{user:str}/notification-channels"

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Add a channel for this person."""
        form = await read_form(request)
        try:
            return await execute(
                request,
                bind_addition(request, form, person_recipient(user)),
                redirect_to(lambda channel: f"/notification-channels/{channel.id}"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error), channel_form=form)
