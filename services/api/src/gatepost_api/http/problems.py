"""Problem documents (RFC 9457), their declaration, and errors in reading a request."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.http.status_phrases import status_phrase
from gatepost_api.observability.request_ids import current_request
from gatepost_api.problem_catalog.problem_lookup import PROBLEMS
from gatepost_api.schemas.base import ResponseModel
from gatepost_domain.status_transitions import Action, Status

PROBLEM_JSON: Final = "application/problem+json"

ProblemCode = Annotated[
    str,
    msgspec.Meta(extra_json_schema={"x-extensible-enum": list(PROBLEMS), "examples": ["stale"]}),
]
"""The code of a kind of problem. Clients must accept unknown codes."""
CHALLENGE: Final[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="gatepost"'}
"""The header of every response with status 401 (RFC 9110, section 15.5.2)."""
INVALID_TOKEN_CHALLENGE: Final[Mapping[str, str]] = {
    "WWW-Authenticate": f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'
}
"""The header of a 401 response to an unknown, expired or revoked token (RFC 6750, section 3.1)."""


class ProblemError(ResponseModel):
    """One error in the input."""

    pointer: str
    """The location: `#/risk` in the body (RFC 6901), `query/cursor`, `header/If-Match` or
    `path/…`."""
    detail: str
    """What is wrong at this location."""


class Problem(ResponseModel):
    """An error (RFC 9457). The request changed nothing unless `detail` states otherwise."""

    type: str
    """The kind of problem: the path of its description on this server, `/docs/problems#` followed
    by the code."""
    title: str
    """A human-readable name for the kind of problem."""
    status: int
    """The HTTP status."""
    detail: str
    """What went wrong and, if possible, how to fix it."""
    instance: str
    """The requested path."""
    code: ProblemCode
    """A stable, machine-readable code for the kind of problem. New versions can add codes."""
    errors: list[ProblemError]
    """The errors in the input. Empty if the input is valid."""
    deployment_status: Status | None
    """The status of the deployment. Null unless the action was refused because of this status or
    a gate."""
    allowed_actions: list[Action] | None
    """The actions that are possible instead. Null unless the action was refused because of the
    deployment's status or a gate."""
    request_id: str | None
    """The id of the request, as in `X-Request-ID` and in the server's log."""


class BadInput(Exception):
    """A request that is rejected before any domain rule is applied."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        pointer: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = headers
        self.errors = [ProblemError(pointer=pointer, detail=detail)]


class Overload(Exception):
    """A request that is refused because of load; the same request may succeed later."""

    def __init__(self, status: HTTPStatus, code: str, detail: str, *, retry_after_s: int) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = {"Retry-After": str(retry_after_s)}


def current_request_id() -> str | None:
    """Return the id of the current request, or None outside a request."""
    request = current_request()
    return None if request is None else request.id


def problem_responses(*statuses: int) -> dict[int, ResponseSpec]:
    """Declare the problem responses of an operation.

    Operations that require a token can also return 400 for a host that is not allowed, 403 if the
    user of the identity provider may not sign in, 429 after too many requests or failed attempts,
    and 503 if the database does not respond.
    """
    always = (400, 403, 429, 503) if HTTPStatus.UNAUTHORIZED in statuses else ()
    return {
        status: ResponseSpec(
            Problem,
            media_type=PROBLEM_JSON,
            description=status_phrase(status),
            generate_examples=False,
        )
        for status in sorted({*statuses, *always})
    }
