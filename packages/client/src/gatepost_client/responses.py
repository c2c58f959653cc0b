"""Parsing of responses into the documented result or an error."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NoReturn, Protocol, TypeVar

import httpx2

from .client import AuthenticatedClient, Client
from .errors import GatepostProblem, UnexpectedAnswer
from .models import Problem
from .unreadable_field_location import faulty_field
from .version import SERVER_VERSION_HEADER

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

PROBLEM_JSON: Final = "application/problem+json"


class ResponseParser(Protocol[T_co]):
    """A generated function, which parses the documented responses of one operation."""

    def __call__(
        self, *, client: AuthenticatedClient | Client, response: httpx2.Response
    ) -> T_co | Problem | None:
        """Return the parsed body, or None if the status is not documented."""
        ...


def parse_response(
    client: AuthenticatedClient, response: httpx2.Response, parse: ResponseParser[T]
) -> T:
    """Return the body of a successful response.

    Raises:
        GatepostProblem: The server refused the request.
        UnexpectedAnswer: The response is not documented for this operation.
    """
    body = _parse_body(client, response, parse)
    if isinstance(body, Problem):
        raise GatepostProblem(body, retry_after_s=retry_after_s(response))
    if body is None:
        raise _unexpected(response, fault=_describe_redirect(response))
    return body


def parse_optional_response(
    client: AuthenticatedClient, response: httpx2.Response, parse: ResponseParser[T]
) -> T | None:
    """Return the body of a successful response, or None for 204 (No Content).

    Raises:
        GatepostProblem: The server refused the request.
        UnexpectedAnswer: The response is not documented for this operation.
    """
    if response.status_code == HTTPStatus.NO_CONTENT:
        return None
    return parse_response(client, response, parse)


def require_success(client: AuthenticatedClient, response: httpx2.Response) -> httpx2.Response:
    """Return the response if it is successful.

    Raises:
        GatepostProblem: The server refused the request.
        UnexpectedAnswer: The response is an error from another server, or a redirect.
    """
    if not response.is_success:
        parse_response(client, response, _parse_nothing)
    return response


def is_requested_stream(response: httpx2.Response, media_type: str | None) -> bool:
    """Return whether a response succeeded and has the media type, if one is given."""
    return response.is_success and media_type in {None, _media_type(response)}


def raise_for_non_stream(
    client: AuthenticatedClient, response: httpx2.Response, parse: ResponseParser[object]
) -> NoReturn:
    """Raise the error for a fully read response that is not the requested stream.

    Raises:
        GatepostProblem: The server refused the request.
        UnexpectedAnswer: The response is not documented for this operation.
    """
    if not response.is_success:
        parse_response(client, response, parse)
    raise _unexpected(response, fault="The response is not a stream of events.")


def retry_after_s(response: httpx2.Response) -> float | None:
    """Return the seconds in `Retry-After`, which can be a date; None if missing or invalid."""
    value = response.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.astimezone(UTC) - datetime.now(UTC)).total_seconds())  # noqa: TID251  # the client has no other clock for dates


def _parse_nothing(**_: object) -> None:
    """Return None for an unsuccessful response that is not a problem from Gatepost."""


def _parse_body(
    client: AuthenticatedClient, response: httpx2.Response, parse: ResponseParser[T]
) -> T | Problem | None:
    try:
        if _media_type(response) == PROBLEM_JSON:  # an error from Gatepost, whatever the status
            return Problem.from_dict(response.json())
        return parse(client=client, response=response)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        field = faulty_field(error)
        is_missing = field is not None and isinstance(error, KeyError)
        fault = f"`{field}` is {'missing' if is_missing else 'invalid'}." if field else None
        raise _unexpected(response, field=field, fault=fault) from error


def _unexpected(
    response: httpx2.Response, *, field: str | None = None, fault: str | None = None
) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        response.status_code,
        response.content,
        field=field,
        fault=fault,
        server_version=response.headers.get(SERVER_VERSION_HEADER),
        retry_after_s=retry_after_s(response),
    )


def _describe_redirect(response: httpx2.Response) -> str | None:
    """Describe a redirect. The API sends none, but a sign-in proxy in front of the API may."""
    location = response.headers.get("Location") if response.is_redirect else None
    return None if location is None else f"It redirects to {location}."


def _media_type(response: httpx2.Response) -> str:
    content_type: str = response.headers.get("Content-Type", "")
    return content_type.partition(";")[0].strip().lower()
