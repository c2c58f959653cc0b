from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.settings_change import SettingsChange
from ...models.settings_change_approval import SettingsChangeApproval
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    settings_change: str,
    *,
    body: SettingsChangeApproval | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/settings-changes/{settings_change}/approve".format(
            settings_change=quote(str(settings_change), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SettingsChange | None:
    if response.status_code == 200:
        response_200 = SettingsChange.from_dict(response.json())

        return response_200

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
) -> Response[Problem | SettingsChange]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    settings_change: str,
    *,
    client: AuthenticatedClient,
    body: SettingsChangeApproval | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | SettingsChange]:
    """Approve a settings change

     Approve a settings change, and apply it in the name of the person who requested it.

    Only people who are independent of that person can approve. If the settings have changed
    since the request, or the change is no longer possible, nothing is applied: the response is
    409 `settings_change_stale`, and the state of the settings change becomes `stale`.

    Requires the `admin` role.

    Args:
        settings_change (str): The settings change's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (SettingsChangeApproval | Unset): An approval of a settings change, with an optional
            note.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SettingsChange]
    """

    kwargs = _get_kwargs(
        settings_change=settings_change,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    settings_change: str,
    *,
    client: AuthenticatedClient,
    body: SettingsChangeApproval | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | SettingsChange | None:
    """Approve a settings change

     Approve a settings change, and apply it in the name of the person who requested it.

    Only people who are independent of that person can approve. If the settings have changed
    since the request, or the change is no longer possible, nothing is applied: the response is
    409 `settings_change_stale`, and the state of the settings change becomes `stale`.

    Requires the `admin` role.

    Args:
        settings_change (str): The settings change's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (SettingsChangeApproval | Unset): An approval of a settings change, with an optional
            note.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SettingsChange
    """

    return sync_detailed(
        settings_change=settings_change,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    settings_change: str,
    *,
    client: AuthenticatedClient,
    body: SettingsChangeApproval | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | SettingsChange]:
    """Approve a settings change

     Approve a settings change, and apply it in the name of the person who requested it.

    Only people who are independent of that person can approve. If the settings have changed
    since the request, or the change is no longer possible, nothing is applied: the response is
    409 `settings_change_stale`, and the state of the settings change becomes `stale`.

    Requires the `admin` role.

    Args:
        settings_change (str): The settings change's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (SettingsChangeApproval | Unset): An approval of a settings change, with an optional
            note.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SettingsChange]
    """

    kwargs = _get_kwargs(
        settings_change=settings_change,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    settings_change: str,
    *,
    client: AuthenticatedClient,
    body: SettingsChangeApproval | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | SettingsChange | None:
    """Approve a settings change

     Approve a settings change, and apply it in the name of the person who requested it.

    Only people who are independent of that person can approve. If the settings have changed
    since the request, or the change is no longer possible, nothing is applied: the response is
    409 `settings_change_stale`, and the state of the settings change becomes `stale`.

    Requires the `admin` role.

    Args:
        settings_change (str): The settings change's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (SettingsChangeApproval | Unset): An approval of a settings change, with an optional
            note.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SettingsChange
    """

    return (
        await asyncio_detailed(
            settings_change=settings_change,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
