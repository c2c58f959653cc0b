"""Parsing of responses into the documented result or an error."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, Protocol, TypeVar

import httpx2

from .client import AuthenticatedClient, Client
from .errors import GatepostProblem, UnexpectedAnswer
from .models import Problem

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

PROBLEM_JSON: Final = "application/problem+json"


class ResponseParser(Protocol[T_co]):
    """The generated function of an operation that parses its documented responses."""

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
        raise GatepostProblem(body)
    if body is None:
        raise UnexpectedAnswer(response.status_code, response.content)
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


def _parse_body(
    client: AuthenticatedClient, response: httpx2.Response, parse: ResponseParser[T]
) -> T | Problem | None:
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    try:
        if media_type == PROBLEM_JSON:  # an error from Gatepost, whatever the status
            return Problem.from_dict(response.json())
        return parse(client=client, response=response)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnexpectedAnswer(response.status_code, response.content) from error
