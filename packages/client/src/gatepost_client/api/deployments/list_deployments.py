import datetime
from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deployment_kind import DeploymentKind
from ...models.deployment_page import DeploymentPage
from ...models.deployment_status import DeploymentStatus
from ...models.list_order import ListOrder
from ...models.problem import Problem
from ...models.tier import Tier
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    review: list[str] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    work_reference: list[str] | Unset = UNSET,
    commit: list[str] | Unset = UNSET,
    reviewer: list[str] | Unset = UNSET,
    external_id: list[str] | Unset = UNSET,
    q: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_service: list[str] | Unset = UNSET
    if not isinstance(service, Unset):
        json_service = service

    params["service"] = json_service

    json_environment: list[str] | Unset = UNSET
    if not isinstance(environment, Unset):
        json_environment = environment

    params["environment"] = json_environment

    json_tier: list[str] | Unset = UNSET
    if not isinstance(tier, Unset):
        json_tier = []
        for tier_item_data in tier:
            tier_item = tier_item_data.value
            json_tier.append(tier_item)

    params["tier"] = json_tier

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = []
        for status_item_data in status:
            status_item = status_item_data.value
            json_status.append(status_item)

    params["status"] = json_status

    json_review: list[str] | Unset = UNSET
    if not isinstance(review, Unset):
        json_review = review

    params["review"] = json_review

    json_kind: list[str] | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = []
        for kind_item_data in kind:
            kind_item = kind_item_data.value
            json_kind.append(kind_item)

    params["kind"] = json_kind

    json_requester: list[str] | Unset = UNSET
    if not isinstance(requester, Unset):
        json_requester = requester

    params["requester"] = json_requester

    json_version: list[str] | Unset = UNSET
    if not isinstance(version, Unset):
        json_version = version

    params["version"] = json_version

    json_work_reference: list[str] | Unset = UNSET
    if not isinstance(work_reference, Unset):
        json_work_reference = work_reference

    params["work_reference"] = json_work_reference

    json_commit: list[str] | Unset = UNSET
    if not isinstance(commit, Unset):
        json_commit = commit

    params["commit"] = json_commit

    json_reviewer: list[str] | Unset = UNSET
    if not isinstance(reviewer, Unset):
        json_reviewer = reviewer

    params["reviewer"] = json_reviewer

    json_external_id: list[str] | Unset = UNSET
    if not isinstance(external_id, Unset):
        json_external_id = external_id

    params["external_id"] = json_external_id

    params["q"] = q

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    json_deployed_since: str | Unset = UNSET
    if not isinstance(deployed_since, Unset):
        json_deployed_since = deployed_since.isoformat()
    params["deployed_since"] = json_deployed_since

    json_deployed_until: str | Unset = UNSET
    if not isinstance(deployed_until, Unset):
        json_deployed_until = deployed_until.isoformat()
    params["deployed_until"] = json_deployed_until

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order.value

    params["order"] = json_order

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/deployments",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeploymentPage | Problem | None:
    if response.status_code == 200:
        response_200 = DeploymentPage.from_dict(response.json())

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
) -> Response[DeploymentPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    review: list[str] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    work_reference: list[str] | Unset = UNSET,
    commit: list[str] | Unset = UNSET,
    reviewer: list[str] | Unset = UNSET,
    external_id: list[str] | Unset = UNSET,
    q: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[DeploymentPage | Problem]:
    """List deployments

     List deployments by creation time, newest first by default.

    If a filter is repeated, it matches any of its values; different filters are combined with
    AND. Pagination is stable while deployments are added.

    If several filters are combined and few deployments match, a page can contain fewer items
    than `limit`, or none, and still have a next page.

    Args:
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        status (list[DeploymentStatus] | Unset): Filter by status.
        review (list[str] | Unset): Filter by the label of the review: `requested`,
            `approved_by_<stage>` for the stage satisfied most recently, such as `approved_by_qa`,
            `approved_by_policy`, `break_glass`, `executed` or `rejected`.
        kind (list[DeploymentKind] | Unset): Filter by kind.
        requester (list[str] | Unset): Filter by requester. The name of a user also matches
            requests made under a former name.
        version (list[str] | Unset): Filter by version.
        work_reference (list[str] | Unset): Filter by a whole work reference, such as `SHOP-812`,
            ignoring case. If a reference is longer than 200 characters, only the first 200 are
            compared.
        commit (list[str] | Unset): Filter by the commit of the version: the whole commit hash, or
            at least its first 7 hexadecimal digits.
        reviewer (list[str] | Unset): Filter by a reviewer whose approval counts or who rejected
            the deployment. The name of a user also matches reviews under a former name.
        external_id (list[str] | Unset): Filter by the `external_id` of a record.
        q (str | Unset): Search for up to 8 words, all of which must match, ignoring case. A word
            can match the number (`DEP-42` or `42`), part of the service's name, the start of the
            version, the requester, or a whole word in the work references or in the first 2,000
            characters of the notes.
        since (datetime.datetime | Unset): Created at or after this time.
        until (datetime.datetime | Unset): Created before this time.
        deployed_since (datetime.datetime | Unset): Deployed at or after this time.
        deployed_until (datetime.datetime | Unset): Deployed before this time.
        order (ListOrder | Unset): The sort order of a list.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPage | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        tier=tier,
        status=status,
        review=review,
        kind=kind,
        requester=requester,
        version=version,
        work_reference=work_reference,
        commit=commit,
        reviewer=reviewer,
        external_id=external_id,
        q=q,
        since=since,
        until=until,
        deployed_since=deployed_since,
        deployed_until=deployed_until,
        order=order,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    review: list[str] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    work_reference: list[str] | Unset = UNSET,
    commit: list[str] | Unset = UNSET,
    reviewer: list[str] | Unset = UNSET,
    external_id: list[str] | Unset = UNSET,
    q: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> DeploymentPage | Problem | None:
    """List deployments

     List deployments by creation time, newest first by default.

    If a filter is repeated, it matches any of its values; different filters are combined with
    AND. Pagination is stable while deployments are added.

    If several filters are combined and few deployments match, a page can contain fewer items
    than `limit`, or none, and still have a next page.

    Args:
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        status (list[DeploymentStatus] | Unset): Filter by status.
        review (list[str] | Unset): Filter by the label of the review: `requested`,
            `approved_by_<stage>` for the stage satisfied most recently, such as `approved_by_qa`,
            `approved_by_policy`, `break_glass`, `executed` or `rejected`.
        kind (list[DeploymentKind] | Unset): Filter by kind.
        requester (list[str] | Unset): Filter by requester. The name of a user also matches
            requests made under a former name.
        version (list[str] | Unset): Filter by version.
        work_reference (list[str] | Unset): Filter by a whole work reference, such as `SHOP-812`,
            ignoring case. If a reference is longer than 200 characters, only the first 200 are
            compared.
        commit (list[str] | Unset): Filter by the commit of the version: the whole commit hash, or
            at least its first 7 hexadecimal digits.
        reviewer (list[str] | Unset): Filter by a reviewer whose approval counts or who rejected
            the deployment. The name of a user also matches reviews under a former name.
        external_id (list[str] | Unset): Filter by the `external_id` of a record.
        q (str | Unset): Search for up to 8 words, all of which must match, ignoring case. A word
            can match the number (`DEP-42` or `42`), part of the service's name, the start of the
            version, the requester, or a whole word in the work references or in the first 2,000
            characters of the notes.
        since (datetime.datetime | Unset): Created at or after this time.
        until (datetime.datetime | Unset): Created before this time.
        deployed_since (datetime.datetime | Unset): Deployed at or after this time.
        deployed_until (datetime.datetime | Unset): Deployed before this time.
        order (ListOrder | Unset): The sort order of a list.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPage | Problem
    """

    return sync_detailed(
        client=client,
        service=service,
        environment=environment,
        tier=tier,
        status=status,
        review=review,
        kind=kind,
        requester=requester,
        version=version,
        work_reference=work_reference,
        commit=commit,
        reviewer=reviewer,
        external_id=external_id,
        q=q,
        since=since,
        until=until,
        deployed_since=deployed_since,
        deployed_until=deployed_until,
        order=order,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    review: list[str] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    work_reference: list[str] | Unset = UNSET,
    commit: list[str] | Unset = UNSET,
    reviewer: list[str] | Unset = UNSET,
    external_id: list[str] | Unset = UNSET,
    q: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[DeploymentPage | Problem]:
    """List deployments

     List deployments by creation time, newest first by default.

    If a filter is repeated, it matches any of its values; different filters are combined with
    AND. Pagination is stable while deployments are added.

    If several filters are combined and few deployments match, a page can contain fewer items
    than `limit`, or none, and still have a next page.

    Args:
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        status (list[DeploymentStatus] | Unset): Filter by status.
        review (list[str] | Unset): Filter by the label of the review: `requested`,
            `approved_by_<stage>` for the stage satisfied most recently, such as `approved_by_qa`,
            `approved_by_policy`, `break_glass`, `executed` or `rejected`.
        kind (list[DeploymentKind] | Unset): Filter by kind.
        requester (list[str] | Unset): Filter by requester. The name of a user also matches
            requests made under a former name.
        version (list[str] | Unset): Filter by version.
        work_reference (list[str] | Unset): Filter by a whole work reference, such as `SHOP-812`,
            ignoring case. If a reference is longer than 200 characters, only the first 200 are
            compared.
        commit (list[str] | Unset): Filter by the commit of the version: the whole commit hash, or
            at least its first 7 hexadecimal digits.
        reviewer (list[str] | Unset): Filter by a reviewer whose approval counts or who rejected
            the deployment. The name of a user also matches reviews under a former name.
        external_id (list[str] | Unset): Filter by the `external_id` of a record.
        q (str | Unset): Search for up to 8 words, all of which must match, ignoring case. A word
            can match the number (`DEP-42` or `42`), part of the service's name, the start of the
            version, the requester, or a whole word in the work references or in the first 2,000
            characters of the notes.
        since (datetime.datetime | Unset): Created at or after this time.
        until (datetime.datetime | Unset): Created before this time.
        deployed_since (datetime.datetime | Unset): Deployed at or after this time.
        deployed_until (datetime.datetime | Unset): Deployed before this time.
        order (ListOrder | Unset): The sort order of a list.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPage | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        tier=tier,
        status=status,
        review=review,
        kind=kind,
        requester=requester,
        version=version,
        work_reference=work_reference,
        commit=commit,
        reviewer=reviewer,
        external_id=external_id,
        q=q,
        since=since,
        until=until,
        deployed_since=deployed_since,
        deployed_until=deployed_until,
        order=order,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    review: list[str] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    work_reference: list[str] | Unset = UNSET,
    commit: list[str] | Unset = UNSET,
    reviewer: list[str] | Unset = UNSET,
    external_id: list[str] | Unset = UNSET,
    q: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> DeploymentPage | Problem | None:
    """List deployments

     List deployments by creation time, newest first by default.

    If a filter is repeated, it matches any of its values; different filters are combined with
    AND. Pagination is stable while deployments are added.

    If several filters are combined and few deployments match, a page can contain fewer items
    than `limit`, or none, and still have a next page.

    Args:
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        status (list[DeploymentStatus] | Unset): Filter by status.
        review (list[str] | Unset): Filter by the label of the review: `requested`,
            `approved_by_<stage>` for the stage satisfied most recently, such as `approved_by_qa`,
            `approved_by_policy`, `break_glass`, `executed` or `rejected`.
        kind (list[DeploymentKind] | Unset): Filter by kind.
        requester (list[str] | Unset): Filter by requester. The name of a user also matches
            requests made under a former name.
        version (list[str] | Unset): Filter by version.
        work_reference (list[str] | Unset): Filter by a whole work reference, such as `SHOP-812`,
            ignoring case. If a reference is longer than 200 characters, only the first 200 are
            compared.
        commit (list[str] | Unset): Filter by the commit of the version: the whole commit hash, or
            at least its first 7 hexadecimal digits.
        reviewer (list[str] | Unset): Filter by a reviewer whose approval counts or who rejected
            the deployment. The name of a user also matches reviews under a former name.
        external_id (list[str] | Unset): Filter by the `external_id` of a record.
        q (str | Unset): Search for up to 8 words, all of which must match, ignoring case. A word
            can match the number (`DEP-42` or `42`), part of the service's name, the start of the
            version, the requester, or a whole word in the work references or in the first 2,000
            characters of the notes.
        since (datetime.datetime | Unset): Created at or after this time.
        until (datetime.datetime | Unset): Created before this time.
        deployed_since (datetime.datetime | Unset): Deployed at or after this time.
        deployed_until (datetime.datetime | Unset): Deployed before this time.
        order (ListOrder | Unset): The sort order of a list.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            service=service,
            environment=environment,
            tier=tier,
            status=status,
            review=review,
            kind=kind,
            requester=requester,
            version=version,
            work_reference=work_reference,
            commit=commit,
            reviewer=reviewer,
            external_id=external_id,
            q=q,
            since=since,
            until=until,
            deployed_since=deployed_since,
            deployed_until=deployed_until,
            order=order,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
