"""Error pages of the console and the exceptions that lead to them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from gatepost_api.console.forms.form import to_page_error
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.session_check import SignedOut, redirect_to_sign_in
from gatepost_api.console.views.formatting import humanize
from gatepost_api.http.exception_handlers import handle_unexpected_error
from gatepost_api.http.problems import BadInput, Overload
from gatepost_domain.access.errors import Unauthenticated
from gatepost_domain.errors import NotFound, Refusal
from gatepost_domain.storage_errors import StorageError

_CHECK_ADDRESS: Final = "Check the address, or search for what you need."
_MAX_SUGGESTION: Final = 100


def respond_to_refusal(request: Any, error: Exception) -> Response[bytes]:  # noqa: ANN401  # ApiRequest
    """Return the page for a refused request, or redirect a signed-out browser to sign in."""
    if isinstance(error, Unauthenticated):
        return redirect_to_sign_in(request, error)
    if isinstance(error, NotFound):
        return not_found_page(request, f"{humanize(error.kind)} {error.name} not found")
    return render_page(request, "error.html", title="Error", error=to_page_error(error))


def not_found_page(
    request: Any,  # noqa: ANN401  # ApiRequest
    sentence: str,
    *,
    advice: str = _CHECK_ADDRESS,
    status: HTTPStatus = HTTPStatus.NOT_FOUND,
) -> Response[bytes]:
    """Return a page that names what does not exist, with a search field and links."""
    return render_page(
        request,
        "not_found.html",
        status=status,
        title=sentence,
        advice=advice,
        suggestion=_last_part(request.scope["path"]),
    )


def _last_part(path: str) -> str:
    """Return the last part of a path, which the page suggests as a search text."""
    return path.rstrip("/").rpartition("/")[2][:_MAX_SUGGESTION]


def http_error_page(request: Any, error: HTTPException) -> Response[bytes]:  # noqa: ANN401
    """Return the page for an HTTP error raised by Litestar."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return not_found_page(request, error.detail)
    page_error = PageError(sentence=error.detail, status=error.status_code)
    return render_page(request, "error.html", title="Error", error=page_error)


def overload_page(request: Any, error: Overload) -> Response[bytes]:  # noqa: ANN401
    """Return the page for a request refused because of load."""
    page_error = PageError(sentence=str(error), status=error.status)
    page = render_page(request, "error.html", title="Error", error=page_error)
    page.headers.update(error.headers)
    return page


def internal_error_page(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Log an unexpected error and return a page that does not reveal its details."""
    handle_unexpected_error(request, error)
    page_error = PageError(
        sentence="Something went wrong on our side. Details are in the server log.",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    return render_page(request, "error.html", title="Error", error=page_error)  # type: ignore[arg-type]


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {
    SignedOut: redirect_to_sign_in,
    Refusal: respond_to_refusal,
    BadInput: respond_to_refusal,
    StorageError: respond_to_refusal,
    Overload: overload_page,
    HTTPException: http_error_page,
    Exception: internal_error_page,
}
