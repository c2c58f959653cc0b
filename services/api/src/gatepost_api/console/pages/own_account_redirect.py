"""The short address of the caller's own account page."""

from __future__ import annotations

from litestar import Controller, get
from litestar.response import Redirect

from gatepost_api.console.views.formatting import url_quote
from gatepost_api.http.request import ApiRequest


class OwnAccountPages(Controller):
    """The route `/account`, which leads to the caller's own page."""

    path = "/account"

    @get(include_in_schema=False)
    async def redirect_to_own_account(self, request: ApiRequest) -> Redirect:
        """Redirect to the caller's own page, whose address contains their name."""
        return Redirect(f"/people/{url_quote(request.auth.user.name)}", status_code=303)
