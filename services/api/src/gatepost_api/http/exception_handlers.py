"""Turning exceptions into problem responses."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from gatepost_api.http.path_parameters import requested_path
from gatepost_api.http.problem_statuses_and_codes import CODE_BY_STATUS, STATUS_BY_REFUSAL
from gatepost_api.http.problems import (
    CHALLENGE,
    INVALID_TOKEN_CHALLENGE,
    PROBLEM_JSON,
    BadInput,
    Overload,
    Problem,
    ProblemError,
    current_request_id,
)
from gatepost_api.http.status_phrases import status_phrase
from gatepost_api.oidc.issuer import IssuerUnreachable
from gatepost_api.problem_catalog.problem_lookup import problem_title, problem_type
from gatepost_domain import storage_errors
from gatepost_domain.access.errors import Unauthenticated
from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.errors import Refusal, ValidationFailed
from gatepost_domain.status_transitions import Action, Status

_log = logging.getLogger("gatepost")

_MISSING_PARAMETER: Final = re.compile(r"Missing required (\w+) parameter '([^']+)'")
"""The framework's message for a missing parameter."""

_DETAILS: Final[Mapping[int, str]] = {
    HTTPStatus.NOT_FOUND: "There is nothing at this path; /docs lists the operations.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The path does not support this method; the header field "
    "`Allow` lists the supported ones.",
}
"""The details of errors for which the framework provides only the name of the status."""


def _problem_response(
    request: Request[Any, Any, Any],
    *,
    status: int,
    code: str,
    detail: str,
    errors: list[ProblemError] | None = None,
    deployment_status: Status | None = None,
    allowed_actions: tuple[Action, ...] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    problem = Problem(
        type=problem_type(code),
        title=problem_title(code),
        status=status,
        detail=detail,
        instance=requested_path(request.scope),  # not from the untrusted Host
        code=code,
        errors=errors or [],
        deployment_status=deployment_status,
        allowed_actions=None if allowed_actions is None else list(allowed_actions),
        request_id=current_request_id(),
    )
    return Response(
        msgspec.json.encode(problem),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers={**(CHALLENGE if status == HTTPStatus.UNAUTHORIZED else {}), **(headers or {})},
    )


def handle_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    """Respond to a refusal by a domain rule."""
    action_refused = refusal if isinstance(refusal, ActionRefused) else None
    return _problem_response(
        request,
        status=STATUS_BY_REFUSAL[type(refusal)],
        code=refusal.code,
        detail=str(refusal),
        errors=[
            ProblemError(pointer=_pointer(fault.field), detail=fault.detail)
            for fault in (refusal.errors if isinstance(refusal, ValidationFailed) else ())
        ],
        deployment_status=None if action_refused is None else action_refused.status,
        allowed_actions=None if action_refused is None else action_refused.allowed,
        headers=INVALID_TOKEN_CHALLENGE if isinstance(refusal, Unauthenticated) else None,
    )


def _pointer(field: str) -> str:
    """Return the pointer to a field, which is in the body unless it is a query parameter.

    An empty field name refers to the whole body.
    """
    if not field:
        return "#"
    return field if field.startswith("query/") else f"#/{field}"


def handle_storage_error(
    request: Request[Any, Any, Any], error: storage_errors.StorageError
) -> Response[bytes]:
    """Respond to a storage error."""
    _log.error("%s: %s", error.code, error)
    return _problem_response(
        request,
        status=STATUS_BY_REFUSAL[type(error)],
        code=error.code,
        detail=str(error),
        headers={"Retry-After": "1"},
    )


def handle_issuer_unreachable(
    request: Request[Any, Any, Any], error: IssuerUnreachable
) -> Response[bytes]:
    """Respond when an identity provider or pipeline issuer is unreachable."""
    _log.warning("issuer unreachable: %s", error)
    return _problem_response(
        request,
        status=503,
        code="issuer_unreachable",
        detail=str(error),
        headers={"Retry-After": "5"},
    )


def handle_bad_input(request: Request[Any, Any, Any], error: BadInput) -> Response[bytes]:
    """Respond to a request that cannot be read."""
    return _problem_response(
        request,
        status=error.status,
        code=error.code,
        detail=str(error),
        errors=error.errors,
        headers=error.headers,
    )


def handle_overload(request: Request[Any, Any, Any], error: Overload) -> Response[bytes]:
    """Respond to a request that is refused because of load."""
    return _problem_response(
        request,
        status=error.status,
        code=error.code,
        detail=str(error),
        headers=error.headers,
    )


def handle_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Respond to errors in routing, authentication, parameters or body size."""
    errors = _parameter_errors(error) if isinstance(error, ValidationException) else []
    status = HTTPStatus.UNPROCESSABLE_ENTITY.value if errors else error.status_code
    return _problem_response(
        request,
        status=status,
        code=CODE_BY_STATUS.get(status, "refused"),
        detail=errors[0].detail if errors else _detail(error),
        errors=errors,
        headers=error.headers,
    )


def _detail(error: HTTPException) -> str:
    named = error.detail == status_phrase(error.status_code)
    return _DETAILS.get(error.status_code, error.detail) if named else error.detail


def _parameter_errors(error: ValidationException) -> list[ProblemError]:
    extra = error.extra
    if not isinstance(extra, list):
        missing = _MISSING_PARAMETER.match(error.detail)
        return [] if missing is None else [_missing_parameter_error(*missing.groups())]
    parameter_errors = cast("list[Mapping[str, Any]]", extra)
    return [_parameter_error(parameter_error) for parameter_error in parameter_errors]


def _missing_parameter_error(source: str, name: str) -> ProblemError:
    return ProblemError(pointer=f"{source}/{name}", detail=f"The parameter `{name}` is required.")


def _parameter_error(parameter_error: Mapping[str, Any]) -> ProblemError:
    """Convert a parameter error of the framework to a problem error.

    Headers are named as in HTTP. The pointer to a missing body, which the framework calls `data`,
    is `#`.
    """
    source = getattr(parameter_error.get("source"), "value", "query")
    name = parameter_error["key"]
    if name == "data":
        return ProblemError(pointer="#", detail="The body is missing; send a JSON body.")
    if source == "header":
        name = name.replace("_", "-").title()
    return ProblemError(pointer=f"{source}/{name}", detail=parameter_error["message"])


def handle_unexpected_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Respond to a bug: log it with its cause, and return no details."""
    _log.error("internal error at %s %s", request.method, request.scope["path"], exc_info=error)
    return _problem_response(
        request,
        status=500,
        code=CODE_BY_STATUS[500],
        detail="Internal error. The server's log contains the details.",
    )


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {
    Refusal: handle_refusal,
    storage_errors.StorageError: handle_storage_error,
    BadInput: handle_bad_input,
    Overload: handle_overload,
    IssuerUnreachable: handle_issuer_unreachable,
    HTTPException: handle_http_exception,
    Exception: handle_unexpected_error,
}
