from http import HTTPStatus
from typing import Any, cast

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    if_none_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/freezes.ics",
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | str | None:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | Problem | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | Problem | str]:
    """Subscribe to the freezes in a calendar program

     Return the freezes and windows as an iCalendar file (RFC 5545), with one event for each.

    Freezes that were lifted are left out, and so are those that ended over a year ago. An
    open-ended freeze extends seven days beyond today.

    Calendar programs cannot send a bearer token, so this operation also accepts HTTP Basic
    authentication: any user name, and a token as the password.

    Args:
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | str]
    """

    kwargs = _get_kwargs(
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Any | Problem | str | None:
    """Subscribe to the freezes in a calendar program

     Return the freezes and windows as an iCalendar file (RFC 5545), with one event for each.

    Freezes that were lifted are left out, and so are those that ended over a year ago. An
    open-ended freeze extends seven days beyond today.

    Calendar programs cannot send a bearer token, so this operation also accepts HTTP Basic
    authentication: any user name, and a token as the password.

    Args:
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | str
    """

    return sync_detailed(
        client=client,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | Problem | str]:
    """Subscribe to the freezes in a calendar program

     Return the freezes and windows as an iCalendar file (RFC 5545), with one event for each.

    Freezes that were lifted are left out, and so are those that ended over a year ago. An
    open-ended freeze extends seven days beyond today.

    Calendar programs cannot send a bearer token, so this operation also accepts HTTP Basic
    authentication: any user name, and a token as the password.

    Args:
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | str]
    """

    kwargs = _get_kwargs(
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Any | Problem | str | None:
    """Subscribe to the freezes in a calendar program

     Return the freezes and windows as an iCalendar file (RFC 5545), with one event for each.

    Freezes that were lifted are left out, and so are those that ended over a year ago. An
    open-ended freeze extends seven days beyond today.

    Calendar programs cannot send a bearer token, so this operation also accepts HTTP Basic
    authentication: any user name, and a token as the password.

    Args:
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | str
    """

    return (
        await asyncio_detailed(
            client=client,
            if_none_match=if_none_match,
        )
    ).parsed
