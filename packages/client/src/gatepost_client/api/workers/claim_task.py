from http import HTTPStatus
from typing import Any, cast

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.check_task import CheckTask
from ...models.claim_create import ClaimCreate
from ...models.delivery_task import DeliveryTask
from ...models.notification_task import NotificationTask
from ...models.problem import Problem
from ...models.protection_answer_task import ProtectionAnswerTask
from ...models.task import Task
from ...plain_values import to_json
from ...types import Response


def _get_kwargs(
    *,
    body: ClaimCreate,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/worker/claims",
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> (
    Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem | None
):
    if response.status_code == 200:

        def _parse_response_200(
            data: object,
        ) -> CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = Task.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_1 = CheckTask.from_dict(data)

                return response_200_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_2 = DeliveryTask.from_dict(data)

                return response_200_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_3 = NotificationTask.from_dict(data)

                return response_200_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_200_type_4 = ProtectionAnswerTask.from_dict(data)

            return response_200_type_4

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[
    Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem
]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ClaimCreate,
) -> Response[
    Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem
]:
    """Claim a task

     Take over a lost worker's deployment, or start the one that has been queued longest.

    Deployments whose gates are not open are skipped. If `kinds` includes them, check runs come
    first; notifications, messages to webhooks and answers to waiting GitHub jobs last. With
    `wait_s`, the server waits up to that long for a task; if the client disconnects while
    waiting, nothing is started. The response is 204 if there is no task, and 409
    `worker_name_taken` while another worker with the same name is waiting, even if that worker
    is connected to another process of the server.

    Requires the `worker` role.

    Args:
        body (ClaimCreate): The worker that requests a task, and how long it is willing to wait.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: ClaimCreate,
) -> (
    Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem | None
):
    """Claim a task

     Take over a lost worker's deployment, or start the one that has been queued longest.

    Deployments whose gates are not open are skipped. If `kinds` includes them, check runs come
    first; notifications, messages to webhooks and answers to waiting GitHub jobs last. With
    `wait_s`, the server waits up to that long for a task; if the client disconnects while
    waiting, nothing is started. The response is 204 if there is no task, and 409
    `worker_name_taken` while another worker with the same name is waiting, even if that worker
    is connected to another process of the server.

    Requires the `worker` role.

    Args:
        body (ClaimCreate): The worker that requests a task, and how long it is willing to wait.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ClaimCreate,
) -> Response[
    Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem
]:
    """Claim a task

     Take over a lost worker's deployment, or start the one that has been queued longest.

    Deployments whose gates are not open are skipped. If `kinds` includes them, check runs come
    first; notifications, messages to webhooks and answers to waiting GitHub jobs last. With
    `wait_s`, the server waits up to that long for a task; if the client disconnects while
    waiting, nothing is started. The response is 204 if there is no task, and 409
    `worker_name_taken` while another worker with the same name is waiting, even if that worker
    is connected to another process of the server.

    Requires the `worker` role.

    Args:
        body (ClaimCreate): The worker that requests a task, and how long it is willing to wait.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ClaimCreate,
) -> (
    Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem | None
):
    """Claim a task

     Take over a lost worker's deployment, or start the one that has been queued longest.

    Deployments whose gates are not open are skipped. If `kinds` includes them, check runs come
    first; notifications, messages to webhooks and answers to waiting GitHub jobs last. With
    `wait_s`, the server waits up to that long for a task; if the client disconnects while
    waiting, nothing is started. The response is 204 if there is no task, and 409
    `worker_name_taken` while another worker with the same name is waiting, even if that worker
    is connected to another process of the server.

    Requires the `worker` role.

    Args:
        body (ClaimCreate): The worker that requests a task, and how long it is willing to wait.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
