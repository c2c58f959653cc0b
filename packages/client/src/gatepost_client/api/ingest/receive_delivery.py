from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.ingest_delivery import IngestDelivery
from ...models.problem import Problem
from ...models.receive_delivery_body import ReceiveDeliveryBody
from ...plain_values import to_json
from ...types import Response


def _get_kwargs(
    source: str,
    *,
    body: ReceiveDeliveryBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/ingest/{source}".format(
            source=quote(str(source), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IngestDelivery | Problem | None:
    if response.status_code == 202:
        response_202 = IngestDelivery.from_dict(response.json())

        return response_202

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
) -> Response[IngestDelivery | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    source: str,
    *,
    client: AuthenticatedClient | Client,
    body: ReceiveDeliveryBody,
) -> Response[IngestDelivery | Problem]:
    """Receive a delivery

     Receive a webhook from GitHub, GitLab, Argo CD, a CDEvents sender or any other system.

    The delivery is authenticated by a signature of the body with the source's secret, not by a
    token. Deployments that succeeded or failed are recorded, and GitHub jobs can request or end
    a deployment. A delivery with no such effect is stored with the reason. A delivery that is
    sent again changes nothing and returns the same response.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        body (ReceiveDeliveryBody): The payload, as the source defines it. CloudEvents and forms
            with the field `payload` are also accepted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDelivery | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    source: str,
    *,
    client: AuthenticatedClient | Client,
    body: ReceiveDeliveryBody,
) -> IngestDelivery | Problem | None:
    """Receive a delivery

     Receive a webhook from GitHub, GitLab, Argo CD, a CDEvents sender or any other system.

    The delivery is authenticated by a signature of the body with the source's secret, not by a
    token. Deployments that succeeded or failed are recorded, and GitHub jobs can request or end
    a deployment. A delivery with no such effect is stored with the reason. A delivery that is
    sent again changes nothing and returns the same response.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        body (ReceiveDeliveryBody): The payload, as the source defines it. CloudEvents and forms
            with the field `payload` are also accepted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDelivery | Problem
    """

    return sync_detailed(
        source=source,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    source: str,
    *,
    client: AuthenticatedClient | Client,
    body: ReceiveDeliveryBody,
) -> Response[IngestDelivery | Problem]:
    """Receive a delivery

     Receive a webhook from GitHub, GitLab, Argo CD, a CDEvents sender or any other system.

    The delivery is authenticated by a signature of the body with the source's secret, not by a
    token. Deployments that succeeded or failed are recorded, and GitHub jobs can request or end
    a deployment. A delivery with no such effect is stored with the reason. A delivery that is
    sent again changes nothing and returns the same response.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        body (ReceiveDeliveryBody): The payload, as the source defines it. CloudEvents and forms
            with the field `payload` are also accepted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDelivery | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    source: str,
    *,
    client: AuthenticatedClient | Client,
    body: ReceiveDeliveryBody,
) -> IngestDelivery | Problem | None:
    """Receive a delivery

     Receive a webhook from GitHub, GitLab, Argo CD, a CDEvents sender or any other system.

    The delivery is authenticated by a signature of the body with the source's secret, not by a
    token. Deployments that succeeded or failed are recorded, and GitHub jobs can request or end
    a deployment. A delivery with no such effect is stored with the reason. A delivery that is
    sent again changes nothing and returns the same response.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        body (ReceiveDeliveryBody): The payload, as the source defines it. CloudEvents and forms
            with the field `payload` are also accepted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDelivery | Problem
    """

    return (
        await asyncio_detailed(
            source=source,
            client=client,
            body=body,
        )
    ).parsed
