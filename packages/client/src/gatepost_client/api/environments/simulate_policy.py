from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.policy_simulation import PolicySimulation
from ...models.policy_simulation_body import PolicySimulationBody
from ...models.problem import Problem
from ...plain_values import to_json
from ...types import Response


def _get_kwargs(
    environment: str,
    *,
    body: PolicySimulationBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/environments/{environment}/policy/simulate".format(
            environment=quote(str(environment), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PolicySimulation | Problem | None:
    if response.status_code == 200:
        response_200 = PolicySimulation.from_dict(response.json())

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
) -> Response[PolicySimulation | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: PolicySimulationBody,
) -> Response[PolicySimulation | Problem]:
    """Simulate a policy

     Replay the deployments and records of a period under a proposed policy; nothing changes.

    The proposed policy must be one that could replace the policy in force. As in the
    environment's history, a deployment belongs to the period in which it was deployed or, if it
    never was, requested. Requests that never started and hidden records are not considered.

    Each deployment is evaluated as of its start, and each record as of when it was deployed,
    against these gates in evaluation order:

    * `approval`: whether the people who approved could have satisfied all stages, each counted
      once, with their current groups. With `independent_reviewers: required`, only approvals
      by independent reviewers count. Break-glass passes, as do the rollbacks that
      `rollback_approvals` exempts. Refused: a start by a reviewer if `reviewer_may_start` is
      false, and a wait longer than `approval_expires_s`. Not evaluated for records.
    * `promotion`: the version had succeeded in the `requires` environments by then, at most
      `max_age_s` before, and had not been rolled back. Which records count there depends on
      `accept_records`, on the current roles of the recorder and, unless a record is evaluated,
      on the recorder's independence of the requester. Whether targets require checks depends
      on their current settings.
    * `soak`: the version had been live there for `soak_s` without interruption. A record
      counts from when it was recorded, as at a real start; if a record is evaluated, from when
      it was deployed.
    * `freeze`: the freezes and allow windows that existed then.
    * `lane`: with `reject`, held (automatic starts) or refused if the lane was busy when the
      deployment was queued; with `supersede`, refused if a newer request of the lane was queued
      or started first. Not evaluated for records.
    * `after_review`: automatic promotions are held while a break-glass review is still open
      `after_review_s` after the use of break-glass.

    Rollbacks pass the same gates as in a real start, and the overrides that were given count.
    Not evaluated: all other gates, such as `order`; blocked versions and promotion holds;
    `max_open_per_requester` and `max_open_per_lane`; and the effects of `execution`,
    `auto_start`, `promotes_to` and `outgoing_allow`.

    Args:
        environment (str): The environment's name.
        body (PolicySimulationBody): A policy to try on the history of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PolicySimulation | Problem]
    """

    kwargs = _get_kwargs(
        environment=environment,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: PolicySimulationBody,
) -> PolicySimulation | Problem | None:
    """Simulate a policy

     Replay the deployments and records of a period under a proposed policy; nothing changes.

    The proposed policy must be one that could replace the policy in force. As in the
    environment's history, a deployment belongs to the period in which it was deployed or, if it
    never was, requested. Requests that never started and hidden records are not considered.

    Each deployment is evaluated as of its start, and each record as of when it was deployed,
    against these gates in evaluation order:

    * `approval`: whether the people who approved could have satisfied all stages, each counted
      once, with their current groups. With `independent_reviewers: required`, only approvals
      by independent reviewers count. Break-glass passes, as do the rollbacks that
      `rollback_approvals` exempts. Refused: a start by a reviewer if `reviewer_may_start` is
      false, and a wait longer than `approval_expires_s`. Not evaluated for records.
    * `promotion`: the version had succeeded in the `requires` environments by then, at most
      `max_age_s` before, and had not been rolled back. Which records count there depends on
      `accept_records`, on the current roles of the recorder and, unless a record is evaluated,
      on the recorder's independence of the requester. Whether targets require checks depends
      on their current settings.
    * `soak`: the version had been live there for `soak_s` without interruption. A record
      counts from when it was recorded, as at a real start; if a record is evaluated, from when
      it was deployed.
    * `freeze`: the freezes and allow windows that existed then.
    * `lane`: with `reject`, held (automatic starts) or refused if the lane was busy when the
      deployment was queued; with `supersede`, refused if a newer request of the lane was queued
      or started first. Not evaluated for records.
    * `after_review`: automatic promotions are held while a break-glass review is still open
      `after_review_s` after the use of break-glass.

    Rollbacks pass the same gates as in a real start, and the overrides that were given count.
    Not evaluated: all other gates, such as `order`; blocked versions and promotion holds;
    `max_open_per_requester` and `max_open_per_lane`; and the effects of `execution`,
    `auto_start`, `promotes_to` and `outgoing_allow`.

    Args:
        environment (str): The environment's name.
        body (PolicySimulationBody): A policy to try on the history of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PolicySimulation | Problem
    """

    return sync_detailed(
        environment=environment,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: PolicySimulationBody,
) -> Response[PolicySimulation | Problem]:
    """Simulate a policy

     Replay the deployments and records of a period under a proposed policy; nothing changes.

    The proposed policy must be one that could replace the policy in force. As in the
    environment's history, a deployment belongs to the period in which it was deployed or, if it
    never was, requested. Requests that never started and hidden records are not considered.

    Each deployment is evaluated as of its start, and each record as of when it was deployed,
    against these gates in evaluation order:

    * `approval`: whether the people who approved could have satisfied all stages, each counted
      once, with their current groups. With `independent_reviewers: required`, only approvals
      by independent reviewers count. Break-glass passes, as do the rollbacks that
      `rollback_approvals` exempts. Refused: a start by a reviewer if `reviewer_may_start` is
      false, and a wait longer than `approval_expires_s`. Not evaluated for records.
    * `promotion`: the version had succeeded in the `requires` environments by then, at most
      `max_age_s` before, and had not been rolled back. Which records count there depends on
      `accept_records`, on the current roles of the recorder and, unless a record is evaluated,
      on the recorder's independence of the requester. Whether targets require checks depends
      on their current settings.
    * `soak`: the version had been live there for `soak_s` without interruption. A record
      counts from when it was recorded, as at a real start; if a record is evaluated, from when
      it was deployed.
    * `freeze`: the freezes and allow windows that existed then.
    * `lane`: with `reject`, held (automatic starts) or refused if the lane was busy when the
      deployment was queued; with `supersede`, refused if a newer request of the lane was queued
      or started first. Not evaluated for records.
    * `after_review`: automatic promotions are held while a break-glass review is still open
      `after_review_s` after the use of break-glass.

    Rollbacks pass the same gates as in a real start, and the overrides that were given count.
    Not evaluated: all other gates, such as `order`; blocked versions and promotion holds;
    `max_open_per_requester` and `max_open_per_lane`; and the effects of `execution`,
    `auto_start`, `promotes_to` and `outgoing_allow`.

    Args:
        environment (str): The environment's name.
        body (PolicySimulationBody): A policy to try on the history of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PolicySimulation | Problem]
    """

    kwargs = _get_kwargs(
        environment=environment,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: PolicySimulationBody,
) -> PolicySimulation | Problem | None:
    """Simulate a policy

     Replay the deployments and records of a period under a proposed policy; nothing changes.

    The proposed policy must be one that could replace the policy in force. As in the
    environment's history, a deployment belongs to the period in which it was deployed or, if it
    never was, requested. Requests that never started and hidden records are not considered.

    Each deployment is evaluated as of its start, and each record as of when it was deployed,
    against these gates in evaluation order:

    * `approval`: whether the people who approved could have satisfied all stages, each counted
      once, with their current groups. With `independent_reviewers: required`, only approvals
      by independent reviewers count. Break-glass passes, as do the rollbacks that
      `rollback_approvals` exempts. Refused: a start by a reviewer if `reviewer_may_start` is
      false, and a wait longer than `approval_expires_s`. Not evaluated for records.
    * `promotion`: the version had succeeded in the `requires` environments by then, at most
      `max_age_s` before, and had not been rolled back. Which records count there depends on
      `accept_records`, on the current roles of the recorder and, unless a record is evaluated,
      on the recorder's independence of the requester. Whether targets require checks depends
      on their current settings.
    * `soak`: the version had been live there for `soak_s` without interruption. A record
      counts from when it was recorded, as at a real start; if a record is evaluated, from when
      it was deployed.
    * `freeze`: the freezes and allow windows that existed then.
    * `lane`: with `reject`, held (automatic starts) or refused if the lane was busy when the
      deployment was queued; with `supersede`, refused if a newer request of the lane was queued
      or started first. Not evaluated for records.
    * `after_review`: automatic promotions are held while a break-glass review is still open
      `after_review_s` after the use of break-glass.

    Rollbacks pass the same gates as in a real start, and the overrides that were given count.
    Not evaluated: all other gates, such as `order`; blocked versions and promotion holds;
    `max_open_per_requester` and `max_open_per_lane`; and the effects of `execution`,
    `auto_start`, `promotes_to` and `outgoing_allow`.

    Args:
        environment (str): The environment's name.
        body (PolicySimulationBody): A policy to try on the history of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PolicySimulation | Problem
    """

    return (
        await asyncio_detailed(
            environment=environment,
            client=client,
            body=body,
        )
    ).parsed
