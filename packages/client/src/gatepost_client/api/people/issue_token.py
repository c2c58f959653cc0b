from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.issued_token import IssuedToken
from ...models.problem import Problem
from ...models.token_create import TokenCreate
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    user: str,
    *,
    body: TokenCreate,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/users/{user}/tokens".format(
            user=quote(str(user), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IssuedToken | Problem | None:
    if response.status_code == 201:
        response_201 = IssuedToken.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

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
) -> Response[IssuedToken | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    user: str,
    *,
    client: AuthenticatedClient,
    body: TokenCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[IssuedToken | Problem]:
    """Create a token

     Create a token for yourself or, with the `admin` role, for a service account.

    The secret is shown once and cannot be retrieved later. No one can create a token for
    another person; invite the person instead. In every four-eyes rule, a service account counts
    as the people who created it and issued its token. In a browser session, a token that is
    valid for more than 24 hours requires that you signed in with a link, an identity provider
    or a passkey within the last 10 minutes.

    If a service account has the role `operator`, `emergency` or `admin` in an environment whose
    policy has `settings_approvals`, only a user with the same role there, or the service
    account itself, can create a token with that role; for others, the response is 409
    `guarded_powers`.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (TokenCreate): A token to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IssuedToken | Problem]
    """

    kwargs = _get_kwargs(
        user=user,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user: str,
    *,
    client: AuthenticatedClient,
    body: TokenCreate,
    idempotency_key: str | Unset = UNSET,
) -> IssuedToken | Problem | None:
    """Create a token

     Create a token for yourself or, with the `admin` role, for a service account.

    The secret is shown once and cannot be retrieved later. No one can create a token for
    another person; invite the person instead. In every four-eyes rule, a service account counts
    as the people who created it and issued its token. In a browser session, a token that is
    valid for more than 24 hours requires that you signed in with a link, an identity provider
    or a passkey within the last 10 minutes.

    If a service account has the role `operator`, `emergency` or `admin` in an environment whose
    policy has `settings_approvals`, only a user with the same role there, or the service
    account itself, can create a token with that role; for others, the response is 409
    `guarded_powers`.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (TokenCreate): A token to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IssuedToken | Problem
    """

    return sync_detailed(
        user=user,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    user: str,
    *,
    client: AuthenticatedClient,
    body: TokenCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[IssuedToken | Problem]:
    """Create a token

     Create a token for yourself or, with the `admin` role, for a service account.

    The secret is shown once and cannot be retrieved later. No one can create a token for
    another person; invite the person instead. In every four-eyes rule, a service account counts
    as the people who created it and issued its token. In a browser session, a token that is
    valid for more than 24 hours requires that you signed in with a link, an identity provider
    or a passkey within the last 10 minutes.

    If a service account has the role `operator`, `emergency` or `admin` in an environment whose
    policy has `settings_approvals`, only a user with the same role there, or the service
    account itself, can create a token with that role; for others, the response is 409
    `guarded_powers`.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (TokenCreate): A token to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IssuedToken | Problem]
    """

    kwargs = _get_kwargs(
        user=user,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user: str,
    *,
    client: AuthenticatedClient,
    body: TokenCreate,
    idempotency_key: str | Unset = UNSET,
) -> IssuedToken | Problem | None:
    """Create a token

     Create a token for yourself or, with the `admin` role, for a service account.

    The secret is shown once and cannot be retrieved later. No one can create a token for
    another person; invite the person instead. In every four-eyes rule, a service account counts
    as the people who created it and issued its token. In a browser session, a token that is
    valid for more than 24 hours requires that you signed in with a link, an identity provider
    or a passkey within the last 10 minutes.

    If a service account has the role `operator`, `emergency` or `admin` in an environment whose
    policy has `settings_approvals`, only a user with the same role there, or the service
    account itself, can create a token with that role; for others, the response is 409
    `guarded_powers`.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (TokenCreate): A token to create.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IssuedToken | Problem
    """

    return (
        await asyncio_detailed(
            user=user,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
