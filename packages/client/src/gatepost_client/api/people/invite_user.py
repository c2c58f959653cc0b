from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.invitation import Invitation
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    user: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/users/{user}/invitations".format(
            user=quote(str(user), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Invitation | Problem | None:
    if response.status_code == 201:
        response_201 = Invitation.from_dict(response.json())

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
) -> Response[Invitation | Problem]:
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
    idempotency_key: str | Unset = UNSET,
) -> Response[Invitation | Problem]:
    """Invite a person

     Create a single-use link with which a person enrols within 7 days.

    Earlier invitations of the person become invalid. Once the person accepts, you and everyone
    who could have acted as you become part of the person's `provenance`. A person who has a
    credential cannot be invited; reset the person's credentials first.

    A person who has ever had a credential, and has a right to review, operate or administer an
    environment whose policy has `settings_approvals`, cannot be invited: 409 `guarded_powers`.
    Take these rights away first, invite the person, and then propose to restore them.

    Requires the `admin` role.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Invitation | Problem]
    """

    kwargs = _get_kwargs(
        user=user,
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
    idempotency_key: str | Unset = UNSET,
) -> Invitation | Problem | None:
    """Invite a person

     Create a single-use link with which a person enrols within 7 days.

    Earlier invitations of the person become invalid. Once the person accepts, you and everyone
    who could have acted as you become part of the person's `provenance`. A person who has a
    credential cannot be invited; reset the person's credentials first.

    A person who has ever had a credential, and has a right to review, operate or administer an
    environment whose policy has `settings_approvals`, cannot be invited: 409 `guarded_powers`.
    Take these rights away first, invite the person, and then propose to restore them.

    Requires the `admin` role.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Invitation | Problem
    """

    return sync_detailed(
        user=user,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    user: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[Invitation | Problem]:
    """Invite a person

     Create a single-use link with which a person enrols within 7 days.

    Earlier invitations of the person become invalid. Once the person accepts, you and everyone
    who could have acted as you become part of the person's `provenance`. A person who has a
    credential cannot be invited; reset the person's credentials first.

    A person who has ever had a credential, and has a right to review, operate or administer an
    environment whose policy has `settings_approvals`, cannot be invited: 409 `guarded_powers`.
    Take these rights away first, invite the person, and then propose to restore them.

    Requires the `admin` role.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Invitation | Problem]
    """

    kwargs = _get_kwargs(
        user=user,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Invitation | Problem | None:
    """Invite a person

     Create a single-use link with which a person enrols within 7 days.

    Earlier invitations of the person become invalid. Once the person accepts, you and everyone
    who could have acted as you become part of the person's `provenance`. A person who has a
    credential cannot be invited; reset the person's credentials first.

    A person who has ever had a credential, and has a right to review, operate or administer an
    environment whose policy has `settings_approvals`, cannot be invited: 409 `guarded_powers`.
    Take these rights away first, invite the person, and then propose to restore them.

    Requires the `admin` role.

    Args:
        user (str): The user's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Invitation | Problem
    """

    return (
        await asyncio_detailed(
            user=user,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
