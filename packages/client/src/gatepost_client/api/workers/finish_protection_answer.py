from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.protection_answer import ProtectionAnswer
from ...models.protection_answer_finish_body import ProtectionAnswerFinishBody
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    protection_answer: str,
    *,
    body: ProtectionAnswerFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/worker/protection-answers/{protection_answer}/finish".format(
            protection_answer=quote(str(protection_answer), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | ProtectionAnswer | None:
    if response.status_code == 200:
        response_200 = ProtectionAnswer.from_dict(response.json())

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
) -> Response[Problem | ProtectionAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    protection_answer: str,
    *,
    client: AuthenticatedClient,
    body: ProtectionAnswerFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | ProtectionAnswer]:
    """Report an attempt to answer a job

     Report how GitHub responded to an answer.

    The server decides whether and when to try again. Returns 409 `answer_claim_lost`, and
    changes nothing, if another worker holds the answer, or the answer has already been sent or
    has failed.

    Requires the `worker` role.

    Args:
        protection_answer (str): The answer's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (ProtectionAnswerFinishBody): The result of an attempt to answer a GitHub job.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ProtectionAnswer]
    """

    kwargs = _get_kwargs(
        protection_answer=protection_answer,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    protection_answer: str,
    *,
    client: AuthenticatedClient,
    body: ProtectionAnswerFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | ProtectionAnswer | None:
    """Report an attempt to answer a job

     Report how GitHub responded to an answer.

    The server decides whether and when to try again. Returns 409 `answer_claim_lost`, and
    changes nothing, if another worker holds the answer, or the answer has already been sent or
    has failed.

    Requires the `worker` role.

    Args:
        protection_answer (str): The answer's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (ProtectionAnswerFinishBody): The result of an attempt to answer a GitHub job.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ProtectionAnswer
    """

    return sync_detailed(
        protection_answer=protection_answer,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    protection_answer: str,
    *,
    client: AuthenticatedClient,
    body: ProtectionAnswerFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | ProtectionAnswer]:
    """Report an attempt to answer a job

     Report how GitHub responded to an answer.

    The server decides whether and when to try again. Returns 409 `answer_claim_lost`, and
    changes nothing, if another worker holds the answer, or the answer has already been sent or
    has failed.

    Requires the `worker` role.

    Args:
        protection_answer (str): The answer's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (ProtectionAnswerFinishBody): The result of an attempt to answer a GitHub job.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ProtectionAnswer]
    """

    kwargs = _get_kwargs(
        protection_answer=protection_answer,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    protection_answer: str,
    *,
    client: AuthenticatedClient,
    body: ProtectionAnswerFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | ProtectionAnswer | None:
    """Report an attempt to answer a job

     Report how GitHub responded to an answer.

    The server decides whether and when to try again. Returns 409 `answer_claim_lost`, and
    changes nothing, if another worker holds the answer, or the answer has already been sent or
    has failed.

    Requires the `worker` role.

    Args:
        protection_answer (str): The answer's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (ProtectionAnswerFinishBody): The result of an attempt to answer a GitHub job.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ProtectionAnswer
    """

    return (
        await asyncio_detailed(
            protection_answer=protection_answer,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
