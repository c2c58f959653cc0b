"""Errors as problem documents (RFC 9457) and the HTTP status of each."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap

from gatepost_api.http.path_parameters import requested_path
from gatepost_api.oidc.issuer import IssuerUnreachable
from gatepost_api.schemas.base import ResponseModel
from gatepost_domain import storage_errors
from gatepost_domain.access.errors import ActAsForbidden, Forbidden, SignInDenied, Unauthenticated
from gatepost_domain.deployments.errors import (
    ActionRefused,
    AfterReviewOverdue,
    AlreadyPromoted,
    AlreadyReviewed,
    ClaimLost,
    NoKnownGood,
    NoPendingAfterReview,
    NotARecord,
    NotEligible,
    NotEligibleForAfterReview,
    OwnBreakGlassReview,
    RecordIsImmutable,
    ReviewerCannotStart,
    SelfReview,
    StageNotOpen,
    TransitionRefused,
)
from gatepost_domain.errors import (
    AlreadyExists,
    ConcurrentUpdate,
    IdempotencyKeyReused,
    NotFound,
    Refusal,
    ResourceArchived,
    StaleRevision,
    ValidationFailed,
)
from gatepost_domain.freezes.errors import FreezeEnded
from gatepost_domain.gates.errors import (
    GateAlreadyOpen,
    GateNotOpen,
    NoPromotionHold,
    VersionBlocked,
    VersionNotBlocked,
)
from gatepost_domain.status import Action, Status

PROBLEM_JSON: Final = "application/problem+json"

_log = logging.getLogger("gatepost")


class ProblemError(ResponseModel):
    """One error in the input."""

    pointer: str
    """The location: `#/risk` in the body (RFC 6901), `query/cursor`, `header/If-Match` or
    `path/…`."""
    detail: str
    """What is wrong there."""


class Problem(ResponseModel):
    """An error (RFC 9457). Nothing has changed unless `detail` says so."""

    type: str
    """A URN for the kind of problem: `urn:gatepost:problem:` followed by the code."""
    title: str
    """A human-readable name for the kind of problem."""
    status: int
    """The HTTP status."""
    detail: str
    """What went wrong and, if possible, how to fix it."""
    instance: str
    """The requested path."""
    code: str
    """A stable, machine-readable code for the kind of problem."""
    errors: list[ProblemError]
    """The errors in the input. Empty if the input is valid."""
    deployment_status: Status | None
    """The status of the deployment, if the status or a gate refused the action. Null otherwise."""
    allowed_actions: list[Action] | None
    """The actions possible instead, if the status or a gate refused the action. Null otherwise."""


class BadInput(Exception):
    """A request that cannot be read, before any rule is asked."""

    def __init__(self, status: HTTPStatus, code: str, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.errors = [ProblemError(pointer=pointer, detail=detail)]


STATUS_BY_REFUSAL: Final[Mapping[type[Exception], HTTPStatus]] = {
    ValidationFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    AlreadyExists: HTTPStatus.CONFLICT,
    ResourceArchived: HTTPStatus.CONFLICT,
    TransitionRefused: HTTPStatus.CONFLICT,
    GateNotOpen: HTTPStatus.CONFLICT,
    RecordIsImmutable: HTTPStatus.CONFLICT,
    NotARecord: HTTPStatus.CONFLICT,
    GateAlreadyOpen: HTTPStatus.CONFLICT,
    NoPendingAfterReview: HTTPStatus.CONFLICT,
    ClaimLost: HTTPStatus.CONFLICT,
    AlreadyPromoted: HTTPStatus.CONFLICT,
    NoKnownGood: HTTPStatus.CONFLICT,
    VersionBlocked: HTTPStatus.CONFLICT,
    VersionNotBlocked: HTTPStatus.CONFLICT,
    NoPromotionHold: HTTPStatus.CONFLICT,
    StageNotOpen: HTTPStatus.CONFLICT,
    ReviewerCannotStart: HTTPStatus.FORBIDDEN,
    FreezeEnded: HTTPStatus.CONFLICT,
    StaleRevision: HTTPStatus.PRECONDITION_FAILED,
    ConcurrentUpdate: HTTPStatus.CONFLICT,
    IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    ActAsForbidden: HTTPStatus.FORBIDDEN,
    SignInDenied: HTTPStatus.FORBIDDEN,
    SelfReview: HTTPStatus.FORBIDDEN,
    NotEligible: HTTPStatus.FORBIDDEN,
    AlreadyReviewed: HTTPStatus.CONFLICT,
    OwnBreakGlassReview: HTTPStatus.FORBIDDEN,
    NotEligibleForAfterReview: HTTPStatus.FORBIDDEN,
    AfterReviewOverdue: HTTPStatus.CONFLICT,
    storage_errors.StorageBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.StorageUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.StorageFull: HTTPStatus.SERVICE_UNAVAILABLE,
    storage_errors.StorageFailed: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of each refusal; a test walks every class the domain can raise."""

CODE_BY_STATUS: Final[Mapping[int, str]] = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
}
"""The code of what the framework refuses by itself."""


def problem_responses(*statuses: int) -> dict[int, ResponseSpec]:
    """What an operation may answer besides success, for its declaration.

    Where a token is asked for, whoever had too many wrong ones is told to wait, and a request
    that is addressed to another host is not answered.
    """
    guarded = (400, 429) if HTTPStatus.UNAUTHORIZED in statuses else ()
    return {
        status: ResponseSpec(
            Problem,
            media_type=PROBLEM_JSON,
            description=HTTPStatus(status).phrase,
            generate_examples=False,
        )
        for status in sorted({*statuses, *guarded})
    }


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
        type=f"urn:gatepost:problem:{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=detail,
        instance=requested_path(request.scope),  # not of its url, which would read the Host too
        code=code,
        errors=errors or [],
        deployment_status=deployment_status,
        allowed_actions=None if allowed_actions is None else list(allowed_actions),
    )
    return Response(
        msgspec.json.encode(problem),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers=dict(headers or {}),
    )


def handle_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    """A rule said no."""
    not_now = refusal if isinstance(refusal, ActionRefused) else None
    return _problem_response(
        request,
        status=STATUS_BY_REFUSAL[type(refusal)],
        code=refusal.code,
        detail=str(refusal),
        errors=[
            ProblemError(pointer=f"#/{fault.field}", detail=fault.detail)
            for fault in (refusal.errors if isinstance(refusal, ValidationFailed) else ())
        ],
        deployment_status=None if not_now is None else not_now.status,
        allowed_actions=None if not_now is None else not_now.allowed,
    )


def handle_ledger_error(
    request: Request[Any, Any, Any], error: storage_errors.StorageError
) -> Response[bytes]:
    """The storage could not do it."""
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
    """Whoever is to say who somebody is does not answer."""
    _log.warning("issuer unreachable: %s", error)
    return _problem_response(
        request,
        status=503,
        code="issuer_unreachable",
        detail=str(error),
        headers={"Retry-After": "5"},
    )


def handle_bad_input(request: Request[Any, Any, Any], error: BadInput) -> Response[bytes]:
    """The request cannot be read."""
    return _problem_response(
        request,
        status=error.status,
        code=error.code,
        detail=str(error),
        errors=error.errors,
    )


def handle_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Routing, authentication, a parameter's shape or the size of the body."""
    found = _parameter_errors(error) if isinstance(error, ValidationException) else []
    status = HTTPStatus.UNPROCESSABLE_ENTITY.value if found else error.status_code
    return _problem_response(
        request,
        status=status,
        code=CODE_BY_STATUS.get(status, "refused"),
        detail=found[0].detail if found else error.detail,
        errors=found,
        headers=error.headers,
    )


def _parameter_errors(error: ValidationException) -> list[ProblemError]:
    extra = error.extra
    if not isinstance(extra, list):
        return []
    return [_parameter_error(each) for each in cast("list[Mapping[str, Any]]", extra)]


def _parameter_error(found: Mapping[str, Any]) -> ProblemError:
    """The framework names headers as its handlers' arguments, and a body that is absent `data`."""
    source, name = getattr(found.get("source"), "value", "query"), found["key"]
    if name == "data":
        return ProblemError(pointer="#", detail="Send a JSON body.")
    if source == "header":
        name = name.replace("_", "-").title()
    return ProblemError(pointer=f"{source}/{name}", detail=found["message"])


def handle_unexpected_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A bug: logged once with its cause, and told without details."""
    _log.error("internal error at %s %s", request.method, request.scope["path"], exc_info=error)
    return _problem_response(
        request,
        status=500,
        code=CODE_BY_STATUS[500],
        detail="Something went wrong on our side. It is in the server's log.",
    )


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {
    Refusal: handle_refusal,
    storage_errors.StorageError: handle_ledger_error,
    BadInput: handle_bad_input,
    IssuerUnreachable: handle_issuer_unreachable,
    HTTPException: handle_http_exception,
    Exception: handle_unexpected_error,
}
