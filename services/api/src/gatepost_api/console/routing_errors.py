"""Responses to unknown addresses and wrong methods: pages, or problem documents for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from gatepost_api.console.error_pages import not_found_page
from gatepost_api.console.session_check import SignedOut, require_session
from gatepost_api.http.exception_handlers import handle_http_exception
from gatepost_api.http.problems import BadInput, Overload
from gatepost_domain.errors import Refusal
from gatepost_domain.storage_errors import StorageError

_NO_PAGES: Final = ("/api/", "/console/")
"""The path prefixes under which there are no pages."""
_FORM_METHOD: Final = "POST"


def respond_to_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Respond with a page if routing failed and the client accepts HTML, else with a problem."""
    is_unrouted = "route_handler" not in request.scope
    is_routing = error.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
    accepts_html = MediaType.HTML in request.headers.get("accept", "")
    if is_unrouted and is_routing and accepts_html and not _is_path_without_pages(request):
        return RoutingErrorPage(error)
    return handle_http_exception(request, error)


def _is_path_without_pages(request: Request[Any, Any, Any]) -> bool:
    return request.scope["path"].startswith(_NO_PAGES)


class RoutingErrorPage(Response[bytes]):
    """The page for a routing error, with the menu if the browser has a session."""

    def __init__(self, error: HTTPException) -> None:
        super().__init__(b"", status_code=error.status_code, media_type=MediaType.HTML)
        self._error = error

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:  # noqa: ANN401  # as in the base
        """Return the response, which checks for a session before it renders the page."""
        return _ResponseWithMenu(self._error)


class _ResponseWithMenu(ASGIResponse):
    def __init__(self, error: HTTPException) -> None:
        super().__init__(body=b"", status_code=error.status_code)
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check for a session, then send the page."""
        request: Any = scope["litestar_app"].request_class(scope, receive, send)
        try:
            await require_session(request, scope.get("route_handler"))
        except (SignedOut, Refusal, Overload, BadInput, StorageError):
            scope.pop("auth", None)  # type: ignore[misc]
        page = _render_routing_error(request, self._error)
        await page.to_asgi_response(None, request)(scope, receive, send)


def _render_routing_error(request: Any, error: HTTPException) -> Response[bytes]:  # noqa: ANN401  # ApiRequest
    if error.status_code == HTTPStatus.NOT_FOUND:
        return not_found_page(request, "Page not found")
    if request.method == _FORM_METHOD:
        title, advice = "This address is a page, not a form.", "Open it with a link."
    else:
        title = "This address only accepts submitted forms."
        advice = "Open the page with the form, and submit it again."
    page = not_found_page(request, title, advice=advice, status=HTTPStatus.METHOD_NOT_ALLOWED)
    page.headers.update(error.headers or {})
    return page
