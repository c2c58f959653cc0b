"""What a browser sees where there is no page to show."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from gatepost_api.console.forms.form import to_page_error
from gatepost_api.console.rendering.page import PageError, page
from gatepost_api.console.session import SignedOut, redirect_to_sign_in
from gatepost_api.http.exception_handlers import handle_unexpected_error
from gatepost_api.http.problems import BadInput
from gatepost_domain.access.errors import Unauthenticated
from gatepost_domain.errors import Refusal
from gatepost_domain.storage_errors import StorageError


def refused(request: Any, error: Exception) -> Response[bytes]:  # noqa: ANN401  # ApiRequest
    """A rule said no, and there is no form to say so beside."""
    if isinstance(error, Unauthenticated):
        return redirect_to_sign_in(request, error)
    return page(request, "refused.html", title="Error", error=to_page_error(error))


def refused_by_framework(request: Any, error: HTTPException) -> Response[bytes]:  # noqa: ANN401
    """What the framework refuses by itself."""
    page_error = PageError(sentence=error.detail, status=error.status_code)
    return page(request, "refused.html", title="Error", error=page_error)


def broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A bug: logged with its cause, and told without details."""
    handle_unexpected_error(request, error)
    page_error = PageError(
        sentence="Something went wrong on our side. Details are in the server log.",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    return page(request, "refused.html", title="Error", error=page_error)  # type: ignore[arg-type]


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {
    SignedOut: redirect_to_sign_in,
    Refusal: refused,
    BadInput: refused,
    StorageError: refused,
    HTTPException: refused_by_framework,
    Exception: broken,
}
