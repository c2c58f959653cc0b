"""Saving and deleting named views of the overview, which are stored in the browser's cookie."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Controller, Response, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from gatepost_api.console.forms.form import read_form
from gatepost_api.console.pages.overview import overview_page
from gatepost_api.console.rendering.page import PageError
from gatepost_api.console.views.overview_query import OverviewQuery, parse_overview_query
from gatepost_api.console.views.saved_overview_views import (
    COOKIE,
    find_saving_fault,
    views_cookie,
    views_in_cookie,
    with_view,
)
from gatepost_api.http.request import ApiRequest


class SavedViewPages(Controller):
    """The routes that save and delete views. Nothing is stored on the server."""

    path = "/views"

    @post(include_in_schema=False)
    async def save_view(self, request: ApiRequest) -> Response[Any]:
        """Save the view in `query` under a name, replacing a view with the same name."""
        form = await read_form(request)
        query = parse_overview_query(parse_qsl(form.get("query")))
        known = views_in_cookie(request.cookies.get(COOKIE))
        views = with_view(known, form.get("name"), query)
        cookie = views_cookie(views, secure=request.scope["scheme"] == "https")
        fault = find_saving_fault(views, cookie)
        if fault is not None:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            error = PageError(sentence=fault, status=status, faults={"name": fault})
            return await overview_page(request, query, error=error, form=form)
        return _redirect_to_overview(query, "view_saved", cookie)

    @post("/delete", include_in_schema=False)
    async def delete_view(self, request: ApiRequest) -> Response[Any]:
        """Delete the view with the given name, if there is one."""
        form = await read_form(request)
        known = views_in_cookie(request.cookies.get(COOKIE))
        left = [view for view in known if view.name != form.get("name")]
        cookie = views_cookie(left, secure=request.scope["scheme"] == "https")
        query = parse_overview_query(parse_qsl(form.get("query")))
        return _redirect_to_overview(query, "view_deleted", cookie)


def _redirect_to_overview(query: OverviewQuery, done: str, cookie: Cookie) -> Redirect:
    address = f"/?{urlencode([*query.pairs, ('done', done)])}"
    return Redirect(address, status_code=303, cookies=[cookie])
